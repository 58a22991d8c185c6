#include "shared/messages/token.h"

#include "shared/base/ids.h"
#include "tests/support/catch.h"

#include <string>

using namespace logctl;
using messages::make_token;
using messages::namespace_of;

TEST_CASE("a token names its namespace", "[token]") {
  for (const std::string name : {"default", "a", "test-some_name-123", "Zoë", "ab\x7f?>~"}) {
    const std::string token = make_token(name);
    CHECK(token.starts_with("ns_" + base64url_encode(name) + "_"));
    CHECK(token.size() == 3 + base64url_encode(name).size() + 1 + 64);
    CHECK(namespace_of(token) == name);
    CHECK(make_token(name) != token);
  }
}

TEST_CASE("a token is split at its last underscore", "[token]") {
  // "???" is Pz8_ in base64url.
  for (const std::string name : {"???", "??????", "x???", "ab?"}) {
    REQUIRE(base64url_encode(name).find('_') != std::string::npos);
    CHECK(namespace_of(make_token(name)) == name);
  }
}

TEST_CASE("what is no token names nothing", "[token]") {
  const std::string secret(64, 'a');
  CHECK(namespace_of("ns_ZGVmYXVsdA_" + secret) == "default");
  // Bytes that are no text are no name.
  CHECK_FALSE(namespace_of(make_token("\xff\xff\xff")).has_value());
  for (const std::string& text :
       {std::string(), std::string("ns_"), "ns_" + secret, "ns__" + secret,
        "NS_ZGVmYXVsdA_" + secret, "ns_ZGVmYXVsdA" + secret, "ns_ZGVmYXVsdA_" + secret + "a",
        "ns_ZGVmYXVsdA_" + secret.substr(1), "ns_ZGVmYXVsdA_" + std::string(64, 'A'),
        "ns_ZGVmYXVsdA_" + std::string(64, 'g'), "ns_ZGVm+XVsdA_" + secret,
        "ns_ZGVmYXVsdA=_" + secret, "ns_Z_" + secret, " ns_ZGVmYXVsdA_" + secret}) {
    INFO(text);
    CHECK_FALSE(namespace_of(text).has_value());
  }
}
