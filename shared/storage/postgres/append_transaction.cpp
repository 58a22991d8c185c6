#include "shared/storage/postgres/append_transaction.h"

#include "shared/storage/postgres/accounting.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <tuple>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "store records";
constexpr std::size_t kPiece = 128 * 1024;  // bytes given to libpq at once

using Identity = std::tuple<Timestamp, std::string_view, std::string_view>;
Identity identity(const LogRecord& r) { return {r.timestamp, r.event_id, stored_tenant(r)}; }

using EventId = std::pair<std::string_view, std::string_view>;
EventId event_id(const Row& row) { return {row.record->event_id, stored_tenant(*row.record)}; }

struct IdArrays {
  std::string events;
  std::string tenants;
};
IdArrays id_arrays(std::span<Row* const> rows) {
  std::vector<std::string_view> events;
  std::vector<std::string_view> tenants;
  for (const Row* row : rows) {
    events.push_back(event_id(*row).first);
    tenants.push_back(event_id(*row).second);
  }
  return {encode_array(events), encode_array(tenants)};
}

// The server says `COPY logs, line 17, column properties: ...`, in its language: the first number
// after the first comma. Counted from 1.
std::optional<std::size_t> line_of(std::string_view context) {
  const std::size_t comma = context.find(',');
  if (comma == std::string_view::npos) return std::nullopt;
  const std::size_t digits = context.find_first_of("0123456789", comma);
  if (digits == std::string_view::npos) return std::nullopt;
  std::size_t line = 0;
  std::from_chars(context.data() + digits, context.data() + context.size(), line);
  return line;
}

std::string_view column_of(std::string_view context) {
  constexpr std::string_view kMark = ", column ";
  const std::size_t at = context.find(kMark);
  if (at == std::string_view::npos) return {};
  context.remove_prefix(at + kMark.size());
  return context.substr(0, context.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"));
}

}  // namespace

bool identity_less(const LogRecord& a, const LogRecord& b) { return identity(a) < identity(b); }

AppendTransaction::AppendTransaction(Connection& connection, CopyEncoder& encoder)
    : connection_(connection), encoder_(encoder) {}

void AppendTransaction::begin() {
  const Result result = connection_.execute(
      kWhat, "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_current_xact_id()::text");
  id_ = result.value(0, 0);
}

void AppendTransaction::move(std::string_view source, const Origin::Move& move) {
  // Before the first move there may be no row.
  const std::string_view statement =
      move.from == 0
          ? "INSERT INTO spool_positions AS p (source, position, updated_at) "
            "VALUES ({0}, {2}, now()) ON CONFLICT (source) DO UPDATE "
            "SET position = {2}, updated_at = now() WHERE p.position = {1} RETURNING position"
          : "UPDATE spool_positions SET position = {2}, updated_at = now() "
            "WHERE source = {0} AND position = {1} RETURNING position";
  const Result moved = connection_.execute(
      kWhat, fmt::format(fmt::runtime(statement), connection_.quote(source), move.from, move.to));
  if (moved.rows() == 1) return;
  throw Error(ErrorCode::conflict,
              fmt::format("store records: the position of source '{}' in the store is {}, expected "
                          "{}",
                          source, read_position(connection_, source), move.from),
              "another process stores records of the same source, or the store or the source is "
              "an older copy");
}

// One savepoint at a time: nested ones would pile up on the server.
std::string AppendTransaction::savepoint() {
  std::string sql = has_savepoint_ ? "RELEASE SAVEPOINT piece; " : "";
  sql += "SAVEPOINT piece; ";
  return sql;
}

void AppendTransaction::rollback_to_savepoint() {
  connection_.execute(kWhat, "ROLLBACK TO SAVEPOINT piece");
}

void AppendTransaction::filter_recent(std::span<Row* const> rows, const RecentIds& recent) {
  std::vector<Row*> by_id;
  for (Row* row : rows) {
    if (row->record->dedup_by_id) by_id.push_back(row);
  }
  if (by_id.empty()) return;
  std::sort(by_id.begin(), by_id.end(),
            [](const Row* a, const Row* b) { return event_id(*a) < event_id(*b); });
  note_recent(by_id, recent);
}

