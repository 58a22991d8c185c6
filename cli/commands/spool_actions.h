// What `logctl spool` does: the durable queue, with or without a daemon beside it.
#pragma once

#include "cli/context.h"
#include "shared/ingest/backlog.h"
#include "shared/spool/spool.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace logctl::cli {

// What lies in a spool, read without disturbing the daemon that writes it.
struct SpoolView {
  std::string directory;
  spool::Figures figures;
  std::uint64_t frames = 0;    // that wait
  std::uint64_t received = 0;  // records of their requests
  std::uint64_t records = 0;   // in them
  std::uint64_t damaged = 0;
};
// Nothing when there is no spool. Damage is told with notes.
std::optional<SpoolView> view_spool(Context& context);

// What waits behind the store's position, by tenant; nothing when there is no spool.
ingest::Backlog::Depth waiting_in_spool(Context& context, spool::Position store_position);

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
