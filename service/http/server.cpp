#include "service/http/server.h"

#include "service/http/activation.h"
#include "service/http/context.h"
#include "service/http/listener.h"

namespace logctl::http {

struct Server::State {
  State(asio::io_context& io, Services services)
      : context(std::make_shared<Context>(io, std::move(services))) {}

  std::shared_ptr<Context> context;
  std::vector<std::shared_ptr<Listener>> listeners;
};

Server::Server(asio::io_context& io, Services services)
    : state_(std::make_shared<State>(io, std::move(services))) {}

Server::~Server() = default;

void Server::start() {
  std::vector<std::shared_ptr<Listener>> listeners;
  const auto config = state_->context->config();
  std::vector<ListenerSpec> specs = listener_specs(*config);
  adopt_sockets(specs, *config, state_->context->services().sockets);
  for (ListenerSpec& spec : specs) {
    listeners.push_back(std::make_shared<Listener>(state_->context, std::move(spec)));
  }
  // All or none: nobody is served while another address could still fail.
  for (const auto& listener : listeners) listener->start();
  state_->listeners = std::move(listeners);
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> all;
  for (const auto& listener : state_->listeners) all.push_back(listener->address());
  return all;
}

void Server::stop(microseconds deadline, std::function<void()> done) {
  for (const auto& listener : state_->listeners) listener->stop();
  state_->context->stop(deadline, std::move(done));
}

std::size_t Server::connections() const { return state_->context->connections(); }

std::uint64_t Server::body_bytes() const { return state_->context->bodies().taken(); }

void Server::configure(std::shared_ptr<const config::Config> config) {
  for (const auto& listener : state_->listeners) {
    try {
      listener->reload();
    } catch (const Error& error) {
      metrics::Notice notice;
      notice.severity = metrics::Notice::Severity::error;
      notice.what = "certificate not reloaded";
      notice.detail = listener->address() + ": " + error.message();
      state_->context->services().observer.emit(notice);
    }
  }
  state_->context->configure(std::move(config));
}

}  // namespace logctl::http
