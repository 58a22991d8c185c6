#include "service/handlers/logs.h"

#include "service/handlers/log_answers.h"
#include "service/handlers/question.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/query/text.h"
#include "shared/storage/context.h"
#include "shared/storage/page_limit.h"
#include "shared/storage/patterns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;

constexpr std::array<std::string_view, 2> kRecentNames = {"limit", "cursor"};
constexpr std::array<std::string_view, 4> kListNames = {"limit", "offset", "user_id", "cursor"};
constexpr std::uint32_t kMaxListPage = 100;
constexpr std::string_view kDefaultListPage = "10";

void allow_only(const query::Parameters& parameters, std::span<const std::string_view> names) {
  for (const auto& [name, value] : parameters) {
    if (std::ranges::find(names, name) != names.end()) continue;
    const std::string_view nearest = nearest_name(name, names);
    std::string problem = "unknown parameter";
    if (!nearest.empty()) {
      problem += fmt::format(", did you mean {}?", nearest);
    } else if (names.empty()) {
      problem += "; this call takes none";
    } else {
      problem += fmt::format("; known are {}", fmt::join(names, ", "));
    }
    throw query::ParameterError(query::is_storable_text(name) ? name : "?", std::move(problem));
  }
}

std::uint64_t parse_offset(const std::string& value) {
  constexpr std::uint64_t kMost = INT64_MAX;
  std::uint64_t offset = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, offset);
  if (error != std::errc() || stop != end || offset > kMost) {
    const std::string_view shown = query::is_storable_text(value) ? std::string_view(value) : "?";
    throw query::ParameterError(
        "offset", fmt::format("expected a whole number from 0 to {}, found `{}`", kMost, shown));
  }
  return offset;
}

// Either what was asked, or the answer that says what is wrong with it.
using Question = std::variant<query::FilterRequest, http::Response>;

template <typename Read>
Question read_question(const http::Request& request, Read read) {
  const query::View view = view_of(request);
  try {
    query::FilterRequest question = read(questions(request));
    query::bind(question.query, view);
    return question;
  } catch (const query::ParameterError& error) {
    return parameter_error_answer(error);
  }
}

query::FilterRequest read_list(query::Parameters parameters, Timestamp now) {
  allow_only(parameters, kListNames);
  std::optional<std::uint64_t> offset;
  bool limited = false;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    if (name == "offset") offset = parse_offset(value);
    if (name == "limit") limited = true;
  }
  std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "offset"; });
  if (!limited) parameters.emplace_back("limit", kDefaultListPage);
  query::FilterRequest question = query::parse_filter(parameters, {}, now, kMaxListPage);
  if (offset && question.keyset) {
    throw query::ParameterError("offset",
                                "cannot be combined with cursor, which is the place to go on from");
  }
  question.query.offset = offset.value_or(0);
  return question;
}

Error no_such_record(std::string_view id) {
  const std::string_view shown = query::is_storable_text(id) ? id.substr(0, 400) : "?";
  return Error(ErrorCode::not_found, fmt::format("there is no record with the id `{}`", shown));
}

constexpr std::array<std::string_view, 4> kContextNames = {"id", "before", "after", "same"};

std::uint32_t parse_number(std::string_view name, const std::string& value, std::uint32_t least,
                           std::uint32_t most) {
  std::uint32_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > most) {
    const std::string_view shown = query::is_storable_text(value) ? std::string_view(value) : "?";
    throw query::ParameterError(
        std::string(name),
        fmt::format("expected a whole number from {} to {}, found `{}`", least, most, shown));
  }
  return number;
}

constexpr std::uint32_t kPatternRows = 10'000;

// The filter call's parameters but those for pages and order, and `rows`, which goes to `rows`.
query::FilterRequest read_patterns(query::Parameters parameters,
                                   std::span<const std::string> event_types, Timestamp now,
                                   std::uint32_t& rows) {
  constexpr std::array<std::string_view, 4> kOfPages = {"page", "cursor", "sort_by", "sort_order"};
  for (const auto& [name, value] : parameters) {
    if (name == "rows" && !value.empty()) {
      rows = parse_number(name, value, 1, storage::kMostPatternRows);
    }
    if (std::ranges::find(kOfPages, name) == kOfPages.end()) continue;
    throw query::ParameterError(name,
                                "is of no use here; patterns come once, the most frequent first");
  }
  std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "rows"; });
  return query::parse_filter(parameters, event_types, now);
}

struct ContextQuestion {
  storage::ContextRequest request;
  std::string id;
};

ContextQuestion read_context(const query::Parameters& parameters) {
  allow_only(parameters, kContextNames);
  ContextQuestion asked;
  for (const auto& [name, value] : parameters) {
    if (name == "id") asked.id = value;
    if (value.empty()) continue;
    if (name == "before") {
      asked.request.before = parse_number(name, value, 0, storage::kMostAround);
    }
    if (name == "after") {
      asked.request.after = parse_number(name, value, 0, storage::kMostAround);
    }
    if (name != "same") continue;
    std::string wrong;
    auto same = storage::parse_same(value, wrong);
    if (!same) {
      throw query::ParameterError(
          "same", fmt::format("expected text fields such as service,host, found `{}`",
                              query::is_storable_text(wrong) ? std::string_view(wrong) : "?"));
    }
    asked.request.same = std::move(*same);
  }
  if (asked.id.empty()) {
    throw query::ParameterError("id", "expected the id of a record, found nothing");
  }
  return asked;
}

std::variant<ContextQuestion, http::Response> read_context(const http::Request& request) {
  try {
    return read_context(questions(request));
  } catch (const query::ParameterError& error) {
    return parameter_error_answer(error);
  }
}

struct Found {
  storage::Page page;
  storage::Total total;
};

