#include "shared/base/error.h"

#include <array>
#include <cstring>
#include <utility>

namespace logctl {
namespace {

constexpr std::array kTable = {
    ErrorInfo{ErrorCode::internal, "internal_error", 1, 500, false, "an unexpected failure"},
    ErrorInfo{ErrorCode::usage, "usage", 2, 400, false, "the command line is wrong"},
    ErrorInfo{ErrorCode::partial, "partial", 3, 200, false,
              "partly done, some records were rejected"},
    ErrorInfo{ErrorCode::invalid_request, "invalid_request", 1, 400, false,
              "the request is malformed"},
    ErrorInfo{ErrorCode::invalid_json, "invalid_json", 1, 400, false,
              "the input is not valid JSON"},
    ErrorInfo{ErrorCode::validation_error, "validation_error", 1, 400, false,
              "a value breaks a rule"},
    ErrorInfo{ErrorCode::empty_batch, "empty_batch", 1, 400, false, "the batch holds no records"},
    ErrorInfo{ErrorCode::batch_too_large, "batch_too_large", 1, 400, false,
              "the batch holds too many records"},
    ErrorInfo{ErrorCode::unauthorized, "unauthorized", 4, 401, false, "no valid key"},
    ErrorInfo{ErrorCode::forbidden, "forbidden", 4, 403, false, "the key lacks the scope"},
    ErrorInfo{ErrorCode::not_found, "not_found", 5, 404, false, "not found"},
    ErrorInfo{ErrorCode::method_not_allowed, "method_not_allowed", 1, 405, false,
              "wrong method for this path"},
    ErrorInfo{ErrorCode::request_timeout, "request_timeout", 75, 408, true,
              "the request came too slowly"},
    ErrorInfo{ErrorCode::conflict, "conflict", 6, 409, false, "conflict with the present state"},
    ErrorInfo{ErrorCode::duplicate_event, "duplicate_event", 6, 409, false,
              "the event is already stored"},
    ErrorInfo{ErrorCode::locked, "locked", 6, 409, true, "another process holds the lock"},
    ErrorInfo{ErrorCode::request_too_large, "request_too_large", 1, 413, false,
              "the body is over the limit"},
    ErrorInfo{ErrorCode::unsupported_encoding, "unsupported_media_type", 1, 415, false,
              "encoding or content type is not supported"},
    ErrorInfo{ErrorCode::headers_too_large, "headers_too_large", 1, 431, false,
              "the request headers are over the limit"},
    ErrorInfo{ErrorCode::rate_limited, "rate_limit_exceeded", 75, 429, true,
              "the rate limit of the key is used up"},
    ErrorInfo{ErrorCode::overloaded, "overloaded", 75, 503, true, "a bounded queue is full"},
    ErrorInfo{ErrorCode::drift, "drift", 7, 500, false, "drift or checksum mismatch"},
    ErrorInfo{ErrorCode::check_failed, "check_failed", 8, 503, false, "a check found problems"},
    ErrorInfo{ErrorCode::unavailable, "unavailable", 75, 503, true,
              "the store or daemon cannot be reached for now"},
    ErrorInfo{ErrorCode::timeout, "timeout", 75, 504, true, "the operation took too long"},
    ErrorInfo{ErrorCode::disk_full, "disk_full", 75, 503, true, "no space is left on the disk"},
    ErrorInfo{ErrorCode::io, "io_error", 1, 503, true, "a file operation failed"},
    ErrorInfo{ErrorCode::storage, "database_error", 1, 500, false,
              "the store refused the operation"},
    ErrorInfo{ErrorCode::config, "config", 78, 500, false, "the configuration is wrong"},
};

constexpr bool in_enum_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  }
  return true;
}
static_assert(in_enum_order(), "the error table must follow the order of ErrorCode");

const std::array kExitStatuses = {
    ExitStatus{0, "success"},
    ExitStatus{1, "failed"},
    ExitStatus{2, "usage: the command line is wrong"},
    ExitStatus{3, "partly done: some records were rejected"},
    ExitStatus{4, "not authorised: no valid key, or a missing scope"},
    ExitStatus{5, "not found"},
    ExitStatus{6, "conflict, or locked by another process"},
    ExitStatus{7, "drift: schema or checksum mismatch"},
    ExitStatus{8, "a check ran and found problems"},
    ExitStatus{75, "temporary failure: try again later"},
    ExitStatus{78, "the configuration is wrong"},
    ExitStatus{130, "interrupted (SIGINT)"},
    ExitStatus{143, "terminated (SIGTERM)"},
};

}  // namespace

std::span<const ErrorInfo> error_table() { return kTable; }

const ErrorInfo& info(ErrorCode code) { return kTable[static_cast<std::size_t>(code)]; }

std::span<const ExitStatus> exit_statuses() { return kExitStatuses; }

Error::Error(ErrorCode code, std::string message, std::string hint)
    : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

Error Error::within(std::string_view context) const {
  return Error(code_, std::string(context) + ": " + message_, hint_);
}

std::string errno_text(int error) {
  const char* text = strerrordesc_np(error);
  return text != nullptr ? text : "error " + std::to_string(error);
}

}  // namespace logctl
