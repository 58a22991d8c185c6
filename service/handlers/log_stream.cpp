#include "service/handlers/log_stream.h"

#include "service/handlers/log_answers.h"
#include "service/handlers/query_body.h"
#include "service/http/body_source.h"
#include "shared/base/json_writer.h"
#include "shared/query/parameters.h"
#include "shared/query/record_json.h"
#include "shared/query/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;

// The first page is small, so that the first line comes soon; later ones cost fewer statements.
constexpr std::uint32_t kFirstPage = 100;
constexpr std::uint32_t kPage = 1000;
constexpr std::size_t kPieceBytes = 48 * 1024;
// By another column than time there are no pages: one has to hold it all.
constexpr std::uint64_t kMostSorted = 10'000;
constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

struct Question {
  query::Query query;
  std::uint64_t limit = kAll;
};

std::uint64_t parse_limit(const std::string& value) {
  std::uint64_t limit = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, limit);
  if (error != std::errc() || stop != end) {
    const std::string_view shown = query::is_storable_text(value) ? std::string_view(value) : "?";
    throw query::ParameterError(
        "limit", fmt::format("expected a whole number, 0 for all, found `{}`", shown));
  }
  return limit == 0 ? kAll : limit;
}

Question read_question(query::Parameters parameters, std::span<const std::string> event_types,
                       Timestamp now) {
  Question question;
  bool limited = false;
  for (const auto& [name, value] : parameters) {
    if (name == "page" || name == "page_size") {
      throw query::ParameterError(name,
                                  "has no meaning here: the answer is not cut into pages; use "
                                  "limit and cursor");
    }
    if (name != "limit" || value.empty()) continue;
    if (std::exchange(limited, true)) {
      throw query::ParameterError("limit", "was given twice");
    }
    question.limit = parse_limit(value);
  }
  std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "limit"; });
  question.query = query::parse_filter(parameters, event_types, now).query;
  question.query.offset = 0;
  if (question.query.sort != query::Field::timestamp && question.limit > kMostSorted) {
    throw query::ParameterError(
        "limit",
        fmt::format("expected 1 to {} together with sort_by: without it, records come in the "
                    "order of time and there is no limit",
                    kMostSorted));
  }
  return question;
}

class QuerySource final : public http::BodySource {
 public:
  QuerySource(storage::LogStore& store, HeavyWork& work, metrics::Observer& observer,
              Question question)
      : store_(store), work_(work), observer_(observer), question_(std::move(question)) {}

  awaitable<void> open() override {
    place_ = work_.enter();
    co_await read_page(kFirstPage);
  }

  awaitable<std::optional<std::string>> next() override {
    if (ended_) co_return std::nullopt;
    if (next_ == page_->batch.records.size() && more_ && !winding_down_) {
      std::optional<Error> failure;
      try {
        co_await read_page(kPage);
      } catch (const Error& error) {
        failure = error;
      }
      if (failure) co_return broken(*failure);
    }
    if (next_ < page_->batch.records.size()) co_return records();
    if (more_) {
      const Error stopping(ErrorCode::unavailable, "the server is stopping",
                           "go on from next_cursor");
      co_return broken(stopping);
    }
    co_return last_line();
  }

  bool complete() const override { return complete_; }
  void wind_down() noexcept override { winding_down_ = true; }
  void abandon() noexcept override { work_.cancel(cancellation_); }

 private:
  awaitable<void> read_page(std::uint32_t size) {
    query::Query query = question_.query;
    if (cursor_) query.after = cursor_;
    const bool paged = query.sort == query::Field::timestamp;
    const std::uint64_t left = question_.limit - sent_;
    query.limit = static_cast<std::uint32_t>(paged ? std::min<std::uint64_t>(size, left) : left);
    // The worker may outlive this source: it owns what it touches.
    const auto page = std::make_shared<storage::Page>();
    std::function<void()> work = [&store = store_, &observer = observer_, page, query] {
      try {
        *page = store.search(query);
      } catch (const Error& error) {
        // A question that the store declines, or that nobody waits for, is no failure of it.
        if (info(error.code()).http_status >= 500 && !Cancellation::requested()) {
          observer.emit(metrics::StoreFailed{"query", error.message()});
        }
        throw;
      }
    };
    co_await work_.run(cancellation_, std::move(work));
    page_ = page;
    next_ = 0;
    sent_ += page->batch.records.size();
    // Sorted by a column, there may be more whenever the limit was reached.
    cut_by_limit_ = sent_ >= question_.limit && (page->next || !paged);
    more_ = page->next && !cut_by_limit_;
    if (page->next) cursor_ = page->next;
  }

  std::string records() {
    std::string piece;
    piece.reserve(kPieceBytes + 4096);
    const auto& rows = page_->batch.records;
    while (next_ < rows.size() && piece.size() < kPieceBytes) {
      query::append_record(piece, rows[next_++]);
      piece += '\n';
    }
    return piece;
  }

  std::string last_line() {
    ended_ = true;
    std::string line;
    JsonWriter json(line);
    json.begin_object().field("end", cut_by_limit_ ? "limit" : "complete").field("records", sent_);
    if (cut_by_limit_ && cursor_) {
      json.field("next_cursor", query::format_cursor(*cursor_));
    }
    json.end_object();
    return line + '\n';
  }

  // Also breaks the transfer off: who looks at no line still sees that something is missing.
  std::string broken(const Error& error) {
    ended_ = true;
    complete_ = false;
    std::string line;
    JsonWriter json(line);
    json.begin_object().field("error", info(error.code()).name).field("message", error.message());
    if (!error.hint().empty()) json.field("hint", error.hint());
    json.field("records", sent_);
    if (cursor_) json.field("next_cursor", query::format_cursor(*cursor_));
    json.end_object();
    return line + '\n';
  }

  storage::LogStore& store_;
  HeavyWork& work_;
  metrics::Observer& observer_;
  const Question question_;
  const std::shared_ptr<Cancellation> cancellation_ = std::make_shared<Cancellation>();
  std::unique_ptr<HeavyWork::Place> place_;
  std::shared_ptr<storage::Page> page_;
  std::size_t next_ = 0;                 // record of the page
  std::uint64_t sent_ = 0;               // records of all pages read
  std::optional<query::Cursor> cursor_;  // behind the page
  bool more_ = false;
  bool cut_by_limit_ = false;
  bool winding_down_ = false;
  bool ended_ = false;
  bool complete_ = true;
};

}  // namespace

LogStreamHandlers::LogStreamHandlers(storage::LogStore& store, HeavyWork& work,
                                     std::shared_ptr<const config::Config> config,
                                     const Clock& clock, metrics::Observer& observer)
    : store_(store), work_(work), config_(std::move(config)), clock_(clock), observer_(observer) {}

awaitable<http::Response> LogStreamHandlers::query(http::Request& request) {
  if (!request.principal) throw Error(ErrorCode::unauthorized, "an API key is required");
  http::Response response;
  try {
    Question question =
        read_question(question_of(request), config_.get()->ingest.event_types, clock_.now());
    query::bind(question.query, request.principal->view());
    response.content_type = "application/x-ndjson";
    response.source = std::make_shared<QuerySource>(store_, work_, observer_, std::move(question));
  } catch (const query::ParameterError& error) {
    response = parameter_error_answer(error);
  }
  co_return response;
}

}  // namespace logctl::handlers
