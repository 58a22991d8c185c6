// The one error type and the one table that says what each kind of error means outside.
//
// Expected outcomes are values (a rejected record, a full queue). What ends an operation throws
// Error{code, message, hint}. Libraries' exceptions are translated where the library ends. Errors
// are caught in three kinds of place only: main, the HTTP session, the loop of a thread of ours.
#pragma once

#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace logctl {

enum class ErrorCode {
  internal,              // a bug or an unexplained failure
  usage,                 // the command line is wrong
  partial,               // some of the work was done, some input was refused
  invalid_request,       // a request that can never succeed as it is
  invalid_json,          // a body or line that is not JSON
  validation_error,      // a record or parameter breaks a rule
  empty_batch,           // a batch without records
  batch_too_large,       // more records than one request may carry
  unauthorized,          // no valid key
  forbidden,             // a valid key without the scope
  not_found,             // no such thing or path
  method_not_allowed,    // the path exists, the method does not
  request_timeout,       // the client was too slow
  conflict,              // the state of the store refuses it
  duplicate_event,       // the record is already stored
  locked,                // another process or run holds the lock
  request_too_large,     // a body over the limit
  unsupported_encoding,  // Content-Encoding or Content-Type that is not understood
  headers_too_large,     // request headers over the limit
  rate_limited,          // a token bucket is empty
  overloaded,            // a bounded queue or pool is full
  drift,                 // schema or checksum is not what it should be
  check_failed,          // a check ran and found problems
  unavailable,           // the store cannot be reached for now
  timeout,               // an operation of ours took too long
  disk_full,             // no space left, or a quota is reached
  io,                    // the file system failed
  storage,               // the store refused for a reason that a retry will not change
  config,                // the configuration is wrong
};

struct ErrorInfo {
  ErrorCode code;
  std::string_view name;     // stable: appears in JSON answers and logs
  int exit_status;           // of the command line
  int http_status;           // of an answer
  bool retryable;            // the same request may succeed later
  std::string_view meaning;  // one line for `help exit-codes` and the docs
};

// Every code once, in the order of the enum.
std::span<const ErrorInfo> error_table();
const ErrorInfo& info(ErrorCode code);

// A row of `help exit-codes`: derived from the error table and the few statuses without an error.
struct ExitStatus {
  int status;
  std::string meaning;
};
std::span<const ExitStatus> exit_statuses();

class Error : public std::exception {
 public:
  // `message` is lower case, without a full stop, and names what, where and what was expected;
  // `hint` says what to do about it and may be empty.
  Error(ErrorCode code, std::string message, std::string hint = {});

  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& hint() const { return hint_; }
  const char* what() const noexcept override { return message_.c_str(); }

  // The same error with the context in front: "spool: append: ...".
  Error within(std::string_view context) const;

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
};

// The text of an errno value, independent of the locale.
std::string errno_text(int error);

}  // namespace logctl
