// Every path that the daemon serves, called with every kind of key.
#include "service/routes.h"

#include "shared/ingest/committer.h"
#include "tests/support/fake_counts.h"
#include "tests/support/fake_store.h"
#include "tests/support/scripted_messages.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/http/server_fixture.h"

#include <set>

using namespace logctl;
using namespace logctl::test;
using namespace logctl::test::http_server;

namespace {

boost::asio::awaitable<http::Response> reached(http::Request&) { co_return http::text(200, "ok"); }

boost::asio::awaitable<void> run_for_client(http::Request&, std::function<void()> work) {
  work();
  co_return;
}
boost::asio::awaitable<void> run_inline(std::function<void()> work) {
  work();
  co_return;
}

// In place of the check of a namespace's token, which keys do not pass.
boost::asio::awaitable<void> closed(http::Request&) {
  throw Error(ErrorCode::unauthorized, "no token");
  co_return;
}

// The daemon's own table. Its handlers are taken out: what lets a request through to them is
// tested.
struct Table {
  TempDir folder;
  config::Config config;
  ManualClock clock{from_micros(1'768'000'000'000'000)};
  FakeStore store;
  std::vector<http::Route> routes;

  Table() {
    config.storage.data_dir = folder.path();
    config.log.level = "error";
    auto shared = std::make_shared<const config::Config>(config);
    metrics::Observer observer(config);
    ingest::DeadLetters letters(config, clock, observer);
    ingest::Committer committer(store, observer, config.batch, "test", letters);
    handlers::IngestHandlers ingest(committer, std::make_shared<const ingest::Rules>(config),
                                    letters, clock, observer);
    handlers::LogHandlers logs(store, shared, clock, observer, run_for_client);
    StoreHealth health;
    AccountingView books(store, observer, {});
    handlers::OpsHandlers ops(store, health, observer, books, {}, shared, clock, run_inline);
    FakeCounts fake_counts;
    handlers::CountHandlers counts(fake_counts, shared, clock, observer, run_for_client);
    HeavyWork heavy(1, 1);
    handlers::LogStreamHandlers stream(store, heavy, shared, clock, observer);
    FakeKeys keys;
    auth::Authenticator authenticator(keys, config, clock);
    tail::Hub hub({});
    handlers::TailHandlers tail(hub, store, heavy, authenticator, shared, clock);
    storage::Backend backend;
    backend.logs = std::make_unique<FakeStore>();
    backend.messages = std::make_unique<ScriptedMessages>();
    backend.message_news = [&backend] {
      return static_cast<ScriptedMessages&>(*backend.messages).listen();
    };
    ratelimit::Limiter limiter;
    messages::Parts messages(backend, authenticator, limiter, observer, clock, run_inline, shared);
    handlers::DeletionHandlers deletion(backend, clock, observer, run_inline);
    routes =
        route_table(config, Handlers{ingest, logs, ops, counts, stream, tail, messages, deletion});
    for (http::Route& route : routes) {
      route.handler = reached;
      if (route.admission) route.admission = closed;
    }
  }
};

std::string request_for(const http::Route& route, const std::string& key) {
  std::string path(route.path);
  if (const std::size_t variable = path.find('{'); variable != std::string::npos) {
    path.replace(variable, path.find('}') + 1 - variable, "x");
  }
  const std::string header = key.empty() ? "" : "X-API-Key: " + key + "\r\n";
  if (route.method == http::Method::post) return post(path, "{}", header);
  std::string request = get(path, header);
  return request.replace(0, request.find(' '), http::method_name(route.method));
}

}  // namespace

TEST_CASE("routes: each is reached with its scope and with no other", "[http]") {
  Table table;
  TestServer server;
  server.table = table.routes;
  server.config.ratelimit.enabled = false;
  struct Key {
    std::string secret;
    auth::Scopes scopes;
    bool works = true;
  };
  const auth::Scopes all = auth::Scope::ingest | auth::Scope::read | auth::Scope::admin;
  std::vector<Key> keys;
  for (unsigned bits = 0; bits < 8; ++bits) {
    auth::Scopes scopes;
    for (const auth::Scope scope : {auth::Scope::ingest, auth::Scope::read, auth::Scope::admin}) {
      if ((bits & static_cast<unsigned>(scope)) != 0) scopes = scopes | scope;
    }
    keys.push_back({server.make_key(scopes), scopes});
  }
  keys.push_back(
      {server.make_key(all, {}, {}, system_clock().now() - std::chrono::hours(1)), all, false});
  keys.push_back({server.make_key(all), all, false});
  server.keys.revoke(server.last_key_id, system_clock().now());
  keys.push_back({"nonsense", {}, false});
  keys.push_back({"", {}, false});
  server.start();
  server.authenticator->refresh();

  Client client = server.connect();
  for (const http::Route& route : table.routes) {
    for (const Key& key : keys) {
      INFO(http::method_name(route.method)
           << " " << route.path << " with " << auth::format_scopes(key.scopes));
      const int expected = route.admission                    ? 401
                           : route.scope == auth::Scope::none ? 200
                           : !key.works                       ? 401
                           : key.scopes.has(route.scope)      ? 200
                                                              : 403;
      CHECK(client.send(request_for(route, key.secret)).reply().status == expected);
    }
  }
}

TEST_CASE("routes: these are open to everybody, and no others", "[http]") {
  std::set<std::string> open;
  for (const http::Route& route : Table().routes) {
    if (route.scope == auth::Scope::none && !route.admission) open.insert(std::string(route.path));
  }
  CHECK(open == std::set<std::string>{"/health", "/health/live", "/health/ready", "/limits",
                                      "/liveness", "/metrics", "/readiness", "/ready", "/version"});
  // A row that says nothing is for the fewest.
  CHECK(http::Route().scope == auth::Scope::admin);
}

TEST_CASE("routes: these are opened by the token of a namespace, and no others", "[http]") {
  std::set<std::string> by_token;
  for (const http::Route& route : Table().routes) {
    if (route.admission) by_token.insert(std::string(route.path));
    CHECK(route.reads_body == (route.path == "/import"));
  }
  CHECK(by_token == std::set<std::string>{"/import", "/rpc", "/subscribe"});
}

TEST_CASE("routes: what writes asks for ingest, what shows for read, what deletes for admin",
          "[http]") {
  for (const http::Route& route : Table().routes) {
    INFO(route.path);
    if (route.surface != http::Surface::logs) continue;
    // A question may be too long for a URL.
    const bool asks = route.method == http::Method::get || route.path == "/api/v1/logs/query";
    const bool deletes = route.method == http::Method::del;
    CHECK(route.scope == (deletes ? auth::Scope::admin
                          : asks  ? auth::Scope::read
                                  : auth::Scope::ingest));
  }
}