void AppendTransaction::note_recent(std::span<Row* const> rows, const RecentIds& recent) {
  std::vector<Timestamp> times;
  for (const Row* row : rows) times.push_back(row->record->timestamp);
  const IdArrays ids = id_arrays(rows);
  const std::string time_array = encode_array(times);
  const std::string seen = encode_value(recent.now);
  const std::string oldest = encode_value(recent.window_start);
  const std::array parameters = {
      BinaryParameter{kTextArray, ids.events}, BinaryParameter{kTextArray, ids.tenants},
      BinaryParameter{kTimeArray, time_array}, BinaryParameter{kTime, seen},
      BinaryParameter{kTime, oldest},
  };
  connection_.execute(kWhat, savepoint());
  has_savepoint_ = true;
  try {
    const Result fresh = connection_.execute(
        kWhat,
        "INSERT INTO recent_ids AS known (event_id, tenant, timestamp, seen_at) "
        "SELECT event_id, tenant, timestamp, $4 FROM "
        "unnest($1, $2, $3) WITH ORDINALITY AS sent (event_id, tenant, timestamp, position) "
        "ORDER BY position ON CONFLICT (event_id, tenant) DO UPDATE "
        "SET timestamp = excluded.timestamp, seen_at = excluded.seen_at "
        "WHERE known.seen_at < $5 RETURNING event_id, tenant",
        parameters, true);
    std::vector<EventId> found;
    for (int i = 0; i < fresh.rows(); ++i) found.emplace_back(fresh.value(i, 0), fresh.value(i, 1));
    std::sort(found.begin(), found.end());
    for (Row* row : rows) {
      if (std::binary_search(found.begin(), found.end(), event_id(*row))) {
        noted_.push_back(row);
      } else {
        row->outcome = Outcome::duplicate;
      }
    }
  } catch (const ServerError& error) {
    if (error.fault() != Fault::data) throw;
    rollback_to_savepoint();
    if (rows.size() == 1) return reject(*rows[0], error);
    const std::size_t half = rows.size() / 2;
    note_recent(rows.first(half), recent);
    note_recent(rows.subspan(half), recent);
  }
}

void AppendTransaction::store(std::span<Row* const> rows, const RecentIds& recent, bool staged) {
  for (Row* row : rows) {
    row->outcome = Outcome::failed;
    row->refusal.clear();
  }
  noted_.clear();
  filter_recent(rows, recent);
  todo_.clear();
  for (Row* row : rows) {
    if (row->outcome == Outcome::failed) todo_.push_back(row);
  }
  std::vector<Range> pending;
  if (!todo_.empty()) pending.emplace_back(0, todo_.size());
  while (!pending.empty()) {
    const Range range = pending.back();
    pending.pop_back();
    try {
      if (staged) {
        copy_staged(range);
      } else {
        copy_direct(range);
      }
    } catch (const ServerError& error) {
      if (error.fault() == Fault::duplicate && !staged) {
        rollback_to_savepoint();
        staged = true;
        met_duplicates_ = true;
        pending.push_back(range);
      } else if (error.fault() == Fault::data || error.fault() == Fault::duplicate) {
        // A duplicate here breaks a unique index that somebody added.
        rollback_to_savepoint();
        if (range.second - range.first == 1) {
          reject(*todo_[range.first], error);
        } else {
          split(pending, range, error);
        }
      } else {
        throw;
      }
    }
  }
  forget_rejected();
}

// Leaves the row that the server pointed at alone, or halves. After a bad row the next piece grows
// with what was good before it, so that many bad rows do not send the rest again for each of them.
void AppendTransaction::split(std::vector<Range>& pending, Range range, const ServerError& error) {
  const auto [begin, end] = range;
  const std::size_t line = line_of(error.context()).value_or(0);
  if (line == 0 || line > end - begin) {
    const std::size_t middle = begin + (end - begin) / 2;
    pending.emplace_back(middle, end);
    pending.emplace_back(begin, middle);
    return;
  }
  const std::size_t bad = begin + line - 1;
  const std::size_t next = std::min(end, bad + 1 + 2 * (bad - begin) + 16);
  if (next < end) pending.emplace_back(next, end);
  if (bad + 1 < next) pending.emplace_back(bad + 1, next);
  pending.emplace_back(bad, bad + 1);
  if (begin < bad) pending.emplace_back(begin, bad);
}

