#include "service/handlers/ingest_answers.h"

#include "shared/base/json_writer.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace logctl::handlers {
namespace {

std::string describe(const Rejection& rejection) {
  if (rejection.field.empty()) return rejection.message;
  return rejection.field + ": " + rejection.message;
}

bool nothing_usable(const Receipt& receipt) {
  return receipt.stored + receipt.duplicates == 0 && !receipt.rejections.empty();
}

// [{"index","field","message"}]
void write_errors(JsonWriter& writer, const Receipt& receipt) {
  writer.key("errors").begin_array();
  for (const Rejection& rejection : receipt.rejections) {
    writer.begin_object()
        .field("index", rejection.index)
        .field("field", rejection.field)
        .field("message", rejection.message)
        .end_object();
  }
  writer.end_array();
}

std::string none_usable_text(const Receipt& receipt) {
  return fmt::format("none of the {} records could be taken", receipt.received);
}

http::Response change66_single(const Receipt& receipt, const Single& single) {
  std::string body;
  JsonWriter writer(body);
  if (!receipt.rejections.empty()) {
    const Rejection& rejection = receipt.rejections.front();
    writer.begin_object()
        .field("error", info(ErrorCode::validation_error).name)
        .field("message", describe(rejection))
        .key("details")
        .begin_array()
        .begin_object()
        .field("field", rejection.field)
        .field("message", rejection.message)
        .end_object()
        .end_array()
        .end_object();
    return http::json(400, std::move(body));
  }
  if (receipt.duplicates > 0) {
    writer.begin_object()
        .field("error", info(ErrorCode::duplicate_event).name)
        .field("message", fmt::format("event '{}' is already stored", single.event_id))
        .end_object();
    return http::json(409, std::move(body));
  }
  writer.begin_object()
      .field("success", true)
      .field("message", "log stored")
      .key("data")
      .begin_object()
      .field("event_id", single.event_id)
      .field("id", single.id)
      .end_object()
      .end_object();
  return http::json(201, std::move(body));
}

http::Response change66_none_usable(const Receipt& receipt) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object()
      .field("error", info(ErrorCode::validation_error).name)
      .field("message", none_usable_text(receipt))
      .field("total_received", receipt.received)
      .field("rejected", receipt.rejections.size())
      .key("details")
      .begin_array();
  for (const Rejection& rejection : receipt.rejections) {
    const std::string field = rejection.field.empty()
                                  ? fmt::format("logs[{}]", rejection.index)
                                  : fmt::format("logs[{}].{}", rejection.index, rejection.field);
    writer.begin_object().field("field", field).field("message", rejection.message).end_object();
  }
  writer.end_array().end_object();
  return http::json(400, std::move(body));
}

http::Response change66_batch(const Receipt& receipt) {
  if (nothing_usable(receipt)) return change66_none_usable(receipt);
  std::string body;
  JsonWriter writer(body);
  writer.begin_object()
      .field("success", true)
      .field("message", fmt::format("{} of {} logs stored", receipt.stored, receipt.received))
      .key("data")
      .begin_object()
      .field("logs_processed", receipt.stored)
      .field("total_received", receipt.received)
      .field("duplicates", receipt.duplicates)
      .field("rejected", receipt.rejections.size());
  write_errors(writer, receipt);
  writer.end_object().end_object();
  return http::json(201, std::move(body));
}

// What cmd-log calls an error; the Log Aggregator gets the same words.
std::string_view headline(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_json:
    case ErrorCode::invalid_request:
      return "Invalid request body";
    case ErrorCode::validation_error:
      return "Validation failed";
    case ErrorCode::empty_batch:
      return "Empty batch";
    case ErrorCode::batch_too_large:
      return "Batch too large";
    case ErrorCode::duplicate_event:
      return "Duplicate log";
    case ErrorCode::unsupported_encoding:
      return "Unsupported media type";
    case ErrorCode::request_too_large:
      return "Request body too large";
    case ErrorCode::unauthorized:
    case ErrorCode::forbidden:
      return {};  // the message is as short as these clients know it
    case ErrorCode::rate_limited:
      return "Rate limit exceeded";
    case ErrorCode::overloaded:
    case ErrorCode::unavailable:
      return "Service unavailable";
    default:
      return "Failed to process log";
  }
}