// How many rows are counted one by one for a page's total.
constexpr std::uint64_t kCountedForTotal = 100'000;

}  // namespace

LogHandlers::LogHandlers(storage::LogStore& store, std::shared_ptr<const config::Config> config,
                         const Clock& clock, metrics::Observer& observer, RunForClient run,
                         storage::CountStore* counts)
    : store_(store),
      config_(std::move(config)),
      clock_(clock),
      observer_(observer),
      run_(std::move(run)),
      counts_(counts) {}

awaitable<void> LogHandlers::ask(http::Request& request, std::function<void()> work) {
  return ask_store(run_, observer_, request, "query", std::move(work));
}

awaitable<http::Response> LogHandlers::recent(http::Request& request) {
  Question read = read_question(request, [this](const query::Parameters& parameters) {
    allow_only(parameters, kRecentNames);
    return query::parse_filter(parameters, config_.get()->ingest.event_types, clock_.now());
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  const auto& question = std::get<query::FilterRequest>(read);
  const auto found = std::make_shared<Found>();
  std::function<void()> work = [&store = store_, found, query = question.query] {
    found->page = store.search(query);
  };
  co_await ask(request, std::move(work));
  co_return recent_answer(question, found->page);
}

awaitable<http::Response> LogHandlers::filter(http::Request& request) {
  Question read = read_question(request, [this](const query::Parameters& parameters) {
    return query::parse_filter(parameters, config_.get()->ingest.event_types, clock_.now());
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  const auto& question = std::get<query::FilterRequest>(read);
  const auto found = std::make_shared<Found>();
  const bool count = !question.keyset;
  std::function<void()> work = [&store = store_, counts = counts_, found, count,
                                query = question.query] {
    found->page = store.search(query);
    // By number, the next page begins after `limit` records: a page cut for its size would hide
    // some.
    const Batch& batch = found->page.batch;
    if (count && batch.records.size() < query.limit &&
        batch.arena->allocated() >= storage::kMostPageBytes) {
      throw storage::page_too_large();
    }
    if (!count) return;
    found->total = counts != nullptr
                       ? storage::total_beside(found->page, *counts, query, kCountedForTotal)
                       : storage::Total{store.count(query)};
  };
  co_await ask(request, std::move(work));
  co_return filter_answer(question, found->page, found->total);
}

awaitable<http::Response> LogHandlers::list(http::Request& request) {
  Question read = read_question(request, [this](query::Parameters parameters) {
    return read_list(std::move(parameters), clock_.now());
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  const auto& question = std::get<query::FilterRequest>(read);
  const auto found = std::make_shared<Found>();
  std::function<void()> work = [&store = store_, found, query = question.query] {
    found->page = store.search(query);
  };
  co_await ask(request, std::move(work));
  co_return list_answer(question, found->page);
}

awaitable<http::Response> LogHandlers::record(http::Request& request) {
  query::View view = view_of(request);
  const std::string& id = request.path_arguments.at(0);
  // The same text as a position in the order; one that is not is the id of nothing.
  std::optional<query::Cursor> position = query::parse_cursor(id);
  if (!position) throw no_such_record(id);
  const auto found = std::make_shared<std::optional<storage::Page>>();
  const RecordKey key{position->timestamp, std::move(position->event_id)};
  std::function<void()> work = [&store = store_, found, view = std::move(view), key] {
    *found = store.find(view, key);
  };
  co_await ask(request, std::move(work));
  if (!*found || (*found)->batch.records.empty()) throw no_such_record(id);
  co_return record_answer((*found)->batch.records.front());
}

awaitable<http::Response> LogHandlers::patterns(http::Request& request) {
  std::uint32_t rows = kPatternRows;
  Question read = read_question(request, [this, &rows](query::Parameters parameters) {
    return read_patterns(std::move(parameters), config_.get()->ingest.event_types, clock_.now(),
                         rows);
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  const auto& question = std::get<query::FilterRequest>(read);
  const auto found = std::make_shared<storage::Patterns>();
  std::function<void()> work = [&store = store_, found, rows, limit = question.page_size,
                                query = question.query] {
    *found = storage::find_patterns(store, query, rows, limit);
  };
  co_await ask(request, std::move(work));
  co_return patterns_answer(*found);
}

awaitable<http::Response> LogHandlers::context(http::Request& request) {
  query::View view = view_of(request);
  std::variant<ContextQuestion, http::Response> read = read_context(request);
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  auto& asked = std::get<ContextQuestion>(read);
  std::optional<query::Cursor> position = query::parse_cursor(asked.id);
  if (!position) throw no_such_record(asked.id);
  asked.request.record = {position->timestamp, std::move(position->event_id)};
  const auto found = std::make_shared<std::optional<storage::RecordContext>>();
  std::function<void()> work = [&store = store_, found, view = std::move(view),
                                around = asked.request] {
    *found = storage::find_context(store, view, around);
  };
  co_await ask(request, std::move(work));
  if (!*found) throw no_such_record(asked.id);
  co_return context_answer(**found);
}

awaitable<http::Response> LogHandlers::statistics(http::Request& request) {
  Question read = read_question(request, [](const query::Parameters& parameters) {
    allow_only(parameters, {});
    return query::FilterRequest{};
  });
  if (auto* refusal = std::get_if<http::Response>(&read)) co_return std::move(*refusal);
  const auto found = std::make_shared<storage::Statistics>();
  std::function<void()> work = [&store = store_, found, view = view_of(request),
                                now = clock_.now()] { *found = store.statistics(view, now); };
  co_await ask(request, std::move(work));
  co_return statistics_answer(*found, observer_.average_latency_ms(),
                              observer_.error_rate_percent());
}

}  // namespace logctl::handlers
