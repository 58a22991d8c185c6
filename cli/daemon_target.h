// Sends an import's batches to a daemon: NDJSON to POST /api/v1/batch-ingest, again until the
// daemon has answered.
//
// Repeats are safe because every record carries an event id. Thread-safe: each call has a
// connection of its own. Throws Error{unavailable} when it gave up, Error{unauthorized, forbidden}
// for the key, Error{invalid_request} for what the daemon will never take.
#pragma once

#include "cli/client.h"
#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/ingest/import_target.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace logctl::cli {

class DaemonTarget final : public ingest::ImportTarget {
 public:
  struct Settings {
    std::string url;
    std::string key;  // empty: none is sent
    microseconds timeout = seconds(30);
    microseconds retry_for = seconds(300);  // of one request
    std::size_t connections = 1;
    std::function<void(microseconds)> sleep;  // between attempts
  };
  // Asks the daemon for its limits.
  explicit DaemonTarget(Settings settings);

  // Of equal ids only the daemon knows which one it stored: the outcomes are right in number, and
  // in place for the rejected ones. What an attempt stored whose answer was lost counts as
  // duplicate.
  storage::AppendResult append(const Batch& batch) override;
  std::size_t parallel_appends() const override { return settings_.connections; }
  // Of one request.
  std::size_t max_records() const { return max_records_; }

 private:
  class Lease;

  void send_records(Client& client, std::span<const LogRecord> records, const std::string& body,
                    storage::AppendResult& result);
  // The answer that is not a temporary refusal.
  Answer send(Client& client, std::string_view method, std::string_view target,
              const Headers& headers, const std::string& body);
  void ask_limits();
  std::unique_ptr<Client> take_client();
  void give_back(std::unique_ptr<Client> client);

  const Settings settings_;
  std::size_t max_records_ = 1000;
  std::size_t max_body_bytes_ = 1024 * 1024;
  Mutex mutex_;
  std::vector<std::unique_ptr<Client>> idle_ GUARDED_BY(mutex_);
};

}  // namespace logctl::cli
