#include "shared/maintenance/deletion.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/base/ids.h"
#include "shared/base/time_text.h"
#include "shared/query/syntax.h"
#include "shared/storage/books.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace logctl::maintenance {
namespace {

using storage::Day;

// Rows of one transaction: a few hundredths of a second.
constexpr std::size_t kPiece = 5000;
constexpr std::size_t kCheckDigits = 8;

// The query within the day; nothing when its bounds leave nothing of it.
std::optional<query::Query> within(const query::Query& query, Day day) {
  query::Query part = query;
  part.since = std::max(query.since.value_or(Timestamp(day)), Timestamp(day));
  const Timestamp end(day + std::chrono::days(1));
  part.until = std::min(query.until.value_or(end), end);
  if (*part.since >= *part.until) return std::nullopt;
  return part;
}

query::Query read_query(std::string_view tenant, std::string_view text, Timestamp now) {
  query::Query query;
  query.tenant = tenant;
  query::parse_text(text, now, query);
  if (query.filters.empty() && !query.since && !query.until) {
    throw Error(ErrorCode::validation_error, "the query matches everything",
                "say what to delete, such as service:shop or until:30d");
  }
  return query;
}

DeletionPlan make_plan(storage::DayStore& days, query::Query query, Timestamp now) {
  DeletionPlan plan;
  plan.made_at = now;
  plan.text = query::format_text(query);
  for (const Day day : days.days()) {
    const auto part = within(query, day);
    const std::uint64_t rows = part ? days.count(*part) : 0;
    if (rows == 0) continue;
    plan.days.push_back({day, rows});
    plan.rows += rows;
  }
  plan.query = std::move(query);
  return plan;
}

template <typename Number>
bool read_number(std::string_view text, Number& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size();
}

// From where it is to the end; deleting is idempotent.
void go_on(storage::Backend& backend, const DeletionPlan& plan, storage::Deletion& deletion,
           const Clock& clock, const Note& note) {
  for (const DeletionPlan::PlannedDay& planned : plan.days) {
    const auto part = within(plan.query, planned.day);
    if (!part) continue;
    std::optional<query::Cursor> position;
    std::uint64_t gone = 0;
    for (bool more = true; more;) {
      const storage::DayStore::Piece piece =
          backend.days->remove(*part, storage::kDeletedByQuery, kPiece, position);
      gone += piece.rows;
      deletion.deleted += piece.rows;
      more = piece.more;
      if (more) backend.retention->save(deletion);
    }
    if (gone == 0) continue;
    backend.retention->save(deletion);
    if (planned.day < day_of(clock.now())) backend.days->compact(planned.day);
    note(fmt::format("{}: {} records deleted", format_day(planned.day), gone));
  }
  deletion.finished_at = clock.now();
  backend.retention->save(deletion);
}

}  // namespace

std::string DeletionPlan::token() const {
  const std::string start = fmt::format("{}-{:x}", rows, to_micros(made_at));
  return start + "-" +
         sha256_hex(fmt::format("{}\n{}\n{}", query.tenant, text, start)).substr(0, kCheckDigits);
}

DeletionPlan plan_deletion(storage::Backend& backend, std::string_view tenant,
                           std::string_view text, Timestamp now) {
  query::Query query = read_query(tenant, text, now);
  query::Filter received;
  received.field = query::Field::received_at;
  received.op = query::Op::at_most;
  received.value = format_rfc3339(now);
  query.filters.push_back(std::move(received));
  return make_plan(*backend.days, std::move(query), now);
}

Agreement parse_agreement(std::string_view text) {
  Agreement agreement;
  agreement.text = text;
  const std::size_t first = text.find('-');
  std::uint64_t micros = 0;
  bool good = read_number(text.substr(0, first), agreement.rows, 10);
  if (good && first != std::string_view::npos) {
    const std::string_view rest = text.substr(first + 1);
    const std::size_t second = rest.find('-');
    good = second != std::string_view::npos && rest.size() - second - 1 == kCheckDigits &&
           read_number(rest.substr(0, second), micros, 16);
    agreement.made_at = from_micros(static_cast<std::int64_t>(micros));
  }
  if (good) return agreement;
  throw Error(ErrorCode::usage,
              fmt::format("confirm: found '{}', expected what the first step gave", text),
              "ask without it first");
}

void require_agreed(const DeletionPlan& plan, const Agreement& agreement) {
  const bool same =
      agreement.made_at ? plan.token() == agreement.text : plan.rows == agreement.rows;
  if (same) return;
  throw Error(
      ErrorCode::conflict,
      plan.rows == agreement.rows
          ? std::string("what was agreed to is another query or tenant")
          : fmt::format("{} records were agreed to, {} match now", agreement.rows, plan.rows),
      "ask again without confirming to see what would be deleted");
}

storage::Deletion run_deletion(storage::Backend& backend, const DeletionPlan& plan,
                               std::string_view ran_by, const Clock& clock, const Note& note) {
  storage::Deletion deletion;
  deletion.id = uuid_v7(clock.now());
  deletion.tenant = plan.query.tenant;
  deletion.query = plan.text;
  deletion.ran_by = ran_by;
  deletion.started_at = clock.now();
  deletion.planned = plan.rows;
  backend.retention->save(deletion);
  go_on(backend, plan, deletion, clock, note);
  return deletion;
}

storage::Deletion resume_deletion(storage::Backend& backend, std::string_view id,
                                  const Clock& clock, const Note& note) {
  for (storage::Deletion& deletion : backend.retention->deletions()) {
    if (deletion.id != id) continue;
    if (deletion.finished_at) {
      throw Error(ErrorCode::conflict, fmt::format("deletion {} is done", id));
    }
    const query::Query query = read_query(deletion.tenant, deletion.query, clock.now());
    const DeletionPlan plan = make_plan(*backend.days, query, clock.now());
    // What was deleted between two notes was not counted yet.
    deletion.deleted =
        std::max(deletion.deleted, deletion.planned - std::min(deletion.planned, plan.rows));
    go_on(backend, plan, deletion, clock, note);
    return deletion;
  }
  throw Error(ErrorCode::not_found, fmt::format("there is no deletion '{}'", id),
              "`logctl delete --list` shows them");
}

}  // namespace logctl::maintenance