void AppendTransaction::reject(Row& row, const ServerError& error) {
  row.outcome = Outcome::rejected;
  const std::string_view column = column_of(error.context());
  row.refusal = column.empty() ? error.said() : fmt::format("{}: {}", column, error.said());
}

// The id of a record that is not stored must not make its corrected successor a duplicate.
void AppendTransaction::forget_rejected() {
  std::vector<Row*> rejected;
  for (Row* row : noted_) {
    if (row->outcome == Outcome::rejected) rejected.push_back(row);
  }
  if (rejected.empty()) return;
  const IdArrays ids = id_arrays(rejected);
  const std::array parameters = {BinaryParameter{kTextArray, ids.events},
                                 BinaryParameter{kTextArray, ids.tenants}};
  connection_.execute(kWhat,
                      "DELETE FROM recent_ids AS known USING unnest($1, $2) AS gone (event_id, "
                      "tenant) WHERE known.event_id = gone.event_id COLLATE \"C\" AND "
                      "known.tenant = gone.tenant COLLATE \"C\"",
                      parameters);
}

void AppendTransaction::copy(Range range, const std::string& start, std::string_view what) {
  connection_.start_copy(what, start);
  has_savepoint_ = true;
  encoder_.begin();
  bool going = true;
  for (std::size_t i = range.first; i < range.second && going; ++i) {
    encoder_.add(*todo_[i]->record);
    if (encoder_.bytes().size() >= kPiece) {
      going = connection_.copy(encoder_.bytes());
      encoder_.clear();
    }
  }
  encoder_.end();
  if (going) connection_.copy(encoder_.bytes());
  connection_.finish_copy();
}

void AppendTransaction::copy_direct(Range range) {
  static const std::string kCopy =
      fmt::format("COPY logs ({}) FROM STDIN (FORMAT binary)", copy_columns());
  copy(range, savepoint() + kCopy, kWhat);
  for (std::size_t i = range.first; i < range.second; ++i) todo_[i]->outcome = Outcome::stored;
}

void AppendTransaction::copy_staged(Range range) {
  static const std::string kCopy = fmt::format(
      "CREATE TEMP TABLE IF NOT EXISTS logctl_stage (LIKE logs) ON COMMIT DELETE ROWS; "
      "TRUNCATE pg_temp.logctl_stage; COPY pg_temp.logctl_stage ({}) FROM STDIN (FORMAT binary)",
      copy_columns());
  static const std::string kInsert = fmt::format(
      "INSERT INTO logs ({0}) SELECT {0} FROM pg_temp.logctl_stage "
      "ORDER BY timestamp, event_id, tenant ON CONFLICT (timestamp, event_id, tenant) DO NOTHING "
      "RETURNING timestamp, event_id, tenant",
      copy_columns());
  copy(range, savepoint() + kCopy, kWhat);
  const Result stored = connection_.execute(kWhat, kInsert, {}, true);

  const auto first = todo_.begin() + static_cast<std::ptrdiff_t>(range.first);
  const auto last = todo_.begin() + static_cast<std::ptrdiff_t>(range.second);
  const auto count = static_cast<std::size_t>(stored.rows());
  const bool all = count == range.second - range.first;
  std::for_each(first, last,
                [all](Row* row) { row->outcome = all ? Outcome::stored : Outcome::duplicate; });
  if (all) return;
  met_duplicates_ = true;
  for (int i = 0; i < stored.rows(); ++i) {
    const Identity wanted{decode_time(stored.value(i, 0)), stored.value(i, 1), stored.value(i, 2)};
    const auto row = std::lower_bound(first, last, wanted, [](const Row* r, const Identity& id) {
      return identity(*r->record) < id;
    });
    if (row == last || identity(*(*row)->record) != wanted) {
      throw Error(ErrorCode::internal, "store records: the server stored a row that was not sent");
    }
    (*row)->outcome = Outcome::stored;
  }
}

void AppendTransaction::commit(std::string_view source, int lane, std::span<const Count> counts,
                               const std::string& news) {
  try {
    const Result result = connection_.execute(
        kWhat, add_to_books(connection_, source, lane, counts) + news + "COMMIT");
    if (result.command() != "COMMIT") {
      throw Error(ErrorCode::internal, "store records: the server rolled the transaction back");
    }
  } catch (const ServerError& error) {
    if (error.fault() != Fault::connection) throw;
    throw CommitInDoubt{id_};
  }
}

}  // namespace logctl::storage::postgres
