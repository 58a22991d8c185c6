// The calls that take records in: POST /api/v1/ingest, /batch-ingest, /logs and /logs/batch.
//
// Each call parses on the io thread, hands the records to the intake and is answered when they are
// durable. Thread-safe: parsers are lent to one request at a time. What is lent to
// the constructor must outlive the handlers; the intake must be stopped before the io context
// goes away.
#pragma once

#include "service/handlers/ingest_answers.h"
#include "service/http/request.h"
#include "service/http/response.h"
#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ingest/intake.h"
#include "shared/ingest/parser.h"
#include "shared/ingest/rules.h"
#include "shared/metrics/observer.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace logctl::handlers {

class IngestHandlers {
 public:
  using Answer = boost::asio::awaitable<http::Response>;

  // Whether the store has a record already; for an intake that does not wait for the store, so that
  // a single record sent again is answered as a duplicate.
  using LookUp = std::function<boost::asio::awaitable<bool>(const LogRecord&)>;
  // Takes so many records from the caller's limit, or leaves in the request what refused and
  // returns the error to answer with.
  using TakeRecords = std::function<std::optional<Error>(http::Request&, std::uint32_t records)>;

  IngestHandlers(ingest::Intake& intake, std::shared_ptr<const ingest::Rules> rules,
                 ingest::DeadLetters& letters, const Clock& clock, metrics::Observer& observer,
                 LookUp look_up = {}, TakeRecords take_records = {});

  Answer change66_single(http::Request& request);
  Answer change66_batch(http::Request& request);
  // A body wrapped in `log` is answered as cmd-log, a bare object as the Log Aggregator.
  Answer logs_single(http::Request& request);
  // The same with `logs` and a bare array.
  Answer logs_batch(http::Request& request);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const ingest::Rules> rules);

 private:
  struct Call {
    std::string_view endpoint;  // label of metrics
    ingest::Dialect dialect{};
    enum class Shape { one, many, lines } shape{};
    const IngestAnswers& answers;
    bool or_lines = false;  // the path takes lines too
  };
  using Shape = Call::Shape;
  Answer serve(http::Request& request, Call call);
  // Fills `batch`; otherwise says what to answer.
  std::optional<http::Response> read(http::Request& request, const Call& call, Batch& batch);
  Batch parse(http::Request& request, const Call& call);
  void keep_rejected(const Call& call, std::string_view tenant, const Batch& batch);
  // The body of a request that was refused as a whole, when that is worth keeping.
  void keep_body(const Call& call, std::string_view tenant, std::string_view body,
                 const Error& error);
  void count_untaken(const Batch& batch);

  std::unique_ptr<ingest::Parser> lend_parser();
  void give_back(std::unique_ptr<ingest::Parser> parser);

  // Makes a duplicate of a single record that the store has.
  boost::asio::awaitable<void> look_up(Batch& batch);

  ingest::Intake& intake_;
  ingest::DeadLetters& letters_;
  const Clock& clock_;
  metrics::Observer& observer_;
  const LookUp look_up_;
  const TakeRecords take_records_;
  Mutex mutex_;
  std::shared_ptr<const ingest::Rules> rules_ GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<ingest::Parser>> parsers_ GUARDED_BY(mutex_);  // not lent out
};

}  // namespace logctl::handlers
