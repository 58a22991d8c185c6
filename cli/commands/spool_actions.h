// What `logctl spool` does: the durable queue, with or without a daemon beside it.
#pragma once

#include "cli/context.h"
#include "shared/ingest/backlog.h"
#include "shared/spool/spool.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// What waits in a spool, read without disturbing the daemon that writes it: what lies behind the
// store's position, or what is not released when the store was not asked or did not answer.
struct SpoolView {
  std::string directory;
  spool::Figures figures;
  std::optional<spool::Position> store_position;
  std::vector<storage::Account> accounts;  // the store's, at that position; if asked for balances
  std::string store_problem;               // why the store could not say
  std::uint64_t frames = 0;
  std::uint64_t bytes = 0;       // of them
  ingest::Backlog::Depth depth;  // records in them
  std::optional<Timestamp> oldest;
};
// What to say beside the figures of a view without the store's position.
inline constexpr std::string_view kMayBeStored =
    "the store cannot be asked, what it has already may be among it";
enum class AskStore { nothing, position, balances };
// Nothing when there is no spool. Damage is told with notes.
std::optional<SpoolView> view_spool(Context& context, AskStore ask);
// Of the oldest request that waits; 0 when none does.
double oldest_seconds(const SpoolView& view, Timestamp now);

// For comparing a spool with the store's books.
struct SpoolCount {
  std::string source;                 // its name in the store
  std::uint64_t written = 0;          // records of all requests under that name
  std::uint64_t behind_position = 0;  // of those, in frames behind the store's position
  std::uint64_t behind_released = 0;  // and behind the released one
  spool::Position position = 0;
  spool::Position released = 0;  // up to where the store had confirmed it
  bool missed = false;  // frames behind the store's position went before they could be counted
};
std::optional<SpoolCount> count_spool(Context& context,
                                      const std::map<std::string, std::uint64_t>& positions);

int spool_status(Context& context);
// Exit status 8 when something is damaged.
int verify_spool(Context& context);

struct DrainSpool {
  microseconds timeout = std::chrono::minutes(5);
  bool dry_run = false;
};
// Exit status 75 when the store did not take everything in time.
int drain_spool(Context& context, const DrainSpool& options);

struct ExportSpool {
  std::string file = "-";
  std::string tenant;  // empty: everybody's
};
int export_spool(Context& context, const ExportSpool& options);

}  // namespace logctl::cli
