// A server with toy routes on a free port, and a client that speaks raw bytes.
#pragma once

#include "service/http/server.h"
#include "service/workers.h"
#include "shared/auth/key.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace logctl::test::http_server {

// Long enough for the slowest machine; a passing test never waits that long.
inline constexpr int kPatienceMs = 20'000;

inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

// Handlers of /slow wait here, on a worker.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void await_waiting(int count) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs),
                              [&] { return waiting_ >= count; }));
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names as sent
  std::string body;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

// Takes an answer off the front of `data` if it is there as a whole.
inline std::optional<Reply> take_reply(std::string& data, bool head) {
  const std::size_t end = data.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  Reply reply;
  std::string_view lines = std::string_view(data).substr(0, end);
  reply.status = std::stoi(std::string(lines.substr(9, 3)));
  while (true) {
    const std::size_t line_end = lines.find("\r\n");
    if (line_end == std::string_view::npos) break;
    lines.remove_prefix(line_end + 2);
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    const std::size_t colon = line.find(": ");
    reply.headers[std::string(line.substr(0, colon))] = line.substr(colon + 2);
  }
  const std::string length = reply.header("Content-Length");
  const std::size_t body = head || length.empty() ? 0 : std::stoul(length);
  if (data.size() < end + 4 + body) return std::nullopt;
  reply.body = data.substr(end + 4, body);
  data.erase(0, end + 4 + body);
  return reply;
}

// A connected socket.
class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (receive_buffer > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  explicit Client(const std::string& unix_path) {
    fd_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    unix_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
  }
  Client(Client&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), data_(std::move(other.data_)) {}
  ~Client() { close(); }

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  int fd() const { return fd_; }

  Client& send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) break;  // the server may have ended the connection: the answer tells
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return *this;
  }

  Reply reply(bool head = false) {
    while (true) {
      if (auto reply = take_reply(data_, head)) return *reply;
      if (!receive()) {
        FAIL("the connection ended instead of an answer; it had sent: " << data_);
      }
    }
  }
  // Waits for exactly these bytes at the front.
  bool receives(std::string_view expected) {
    while (data_.size() < expected.size()) {
      if (!receive()) return false;
    }
    if (!data_.starts_with(expected)) return false;
    data_.erase(0, expected.size());
    return true;
  }
  // Waits for the end of the connection; false when bytes come instead.
  bool ended() { return data_.empty() && !receive(); }

 private:
  bool receive() {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) != 1) FAIL("nothing came within the patience");
    char buffer[65536];
    const ssize_t n = ::recv(fd_, buffer, sizeof(buffer), 0);
    if (n <= 0) return false;
    data_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }

  int fd_ = -1;
  std::string data_;
};

inline std::string get(std::string_view target, std::string_view headers = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n";
}
inline std::string post(std::string_view target, std::string_view body,
                        std::string_view headers = {}) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(headers) + "\r\n" + std::string(body);
}

class TestServer {
 public:
  TestServer() {
    config.server.host = "127.0.0.1";
    config.server.port = 0;
    config.log.level = "error";
    config.auth.api_keys = {"static-secret"};
  }
  ~TestServer() { finish(); }
  // What the destructor does: for servers whose handlers use what is destroyed before it.
  void finish() {
    gate.open();
    if (!running_) return;
    if (stop_asked_) {
      server->stop(std::chrono::seconds(0), {});
    } else {
      stop(std::chrono::seconds(0));
    }
    end();
  }

  // Starts with `config` as it is now.
  TestServer& start() {
    auto shared = std::make_shared<const config::Config>(config);
    authenticator.emplace(keys, config, system_clock());
    observer.emplace(config);
    router.emplace(table.empty() ? routes() : table);
    workers.emplace(4, 16);
    http::Services services{*router, *authenticator, limiter, *observer, shared, {}};
    services.run_blocking = [this](std::function<void()> work) {
      return workers->run(std::move(work));
    };
    server.emplace(io, std::move(services));
    server->start();
    running_ = true;
    for (std::uint32_t i = 0; i < std::max(config.server.io_threads, 1U); ++i) {
      threads_.emplace_back([this] { io.run(); });
    }
    return *this;
  }

