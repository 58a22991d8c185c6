#include "service/handlers/ingest.h"

#include "service/handlers/aggregator_record.h"
#include "service/handlers/await_commit.h"
#include "shared/base/json_writer.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

namespace logctl::handlers {
namespace {

constexpr unsigned kRetryAfterSeconds = 1;  // for what is over in a moment

std::string media_type(std::string_view content_type) {
  std::string_view text = content_type.substr(0, content_type.find(';'));
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// One JSON object per line.
bool is_ndjson(const http::Request& request) {
  return media_type(request.header("content-type")) == "application/x-ndjson";
}

// `or_lines`: of the path that takes them as well.
void check_content_type(const http::Request& request, bool or_lines) {
  const std::string_view sent = request.header("content-type");
  const std::string type = media_type(sent);
  const bool json = type.empty() || type == "application/json" || type == "text/json" ||
                    (type.starts_with("application/") && type.ends_with("+json"));
  if (json) return;
  throw Error(ErrorCode::unsupported_encoding,
              "content type '" + std::string(sent) +
                  "' is not supported, expected application/json, application/*+json" +
                  (or_lines ? ", text/json or application/x-ndjson" : " or text/json"),
              "set the header Content-Type: application/json");
}

std::string_view tenant_of(const http::Request& request) {
  if (request.principal) return request.principal->tenant;
  return "default";
}

// Lines are only known to be too many when all of them are read.
void check_count(std::uint32_t received, std::uint32_t most) {
  if (received == 0) {
    throw Error(ErrorCode::empty_batch, "found no records, expected at least one");
  }
  if (received > most) {
    throw Error(ErrorCode::batch_too_large,
                "found " + std::to_string(received) + " records, at most " + std::to_string(most) +
                    " are allowed in one request",
                "send the records in smaller batches");
  }
}

Error full(std::string_view why) {
  return Error(ErrorCode::overloaded,
               why.empty() ? "too much is waiting for the store" : std::string(why),
               "send the request again after the time in Retry-After");
}

Error shutting_down() {
  return Error(ErrorCode::unavailable, "the server is shutting down",
               "send the request again, to another server or after the restart");
}

Error store_failure() {
  return Error(ErrorCode::unavailable, "the store could not take the records",
               "send the same request again; what was stored is recognised by its event_id");
}

Single identify(const Batch& batch, ingest::Dialect dialect) {
  Single single;
  if (batch.records.size() != 1) return single;
  const LogRecord& record = batch.records.front();
  single.event_id = record.event_id;
  single.id = format_record_id(record.timestamp, record.event_id);
  if (dialect == ingest::Dialect::aggregator) {
    JsonWriter writer(single.aggregator_json);
    write_aggregator_record(writer, record);
  }
  return single;
}

}  // namespace

IngestHandlers::IngestHandlers(ingest::Intake& intake, std::shared_ptr<const ingest::Rules> rules,
                               ingest::DeadLetters& letters, const Clock& clock,
                               metrics::Observer& observer, LookUp look_up,
                               TakeRecords take_records)
    : intake_(intake),
      letters_(letters),
      clock_(clock),
      observer_(observer),
      look_up_(std::move(look_up)),
      take_records_(std::move(take_records)),
      rules_(std::move(rules)) {}

void IngestHandlers::configure(std::shared_ptr<const ingest::Rules> rules) {
  Lock lock(mutex_);
  rules_ = std::move(rules);
}

IngestHandlers::Answer IngestHandlers::change66_single(http::Request& request) {
  return serve(request, {"/ingest", ingest::Dialect::change66, Shape::one, kChange66Answers});
}

IngestHandlers::Answer IngestHandlers::change66_batch(http::Request& request) {
  if (is_ndjson(request)) {
    return serve(request,
                 {"/batch-ingest", ingest::Dialect::native, Shape::lines, kChange66Answers});
  }
  return serve(request,
               {"/batch-ingest", ingest::Dialect::change66, Shape::many, kChange66Answers, true});
}

IngestHandlers::Answer IngestHandlers::logs_single(http::Request& request) {
  if (ingest::is_wrapped(request.body)) {
    return serve(request, {"/logs", ingest::Dialect::cmdlog, Shape::one, kCmdlogAnswers});
  }
  return serve(request, {"/logs", ingest::Dialect::aggregator, Shape::one, kAggregatorAnswers});
}

IngestHandlers::Answer IngestHandlers::logs_batch(http::Request& request) {
  if (ingest::is_wrapped(request.body)) {
    return serve(request, {"/logs/batch", ingest::Dialect::cmdlog, Shape::many, kCmdlogAnswers});
  }
  return serve(request,
               {"/logs/batch", ingest::Dialect::aggregator, Shape::many, kAggregatorAnswers});
}

IngestHandlers::Answer IngestHandlers::serve(http::Request& request, Call call) {
  const IngestAnswers& answers = call.answers;
  Batch batch;
  if (std::optional<http::Response> refused = read(request, call, batch)) {
    co_return std::move(*refused);
  }
  Single single;
  if (call.shape == Shape::one) {
    single = identify(batch, call.dialect);
    if (look_up_) {
      auto looking = look_up(batch);
      co_await std::move(looking);
    }
  }

  auto committing = await_commit(intake_, std::move(batch));
  const Committed committed = co_await std::move(committing);

  if (committed.push != Push::ok) {
    count_untaken(committed.batch);
    const Error refusal = committed.push == Push::full ? full(intake_.why_full()) : shutting_down();
    co_return answers.error(refusal, intake_.retry_after_seconds());
  }
  if (committed.receipt.failed) {
    const std::string_view why = intake_.why_full();
    const Error failure = why.empty() ? store_failure() : full(why);
    co_return answers.error(failure, intake_.retry_after_seconds());
  }
  co_return call.shape == Shape::one ? answers.single(committed.receipt, single)
                                     : answers.batch(committed.receipt);
}

boost::asio::awaitable<void> IngestHandlers::look_up(Batch& batch) {
  if (batch.records.size() != 1) co_return;
  const LogRecord& record = batch.records.front();
  if (record.id_assigned || intake_.knows(record)) co_return;  // the intake sees it itself
  auto asking = look_up_(record);
  const bool known = co_await std::move(asking);
  if (!known) co_return;
  batch.records.clear();
  batch.duplicates = 1;
}

std::optional<http::Response> IngestHandlers::read(http::Request& request, const Call& call,
                                                   Batch& batch) {
  const std::string_view tenant = tenant_of(request);
  try {
    if (call.shape != Shape::lines) check_content_type(request, call.or_lines);
    batch = parse(request, call);
  } catch (const Error& error) {
    keep_body(call, tenant, request.body, error);
    return call.answers.error(error, kRetryAfterSeconds);
  }
  // Only now their number is known; what is refused here was never received.
  if (take_records_) {
    if (const std::optional<Error> refused = take_records_(request, batch.received)) {
      return call.answers.error(*refused, request.rate->retry_after_seconds);
    }
  }
  observer_.emit(metrics::RecordsReceived{call.endpoint, tenant, batch.received, batch.rejections});
  keep_rejected(call, tenant, batch);
  return std::nullopt;
}

Batch IngestHandlers::parse(http::Request& request, const Call& call) {
  const std::string_view tenant = tenant_of(request);
  std::unique_ptr<ingest::Parser> parser = lend_parser();
  // A parser that threw is not given back: a fresh one has no half-read state.
  Batch batch;
  switch (call.shape) {
    case Shape::one:
      batch = parser->parse_one(std::move(request.body), call.dialect, tenant);
      break;
    case Shape::many:
      batch = parser->parse_many(std::move(request.body), call.dialect, tenant);
      break;
    case Shape::lines:
      batch = parser->parse_lines(std::move(request.body), tenant);
      check_count(batch.received, parser->rules().max_batch_records);
      break;
  }
  give_back(std::move(parser));
  if (request.principal) batch.owner = batch.arena->copy(request.principal->key_id);
  return batch;
}

void IngestHandlers::keep_rejected(const Call& call, std::string_view tenant, const Batch& batch) {
  if (!letters_.enabled()) return;
  for (const Rejection& rejection : batch.rejections) {
    ingest::DeadLetter letter =
        ingest::rejected_letter(rejection, *batch.body, letters_.max_raw_bytes());
    letter.tenant = tenant;
    letter.source = call.endpoint;
    letter.dialect = call.dialect;
    letters_.add(std::move(letter));
  }
}

void IngestHandlers::keep_body(const Call& call, std::string_view tenant, std::string_view body,
                               const Error& error) {
  const bool content =
      error.code() == ErrorCode::invalid_json || error.code() == ErrorCode::validation_error;
  if (!content || body.empty() || !letters_.enabled()) return;
  ingest::DeadLetter letter;
  letter.tenant = tenant;
  letter.source = call.endpoint;
  letter.dialect = call.dialect;
  letter.reason = reason_name(Reason::malformed);
  letter.message = error.message();
  ingest::set_raw(letter, body, letters_.max_raw_bytes());
  letters_.add(std::move(letter));
}

// The client was told to send these again: they stay in the accounting as failed.
void IngestHandlers::count_untaken(const Batch& batch) {
  const auto failed = static_cast<std::uint32_t>(batch.records.size()) + batch.duplicates;
  observer_.emit(metrics::BatchStored{batch.tenant, 0, 0, failed, {}, {}, {}});
}

std::unique_ptr<ingest::Parser> IngestHandlers::lend_parser() {
  std::shared_ptr<const ingest::Rules> rules;
  std::unique_ptr<ingest::Parser> parser;
  {
    Lock lock(mutex_);
    rules = rules_;
    if (!parsers_.empty()) {
      parser = std::move(parsers_.back());
      parsers_.pop_back();
    }
  }
  if (!parser) return std::make_unique<ingest::Parser>(std::move(rules), clock_);
  parser->set_rules(std::move(rules));
  return parser;
}

void IngestHandlers::give_back(std::unique_ptr<ingest::Parser> parser) {
  Lock lock(mutex_);
  parsers_.push_back(std::move(parser));
}

}  // namespace logctl::handlers
