#include "shared/storage/context.h"

#include "shared/query/compare.h"
#include "shared/query/match.h"

#include <algorithm>
#include <utility>

namespace logctl::storage {
namespace {

using query::Filter;
using query::Op;

// The same value, or none either.
Filter same_as(const LogRecord& record, query::Field field) {
  Filter filter;
  filter.field = field;
  filter.value = query::field_text(record, field);
  if (!filter.value.empty()) return filter;
  filter.op = Op::exists;
  Filter none;
  none.op = Op::none_of;
  none.parts.push_back(std::move(filter));
  return none;
}

}  // namespace

std::optional<std::vector<query::Field>> parse_same(std::string_view list, std::string& wrong) {
  std::vector<query::Field> fields;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view name = list.substr(0, end);
    const std::optional<query::Field> field = query::parse_field(name);
    if (!field || !query::is_text(*field)) {
      wrong = name;
      return std::nullopt;
    }
    fields.push_back(*field);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return fields;
}

std::optional<RecordContext> find_context(LogStore& store, const query::View& view,
                                          const ContextRequest& request) {
  std::optional<Page> record = store.find(view, request.record);
  if (!record || record->batch.records.empty()) return std::nullopt;
  query::Query question;
  for (const query::Field field : request.same) {
    question.filters.push_back(same_as(record->batch.records.front(), field));
  }
  question.after = query::Cursor{request.record.timestamp, request.record.event_id};
  query::bind(question, view);

  RecordContext context;
  context.record = std::move(*record);
  question.order = query::Order::descending;
  question.limit = std::min(request.before, kMostAround);
  if (question.limit > 0) context.before = store.search(question);
  question.order = query::Order::ascending;
  question.limit = std::min(request.after, kMostAround);
  if (question.limit > 0) context.after = store.search(question);
  return context;
}

std::vector<const LogRecord*> in_order(const RecordContext& context) {
  std::vector<const LogRecord*> all;
  for (const LogRecord& record : context.before.batch.records) all.push_back(&record);
  std::reverse(all.begin(), all.end());
  for (const LogRecord& record : context.record.batch.records) all.push_back(&record);
  for (const LogRecord& record : context.after.batch.records) all.push_back(&record);
  return all;
}

}  // namespace logctl::storage
