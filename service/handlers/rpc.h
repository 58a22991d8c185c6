// POST /rpc: every method of the surface `messages`.
//
// A call is parsed on the io thread. Writes go to the writer and are answered after their commit;
// everything else is asked of the store on a worker. Long answers are sent while they are read.
// Thread-safe; everything lent outlives it.
#pragma once

#include "service/http/request.h"
#include "service/http/response.h"
#include "service/messages/caller.h"
#include "service/messages/hub.h"
#include "service/messages/tokens.h"
#include "shared/base/clock.h"
#include "shared/config/current.h"
#include "shared/messages/rpc_call.h"
#include "shared/messages/writer.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace logctl::handlers {

class RpcHandlers {
 public:
  using Answer = boost::asio::awaitable<http::Response>;
  using RunBlocking = std::function<boost::asio::awaitable<void>(std::function<void()>)>;

  // What sys.health says.
  struct Health {
    std::string_view backend;
    std::function<std::size_t()> connections;
  };
  struct Services {
    storage::MessageStore& store;
    messages::MessageWriter& writer;
    messages::PokeHub& hub;
    messages::Tokens& tokens;
    metrics::Observer& observer;
    const Clock& clock;
    RunBlocking run_blocking;
    Health health;
  };
  RpcHandlers(Services services, std::shared_ptr<const config::Config> config);

  Answer rpc(http::Request& request);

  // Holds for requests from now on.
  void configure(std::shared_ptr<const config::Config> config) { config_.set(std::move(config)); }

  // One call in hand.
  struct Call {
    messages::RpcCall call;
    const messages::Caller& caller;
  };
  // Who may call a method: everybody who got in, who acts in a namespace of his own, who
  // administrates.
  enum class Access { any, own, admin };
  struct Method {
    std::string_view name;
    Access access;
    Answer (RpcHandlers::*handler)(Call& call);
    std::string_view arguments;  // for the reference
    std::string_view summary;
  };
  static std::span<const Method> methods();

 private:
  Answer dispatch(Call& call, const Method*& method);
  void ensure_own_namespace(const Call& call) const;

  // rpc_streams.cpp
  Answer write(Call& call);
  Answer get_stream(Call& call);
  Answer get_category(Call& call);
  Answer last(Call& call);
  Answer version(Call& call);
  boost::asio::awaitable<messages::WriteOutcome> submit(messages::NewMessage message);

  // rpc_namespaces.cpp
  Answer create_namespace(Call& call);
  Answer delete_namespace(Call& call);
  Answer rotate_token(Call& call);
  Answer list_namespaces(Call& call);
  Answer namespace_info(Call& call);
  Answer streams(Call& call);
  Answer categories(Call& call);
  Answer system_version(Call& call);
  Answer system_health(Call& call);

  // Asks the store on a worker. `ask` owns what it touches.
  template <typename Result, typename Ask>
  boost::asio::awaitable<std::shared_ptr<Result>> on_worker(Ask ask) {
    const auto result = std::make_shared<Result>();
    std::function<void()> work = [result, &store = services_.store, ask = std::move(ask)] {
      *result = ask(store);
    };
    co_await services_.run_blocking(std::move(work));
    co_return result;
  }

  const Services services_;
  config::Current config_;
};

}  // namespace logctl::handlers
