#include "shared/query/row_filter.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::query;

TEST_CASE("row filter: every name becomes a comparison of its field", "[query]") {
  for (const std::string_view name : row_rule_names()) {
    INFO(name);
    const bool level = name == "level" || name == "min_level";
    const Filter filter = parse_row_rule(std::string(name) + "=" + (level ? "error" : "a=b c"));
    CHECK(field_name(filter.field) == (level ? "level" : name));
    CHECK((filter.op == Op::at_least) == (name == "min_level"));
    CHECK(filter.value == (level ? "error" : "a=b c"));
  }
}

TEST_CASE("row filter: lines must all hold", "[query]") {
  CHECK(parse_row_filter("").empty());
  const std::vector<Filter> filters = parse_row_filter("service=payments\nhost=a\n");
  REQUIRE(filters.size() == 2);
  CHECK(filters[0].value == "payments");
  CHECK(filters[1].field == Field::host);
}

TEST_CASE("row filter: what cannot be read is named", "[query]") {
  const auto fails = [](std::string_view text, std::string_view message,
                        std::string_view hint = {}) {
    INFO(text);
    try {
      (void)parse_row_filter(text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::validation_error);
      CHECK(error.message() == message);
      CHECK(error.hint() == hint);
    }
  };
  constexpr std::string_view kNames =
      "service, host, event_type, event_name, user_id, session_id, app_version, priority, level, "
      "min_level";
  fails("payments", "found 'payments', expected FIELD=VALUE such as service=payments");
  fails("servce=a", "found 'servce', expected one of " + std::string(kNames),
        "did you mean 'service'?");
  fails("tenant=a", "found 'tenant', expected one of " + std::string(kNames));
  fails("service=", "service: expected a value, found nothing");
  fails("service=a\n\nhost=b", "found '', expected FIELD=VALUE such as service=payments");
  fails("service=a\tb", "a rule holds control characters or is not UTF-8");
  fails("service=\xFF", "a rule holds control characters or is not UTF-8");
  fails("min_level=loud", "min_level: found 'loud', expected a level such as INFO or ERROR");
  fails("host=" + std::string(1025, 'x'), "host: has 1025 bytes, allowed are 1024");
}
