// Everything behind the surface `messages`, as the daemon owns it.
//
// Built before the server and destroyed after it. start() before the first request; stop_writing()
// after the last session has ended; stop() when the io threads have. All that is lent outlives it.
#pragma once

#include "service/handlers/message_import.h"
#include "service/handlers/rpc.h"
#include "service/handlers/subscribe.h"
#include "service/messages/admission.h"
#include "service/messages/hub.h"
#include "service/messages/tokens.h"
#include "shared/messages/writer.h"
#include "shared/storage/backend.h"

#include <atomic>
#include <memory>

namespace logctl::messages {

class Parts {
 public:
  using RunBlocking = handlers::RpcHandlers::RunBlocking;

  Parts(storage::Backend& backend, auth::Authenticator& authenticator, ratelimit::Limiter& limiter,
        metrics::Observer& observer, const Clock& clock, const RunBlocking& run_blocking,
        std::shared_ptr<const config::Config> config);

  // Makes the namespace `default`; while the store is away, tend() does it later.
  void start();
  // From time to time: gauges, and what start() had to leave.
  void tend();
  // Holds for requests from now on.
  void configure(const std::shared_ptr<const config::Config>& config);
  void stop_writing();
  void stop();

  Admission& admission() { return admission_; }
  handlers::RpcHandlers& rpc() { return rpc_; }
  handlers::SubscribeHandlers& subscriptions() { return subscriptions_; }
  handlers::ImportHandlers& imports() { return imports_; }
  const MessageWriter& writer() const { return writer_; }

 private:
  MessageWriter::Listener listener();

  storage::MessageStore& store_;
  metrics::Observer& observer_;
  const Clock& clock_;
  const std::shared_ptr<const config::Config> config_;
  std::atomic<bool> default_made_ = false;
  Tokens tokens_;
  PokeHub hub_;
  MessageWriter writer_;
  Admission admission_;
  handlers::RpcHandlers rpc_;
  handlers::SubscribeHandlers subscriptions_;
  handlers::ImportHandlers imports_;
};

}  // namespace logctl::messages