http::Response headline_error(const Error& error, unsigned retry_after_seconds, bool envelope) {
  const ErrorInfo& kind = info(error.code());
  std::string body;
  JsonWriter writer(body);
  writer.begin_object();
  if (envelope) writer.field("success", false);
  const std::string_view words = headline(error.code());
  if (words.empty()) {
    writer.field("error", error.message());
  } else {
    writer.field("error", words).field("details", error.message());
  }
  if (!error.hint().empty()) writer.field("hint", error.hint());
  writer.field("code", kind.name).end_object();
  http::Response response = http::json(kind.http_status, std::move(body));
  if (kind.retryable) response.with("Retry-After", std::to_string(retry_after_seconds));
  return response;
}

http::Response cmdlog_error(const Error& error, unsigned retry_after_seconds) {
  return headline_error(error, retry_after_seconds, false);
}

http::Response cmdlog_single(const Receipt& receipt, const Single&) {
  if (!receipt.rejections.empty()) {
    const Error error(ErrorCode::validation_error, describe(receipt.rejections.front()));
    return cmdlog_error(error, 1);
  }
  // A duplicate too: cmd-log promises that the entry is safe, not that it is new.
  return http::json(202, R"({"message":"Log accepted"})");
}

http::Response cmdlog_batch(const Receipt& receipt) {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object()
      .field("message", "Batch processed")
      .field("accepted", receipt.stored + receipt.duplicates)
      .field("total", receipt.received);
  if (receipt.duplicates > 0) writer.field("duplicates", receipt.duplicates);
  if (!receipt.rejections.empty()) {
    writer.field("rejected", receipt.rejections.size()).key("errors").begin_array();
    for (const Rejection& rejection : receipt.rejections) {
      writer.value(fmt::format("log {}: {}", rejection.index, describe(rejection)));
    }
    writer.end_array();
  }
  writer.end_object();
  return http::json(202, std::move(body));
}

http::Response aggregator_error(const Error& error, unsigned retry_after_seconds) {
  return headline_error(error, retry_after_seconds, true);
}

http::Response aggregator_single(const Receipt& receipt, const Single& single) {
  if (!receipt.rejections.empty()) {
    const Error error(ErrorCode::validation_error, describe(receipt.rejections.front()));
    return aggregator_error(error, 1);
  }
  if (receipt.duplicates > 0) {
    const Error error(ErrorCode::duplicate_event,
                      fmt::format("log '{}' is already stored", single.event_id));
    return aggregator_error(error, 1);
  }
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().field("success", true).key("data").raw(single.aggregator_json).end_object();
  return http::json(201, std::move(body));
}

http::Response aggregator_batch(const Receipt& receipt) {
  const bool refused = nothing_usable(receipt);
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().field("success", !refused);
  if (refused) {
    writer.field("error", headline(ErrorCode::validation_error))
        .field("details", none_usable_text(receipt))
        .field("code", info(ErrorCode::validation_error).name);
  }
  writer.key("data")
      .begin_object()
      .field("accepted", receipt.stored)
      .field("duplicates", receipt.duplicates)
      .field("rejected", receipt.rejections.size());
  write_errors(writer, receipt);
  writer.end_object().end_object();
  return http::json(refused ? 400 : 201, std::move(body));
}

}  // namespace

const IngestAnswers kChange66Answers = {http::error_response, change66_single, change66_batch};
const IngestAnswers kCmdlogAnswers = {cmdlog_error, cmdlog_single, cmdlog_batch};
const IngestAnswers kAggregatorAnswers = {aggregator_error, aggregator_single, aggregator_batch};

http::Response shared_path_error(const Error& error, unsigned retry_after_seconds) {
  return aggregator_error(error, retry_after_seconds);
}

}  // namespace logctl::handlers
