#include "shared/query/pattern.h"

#include "tests/support/catch.h"

#include <string>
#include <string_view>

namespace logctl::query {
namespace {

TEST_CASE("pattern: what differs is masked", "[query]") {
  struct Case {
    std::string_view message;
    std::string_view pattern;
  };
  const Case cases[] = {
      {"", ""},
      {"user 42 from 10.0.0.7 took 12.5ms", "user <n> from <ip> took <n>ms"},
      {"id=550e8400-e29b-41d4-a716-446655440000 done", "id=<uuid> done"},
      {"at 2026-01-15T10:30:00.123Z and 2026-01-15 10:30:00,5+01:00", "at <time> and <time>"},
      {"10:30:00 started on 2026-01-15", "<time> started on <time>"},
      {"commit deadbeef12 by 0x7F3a", "commit <hex> by <hex>"},
      {"defaced facade", "defaced facade"},
      {"peer fe80::1:2 or 2001:db8:0:0:0:0:0:1 or ::1", "peer <ip> or <ip> or <ip>"},
      {"version 1.2.3.4.5 of v8", "version <n> of v<n>"},
      {"total 1,234,567.89 (50%)", "total <n> (<n>%)"},
      {"a:b c::d", "a:b c::d"},
      {"größe 7 €9", "größe <n> €<n>"},
      {"worker_12 web-3", "worker_<n> web-<n>"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.message);
    CHECK(pattern_of(c.message) == c.pattern);
  }
}

TEST_CASE("pattern: a long message is cut between letters", "[query]") {
  std::string message;
  for (int i = 0; i < 400; ++i) message += "ö";
  const std::string pattern = pattern_of(message);
  CHECK(pattern == message.substr(0, 512) + "...");
  CHECK(pattern_of("x" + message) == "x" + message.substr(0, 510) + "...");
}

}  // namespace
}  // namespace logctl::query
