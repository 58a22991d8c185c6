#include "service/http/listener_spec.h"

#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::http;

namespace {

using Kind = ListenerSpec::Kind;

}  // namespace

TEST_CASE("listener: host and port make the one listener unless a list is given", "[http]") {
  config::Config config;
  config.server.host = "127.0.0.1";
  config.server.port = 81;
  REQUIRE(listener_specs(config).size() == 1);
  CHECK(listener_specs(config)[0].host == "127.0.0.1");
  CHECK(listener_specs(config)[0].port == 81);
  CHECK(listener_specs(config)[0].surfaces == kAllSurfaces);
  config.server.listeners = {"http://:1", "unix:///a"};
  CHECK(listener_specs(config).size() == 2);
  config.metrics.port = 9091;
  REQUIRE(listener_specs(config).size() == 3);
  CHECK(listener_specs(config)[2].port == 9091);
  CHECK(listener_specs(config)[2].surfaces == static_cast<unsigned>(Surface::metrics));
}

TEST_CASE("listener: addresses are understood", "[http]") {
  const auto f = [](const std::string& text, Kind kind, std::string_view host, std::uint16_t port,
                    std::string_view path, unsigned surfaces) {
    INFO(text);
    const ListenerSpec spec = parse_listener(text);
    CHECK(spec.kind == kind);
    CHECK(spec.host == host);
    CHECK(spec.port == port);
    CHECK(spec.path == path);
    CHECK(spec.surfaces == surfaces);
  };
  f("http://0.0.0.0:8080", Kind::tcp, "0.0.0.0", 8080, "", kAllSurfaces);
  f("http://localhost:0/", Kind::tcp, "localhost", 0, "", kAllSurfaces);
  f("http://:80", Kind::tcp, "0.0.0.0", 80, "", kAllSurfaces);
  f("http://[::1]:80?surfaces=ops", Kind::tcp, "::1", 80, "", 2);
  f("http://h:1?surfaces=logs+ops", Kind::tcp, "h", 1, "", 3);
  f("http://h:1?surfaces=messages", Kind::tcp, "h", 1, "", 8);
  f("http://h:1?surfaces=logs,ops,messages", Kind::tcp, "h", 1, "", kAllSurfaces);
  f("unix:///run/a%20b.sock?surfaces=logs", Kind::unix_socket, "", 0, "/run/a b.sock", 1);
  f("https://h:443?cert=/c.pem&key=/k.pem", Kind::tls, "h", 443, "", kAllSurfaces);
  CHECK(parse_listener("https://h:443?cert=/c.pem&key=/k.pem").certificate == "/c.pem");
  CHECK(parse_listener("https://h:443?cert=/c.pem&key=/k.pem").key == "/k.pem");
}

TEST_CASE("listener: what is wrong with an address is named", "[http]") {
  const auto f = [](const std::string& text, const std::string& message,
                    const std::string& hint = {}) {
    INFO(text);
    try {
      parse_listener(text);
      FAIL_CHECK("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::config);
      CHECK(error.message() == "'" + text + "': " + message);
      if (!hint.empty()) CHECK(error.hint() == hint);
    }
  };
  f("ftp://x:1", "unknown scheme",
    "expected http://HOST:PORT, https://HOST:PORT?cert=FILE&key=FILE or unix:///PATH");
  f("http://host", "the port is missing");
  f("http://[::1]", "the port is missing");
  f("http://::1:80", "an IPv6 address is written in brackets, as in http://[::1]:8080");
  f("http://h:70000", "'70000' is not a port, expected 0 to 65535");
  f("http://h:", "'' is not a port, expected 0 to 65535");
  f("unix://relative", "the path of a unix socket must be absolute");
  f("https://h:1?cert=/c", "key is missing");
  f("https://h:1?key=/c", "cert is missing");
  f("http://h:1?cert=/c", "cert and key belong to https:// only");
  f("http://h:1?surface=ops", "unknown parameter 'surface', expected cert, key or surfaces",
    "did you mean 'surfaces'?");
  f("http://h:1?surfaces=log", "unknown surface 'log', expected logs, ops or messages",
    "did you mean 'logs'?");
  f("http://h:1?surfaces=", "'surfaces=' has no usable value");
}
