#include "shared/storage/sqlite/rollup_writer.h"

namespace logctl::storage::sqlite {
namespace {

constexpr std::string_view kMark =
    "UPDATE rollup_state SET stale = 1, generation = generation + 1, "
    "marked_at = max(marked_at, ?1)";

}  // namespace

RollupWriter::RollupWriter(Connection& connection)
    : is_stale_(connection.prepare_kept("SELECT stale FROM rollup_state")),
      add_(connection.prepare_kept(
          "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET n = n + excluded.n")),
      mark_(connection.prepare_kept(kMark)) {}

bool RollupWriter::stale() {
  const bool stale = !is_stale_.step() || is_stale_.integer(0) != 0;
  is_stale_.reset();
  return stale;
}

void RollupWriter::add(const MinuteGroups& groups, Timestamp now) {
  if (groups.too_many()) return mark_stale(now);
  set(groups.counts());
}

void RollupWriter::set(std::span<const MinuteCount> counts) {
  for (const MinuteCount& count : counts) {
    add_.bind(1, count.minute);
    add_.bind(2, count.tenant);
    add_.bind(3, count.service);
    add_.bind(4, count.level);
    add_.bind(5, count.event_type);
    add_.bind(6, count.event_name);
    add_.bind(7, count.rows);
    add_.run();
  }
}

void RollupWriter::mark_stale(Timestamp now) {
  mark_.bind(1, to_micros(now));
  mark_.run();
}

bool is_exact(Connection& connection) {
  return connection.scalar(
             "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = "
             "'rollup_state')") != 0 &&
         connection.scalar("SELECT stale FROM rollup_state") == 0;
}

void mark_stale(Connection& connection, Timestamp now) {
  Statement mark = connection.prepare(kMark);
  mark.bind(1, to_micros(now));
  mark.run();
}

}  // namespace logctl::storage::sqlite