  std::uint16_t port(std::size_t index = 0) const {
    const std::string address = server->addresses().at(index);
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  Client connect() const { return Client(port()); }
  // One request on a connection of its own.
  Reply ask(std::string_view bytes, bool head = false) const {
    return connect().send(bytes).reply(head);
  }

  void stop(microseconds deadline) {
    stop_asked_ = true;
    server->stop(deadline, [this] { stopped_.set_value(); });
  }
  void await_stopped() {
    REQUIRE(stopped_future_.wait_for(std::chrono::milliseconds(kPatienceMs)) ==
            std::future_status::ready);
  }
  bool has_stopped() const {
    return stopped_future_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  void await_connections(std::size_t count) const {
    REQUIRE(eventually([&] { return server->connections() == count; }));
  }
  void await_body_bytes(std::uint64_t bytes) const {
    REQUIRE(eventually([&] { return server->body_bytes() == bytes; }));
  }
  // After stop(): waits for the io threads to have nothing left.
  void end() {
    stopped_future_.wait();
    work_.reset();
    for (std::thread& thread : threads_) thread.join();
    workers->stop();
    running_ = false;
  }
  // Waits until the metrics say `line`: they are counted just after the answer went out.
  bool counted(const std::string& line) const {
    return eventually([&] { return observer->scrape().find(line) != std::string::npos; });
  }

  std::string make_key(auth::Scopes scopes, std::optional<double> rps = {},
                       std::optional<std::uint32_t> burst = {},
                       std::optional<Timestamp> expires = {}) {
    const auth::NewKey key = auth::generate_key(scopes);
    storage::KeyRow row;
    row.id = key.id;
    row.secret_hash = key.hash;
    row.scopes = auth::format_scopes(scopes);
    row.rps = rps;
    row.burst = burst;
    row.expires_at = expires;
    keys.insert(row);
    last_key_id = key.id;
    return key.secret;
  }

  config::Config config;
  std::vector<http::Route> table;  // instead of the toy routes
  FakeKeys keys;
  Gate gate;
  ratelimit::Limiter limiter;
  std::string last_key_id;
  boost::asio::io_context io;
  std::optional<auth::Authenticator> authenticator;
  std::optional<metrics::Observer> observer;
  std::optional<http::Router> router;
  std::optional<Workers> workers;
  std::optional<http::Server> server;

 private:
  using Answer = boost::asio::awaitable<http::Response>;

  static Answer echo(http::Request& request) {
    std::string text = std::string(http::method_name(request.method)) + " " + request.path;
    for (const auto& [name, value] : request.parameters) text += " " + name + "=" + value;
    for (const auto& argument : request.path_arguments) text += " {" + argument + "}";
    if (request.principal) text += " key=" + request.principal->key_id;
    if (!request.header("x-test").empty()) {
      text += " x-test=" + std::string(request.header("x-test"));
    }
    text += " body=" + std::to_string(request.body.size()) + ":" + request.body.substr(0, 64);
    if (!request.body.empty() && request.body.capacity() - request.body.size() < 64) {
      text += " no room for padding";
    }
    co_return http::text(200, std::move(text));
  }
  Answer slow(http::Request&) {
    std::function<void()> work = [this] { gate.pass(); };
    co_await workers->run(std::move(work));
    co_return http::text(200, "slow");
  }
  static Answer fail(http::Request& request) {
    if (request.path == "/fail/error") {
      throw Error(ErrorCode::unavailable, "the store is away", "wait");
    }
    if (request.path == "/fail/unknown") throw 42;
    throw std::runtime_error("a secret detail");
    co_return http::Response();
  }
  static Answer big(http::Request&) { co_return http::text(200, std::string(8 << 20, 'x')); }
  static Answer empty(http::Request&) {
    http::Response response;
    response.status = 204;
    response.with("X-Evil", "a\r\nInjected: b");
    co_return response;
  }
  static http::Response other_shape(const Error& error, unsigned) {
    return http::json(http::error_response(error).status, "{\"shape\":\"other\"}");
  }

  std::vector<http::Route> routes() {
    using http::Method;
    using http::Surface;
    std::vector<http::Route> toys;
    const auto add = [&](Method method, std::string_view path, Surface surface, auth::Scope scope,
                         http::Handler handler) -> http::Route& {
      http::Route& route = toys.emplace_back();
      route.method = method;
      route.path = path;
      route.surface = surface;
      route.scope = scope;
      route.label = path;
      route.handler = std::move(handler);
      return route;
    };
    const http::Handler slow_handler = [this](http::Request& request) { return slow(request); };
    add(Method::get, "/echo", Surface::ops, auth::Scope::none, echo);
    add(Method::post, "/echo", Surface::ops, auth::Scope::none, echo);
    add(Method::get, "/items/{id}", Surface::ops, auth::Scope::none, echo);
    add(Method::post, "/ingest", Surface::logs, auth::Scope::ingest, echo);
    add(Method::get, "/read", Surface::logs, auth::Scope::read, echo);
    add(Method::get, "/admin", Surface::ops, auth::Scope::admin, echo).error_format = &other_shape;
    add(Method::get, "/slow", Surface::ops, auth::Scope::none, slow_handler);
    add(Method::get, "/fail/{how}", Surface::ops, auth::Scope::none, fail);
    add(Method::get, "/big", Surface::ops, auth::Scope::none, big);
    add(Method::get, "/empty", Surface::ops, auth::Scope::none, empty);
    return toys;
  }

  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_{
      boost::asio::make_work_guard(io)};
  std::vector<std::thread> threads_;
  std::promise<void> stopped_;
  std::future<void> stopped_future_ = stopped_.get_future();
  bool running_ = false;
  bool stop_asked_ = false;
};

}  // namespace logctl::test::http_server
