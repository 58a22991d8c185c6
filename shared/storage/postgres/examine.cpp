#include "shared/storage/postgres/examine.h"

#include "shared/base/units.h"
#include "shared/storage/postgres/index_names.h"
#include "shared/storage/postgres/index_store.h"
#include "shared/storage/postgres/partitions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <string>

namespace logctl::storage::postgres {
namespace {

using Grade = Symptom::Grade;

constexpr microseconds kClockNoticed = seconds(2);
constexpr microseconds kClockWrong = seconds(60);

Symptom check_version(Session& session) {
  return {"version", Grade::ok,
          "PostgreSQL " + std::string(session.run("SHOW server_version")[0][0].c_str())};
}

Symptom check_clock(Session& session, const Clock& clock) {
  const Timestamp before = clock.now();
  const auto row =
      session.run("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")[0];
  const Timestamp after = clock.now();
  const Timestamp theirs{microseconds(std::strtoll(row[0].c_str(), nullptr, 10))};
  // The question took a moment: only what lies outside of it is a difference.
  const microseconds apart = theirs < before  ? before - theirs
                             : theirs > after ? theirs - after
                                              : microseconds(0);
  if (apart < kClockNoticed) return {"clock", Grade::ok, "agrees with that of the server"};
  return {"clock", apart < kClockWrong ? Grade::warning : Grade::failed,
          fmt::format("{} apart from that of the server", format_duration(apart)),
          "let NTP keep the time on both machines"};
}

Symptom check_partitions(Session& session, Timestamp now, std::uint32_t ahead) {
  std::set<std::string> there;
  for (const auto& row :
       session.run("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                   "WHERE i.inhparent = to_regclass('logs')")) {
    there.insert(row[0].c_str());
  }
  const auto today = std::chrono::floor<std::chrono::days>(now);
  std::uint32_t made = 0;
  while (made <= ahead && there.contains(partition_name(today + std::chrono::days(made)))) ++made;
  if (made == 0) {
    return {"partitions", Grade::failed, "there is none for today",
            "run a daemon with the right to create tables, which makes them ahead; see its log"};
  }
  if (made <= ahead) {
    return {"partitions", Grade::warning,
            fmt::format("made for {} days ahead, storage.partitions_ahead asks for {}", made - 1,
                        ahead),
            "run a daemon, which makes them; see its log when one runs"};
  }
  return {"partitions", Grade::ok,
          fmt::format("{} days, made for {} days ahead", there.size(), ahead)};
}

Symptom check_indexes(Session& session) {
  std::vector<std::string> invalid;
  for (const auto& row :
       session.run("SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
                   "JOIN pg_class t ON t.oid = i.indrelid "
                   "WHERE t.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = "
                   "to_regclass('logs')) AND NOT (i.indisvalid AND i.indisready) ORDER BY 1")) {
    // Those of days are in the making, or made again by the next pass.
    if (names_day_index(row[0].c_str())) continue;
    invalid.emplace_back(row[0].c_str());
  }
  if (invalid.empty()) return {"indexes", Grade::ok, "all valid"};
  return {"indexes", Grade::failed, fmt::format("not valid: {}", fmt::join(invalid, ", ")),
          "REINDEX INDEX CONCURRENTLY makes them again"};
}

// Only when something is in the way: searching is right without it, but slow.
std::optional<Symptom> check_text(Session& session) {
  const auto why = text_obstacle(session);
  if (!why) return std::nullopt;
  return Symptom{"words", Grade::warning, "closed days cannot be indexed by the words of messages",
                 *why + "; or take text out of storage.indexes"};
}

Symptom check_connections(Session& session) {
  const auto row = session.run(
      "SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity "
      "WHERE backend_type = 'client backend'")[0];
  const long used = std::strtol(row[0].c_str(), nullptr, 10);
  const long most = std::strtol(row[1].c_str(), nullptr, 10);
  const std::string detail = fmt::format("{} of {} in use", used, most);
  if (used * 10 < most * 9) return {"connections", Grade::ok, detail};
  return {"connections", Grade::warning, detail,
          "lower database.max_connections of the daemons, or raise the server's max_connections"};
}

}  // namespace

std::vector<Symptom> examine(Session& session, Timestamp now, const Clock& clock,
                             std::uint32_t partitions_ahead, bool index_text) {
  std::vector<Symptom> symptoms = {check_version(session), check_clock(session, clock),
                                   check_partitions(session, now, partitions_ahead),
                                   check_indexes(session), check_connections(session)};
  if (index_text) {
    if (auto symptom = check_text(session)) symptoms.push_back(std::move(*symptom));
  }
  return symptoms;
}

}  // namespace logctl::storage::postgres
