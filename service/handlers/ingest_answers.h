// The answers of the calls that take records in, in the shapes that each kind of client knows.
//
// Pure functions from what became of a request to a Response; the shapes are those of the systems
// whose clients keep working (Change66, cmd-log, Log Aggregator), with additions that they ignore.
#pragma once

#include "service/http/response.h"
#include "shared/base/error.h"
#include "shared/record/record.h"

#include <string>

namespace logctl::handlers {

// The record of a request that brought just one, noted before its batch went to the store.
struct Single {
  std::string event_id;
  std::string id;               // public
  std::string aggregator_json;  // the whole record, for the Log Aggregator
};

struct IngestAnswers {
  http::Response (*error)(const Error& error, unsigned retry_after_seconds);
  // A receipt for one record, which is stored, a duplicate or rejected; never `failed`.
  http::Response (*single)(const Receipt& receipt, const Single& single);
  // A receipt for a batch; never `failed`.
  http::Response (*batch)(const Receipt& receipt);
};

extern const IngestAnswers kChange66Answers;
extern const IngestAnswers kCmdlogAnswers;
extern const IngestAnswers kAggregatorAnswers;

// For errors before the body was seen on the paths that cmd-log and the Log Aggregator share: both
// read `error` as a text for people. Retryable errors get Retry-After.
http::Response shared_path_error(const Error& error, unsigned retry_after_seconds);

}  // namespace logctl::handlers
