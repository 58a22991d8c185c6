#include "cli/config_checks.h"

#include "tests/support/catch.h"

#include <functional>
#include <string>
#include <vector>

using namespace logctl;

namespace {

// What is said of the defaults after `change`, one text a complaint.
std::vector<std::string> complaints(const std::function<void(config::Config&)>& change) {
  config::Config config;
  config.storage.data_dir = "/data";
  change(config);
  std::vector<std::string> said;
  cli::check_values(
      config, {[&](std::string_view key, const Error& error) {
                 said.push_back(std::string(key) + ": " + error.message());
               },
               [&](std::string_view key, std::string_view other, const std::string& allowed) {
                 said.push_back(std::string(key) + " and " + std::string(other) + ": " + allowed);
               }});
  return said;
}

using Said = std::vector<std::string>;

}  // namespace

TEST_CASE("config checks: nothing is said of the defaults", "[cli]") {
  CHECK(complaints([](config::Config&) {}).empty());
}

TEST_CASE("config checks: listeners and indexes are read as the daemon will read them", "[cli]") {
  CHECK(complaints([](config::Config& config) {
          config.server.listeners = {"http://h:1", "htp://x:1", "http://h:2?surfaces=logz"};
        }) == Said{"server.listeners: 'htp://x:1': unknown scheme",
                   "server.listeners: 'http://h:2?surfaces=logz': unknown surface 'logz', "
                   "expected logs, ops or messages"});
  const Said indexes = complaints([](config::Config& config) {
    config.storage.indexes = {"user_id", "nosuch"};
  });
  REQUIRE(indexes.size() == 1);
  CHECK_THAT(indexes[0], Catch::Matchers::StartsWith("storage.indexes: index on 'nosuch': "));
  CHECK(complaints([](config::Config& config) {
          config.server.listeners = {"http://h:1", "http://0.0.0.0:9"};
          config.metrics.port = 9;
        }) == Said{"metrics.port and server.listeners: another port"});
}

TEST_CASE("config checks: a path is served once", "[cli]") {
  const auto paths = [](const char* health, const char* metrics, std::uint16_t port = 0) {
    return complaints([&](config::Config& config) {
      config.server.health_path = health;
      config.metrics.path = metrics;
      config.metrics.port = port;
    });
  };
  CHECK(paths("/up", "/m").empty());
  CHECK(paths("/metrics", "/metrics") ==
        Said{"server.health_path and metrics.path: two different paths"});
  CHECK(paths("/metrics", "/metrics", 9).empty());
  CHECK(paths("/version", "/health") ==
        Said{"server.health_path: found '/version', where something else is served (the "
             "version), allowed is a path of its own",
             "metrics.path: found '/health', where something else is served (whether the store "
             "can be reached), allowed is a path of its own"});
  CHECK(paths("/health", "/api/v1/logs/hits") ==
        Said{"metrics.path: found '/api/v1/logs/hits', where something else is served (counts "
             "over time), allowed is a path of its own"});
}

TEST_CASE("config checks: an address and its parts go together", "[cli]") {
  CHECK(complaints([](config::Config& config) {
          config.database.url = "postgresql://h/d?sslmode=disable";
          config.database.user = "u";
          config.database.dbname = "d";
          config.database.sslmode = "require";
        }) == Said{"database.sslmode and database.url: one of them, or the same sslmode in both"});
  CHECK(complaints([](config::Config& config) {
          config.database.host = "h";
          config.database.options = "sslmod=require";
        }).size() == 1);
}
