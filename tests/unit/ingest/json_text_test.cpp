#include "shared/ingest/json_text.h"

#include "shared/base/time_text.h"
#include "shared/ingest/epoch_time.h"
#include "tests/support/catch.h"

#include <cstring>

using namespace logctl;
using namespace logctl::ingest;

namespace {

std::string unescaped(std::string_view raw, bool keep_nul = false) {
  std::string out(raw.size(), '\0');
  const Unescaped done = unescape(raw, out.data(), keep_nul);
  out.resize(done.size);
  switch (done.fault) {
    case TextFault::none:
      return out;
    case TextFault::bad_escape:
      return "bad escape at " + std::to_string(done.fault_at);
    case TextFault::nul:
      return "nul at " + std::to_string(done.fault_at);
    case TextFault::lone_surrogate:
      return "lone surrogate at " + std::to_string(done.fault_at);
  }
  return {};
}

bool is_number(std::string_view text) {
  const std::string copy(text);  // ends with NUL, as the text of a parser does
  bool has_exponent;
  const char* end = scan_number(copy.c_str(), has_exponent);
  return end != nullptr && end == copy.c_str() + copy.size();
}

}  // namespace

TEST_CASE("json text: escapes", "[ingest]") {
  struct Row {
    std::string_view raw, expected;
  };
  for (const Row& row : {
           Row{"", ""},
           Row{"plain", "plain"},
           Row{R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
           Row{R"(a\u0041b)", "aAb"},
           Row{R"(\u00e9\u20AC)", "é€"},
           Row{R"(\ud83d\ude00)", "😀"},
           Row{R"(\uDBFF\uDFFF)", "\xF4\x8F\xBF\xBF"},
           Row{R"(\uFFFF)", "\xEF\xBF\xBF"},
           Row{R"(ab\x)", "bad escape at 2"},
           Row{R"(ab\)", "bad escape at 2"},
           Row{R"(\u12)", "bad escape at 0"},
           Row{R"(\u12g4)", "bad escape at 0"},
           Row{R"(x\u0000)", "nul at 1"},
           Row{R"(\ud83d)", "lone surrogate at 0"},
           Row{R"(\ud83dx)", "lone surrogate at 0"},
           Row{R"(\ud83d\n)", "lone surrogate at 0"},
           Row{R"(\ud83d\ud83d)", "lone surrogate at 0"},
           Row{R"(\ud83d\u12)", "bad escape at 6"},
           Row{R"(a\ude00)", "lone surrogate at 1"},
       }) {
    CAPTURE(row.raw);
    CHECK(unescaped(row.raw) == row.expected);
    const Unescaped checked = check_escapes(row.raw);
    if (checked.fault == TextFault::none) CHECK(checked.size == row.expected.size());
  }
  CHECK(unescaped(R"(x\u0000y)", true) == std::string("x\0y", 3));
}

TEST_CASE("json text: the grammar of numbers", "[ingest]") {
  for (const char* good : {"0", "-0", "1", "-12", "0.5", "1.50", "1e5", "1E+5", "1e-05", "-1.5e10",
                           "123456789012345678901234567890", "0e0"}) {
    CAPTURE(good);
    CHECK(is_number(good));
  }
  for (const char* bad : {"", "-", "+1", "01", "-01", "1.", ".5", "1.e5", "1e", "1e+", "0x10",
                          "1_0", "NaN", "Infinity", "-a", "1e5.5", "1 "}) {
    CAPTURE(bad);
    CHECK_FALSE(is_number(bad));
  }
}

// The rows at the limits were tried on PostgreSQL 15, as text cast to jsonb.
TEST_CASE("json text: numbers that PostgreSQL's numeric takes", "[ingest]") {
  const std::string nines(131072, '9');
  const std::string fraction = "0." + std::string(16383, '1');
  for (const std::string& good :
       {std::string("0"), std::string("-12.50"), std::string("1e131071"), std::string("9.5e131071"),
        std::string("1e-16383"), std::string("1.5e-16382"), std::string("0e400000"),
        std::string("0.0e-16382"), std::string("0.00001e131076"), std::string("10e131070"),
        std::string("1.00e+131071"), std::string("0e1073741822"), nines, "-" + nines, fraction}) {
    CAPTURE(good.substr(0, 20));
    CHECK(fits_numeric(good));
  }
  for (const std::string& bad :
       {std::string("1e131072"), std::string("1e400000"), std::string("-1e400000"),
        std::string("1e-16384"), std::string("1.5e-16383"), std::string("0e-20000"),
        std::string("0.0e-16383"), std::string("0.00001e131077"), std::string("10e131071"),
        std::string("0e1073741824"), std::string("1e99999999999999999999"), nines + "9",
        fraction + "1"}) {
    CAPTURE(bad.substr(0, 20));
    CHECK_FALSE(fits_numeric(bad));
    CHECK_FALSE(fits_jsonb(bad));
  }
}

TEST_CASE("json text: numbers that jsonb does not blow up", "[ingest]") {
  const std::string nines(131072, '9');
  for (const std::string& good :
       {std::string("-12.50"), std::string("1.7976931348623157e308"),
        std::string("4.9406564584124654e-324"), std::string("1e399"), std::string("1e-400"),
        std::string("0.00001e404"), std::string("0e400000"), nines}) {
    CAPTURE(good.substr(0, 20));
    CHECK(fits_jsonb(good));
  }
  for (const char* bad : {"1e400", "-1E400", "1e-401", "1.5e-400", "0e-401", "1e131071"}) {
    CAPTURE(bad);
    CHECK_FALSE(fits_jsonb(bad));
  }
}

TEST_CASE("json text: the first byte that is not UTF-8 is found", "[ingest]") {
  struct Row {
    std::string_view text;
    std::size_t at;
  };
  using namespace std::string_view_literals;
  for (const Row& row : {
           Row{"plain"sv, 5},
           Row{"é€😀"sv, 9},
           Row{"a\xFF"sv, 1},
           Row{"a\xC3"sv, 1},
           Row{"a\xC3(b"sv, 1},
           Row{"\xC0\xAF"sv, 0},
           Row{"\xE2\x82"sv, 0},
           Row{"\xE0\x80\x80"sv, 0},
           Row{"ab\xED\xA0\x80"sv, 2},
           Row{"\xF0\x80\x80\x80"sv, 0},
           Row{"\xF4\x90\x80\x80"sv, 0},
           Row{"\xF5\x80\x80\x80"sv, 0},
           Row{"\x80"sv, 0},
       }) {
    CAPTURE(row.text.size(), row.at);
    CHECK(first_invalid_utf8(row.text) == row.at);
    CHECK(is_utf8(row.text) == (row.at == row.text.size()));
  }
}

TEST_CASE("json text: an excerpt is short and always valid", "[ingest]") {
  CHECK(excerpt("short") == "short");
  CHECK(excerpt(std::string(48, 'x')) == std::string(48, 'x'));
  CHECK(excerpt(std::string(49, 'x')) == std::string(48, 'x').append("..."));
  CHECK(excerpt(std::string(47, 'x').append("é")) == std::string(47, 'x').append("..."));
  CHECK(excerpt("a\nb\x01") == "a b\\u0001");
  CHECK(excerpt("ab\xFFz") == "ab...");
  CHECK(excerpt("\xFF") == "byte 0xff");
  CHECK(quoted("x") == "\"x\"");
}

TEST_CASE("epoch time: the size tells the unit", "[ingest]") {
  struct Row {
    std::string_view number, expected;
  };
  for (const Row& row : {
           Row{"0", "1970-01-01T00:00:00Z"},
           Row{"1768472000", "2026-01-15T10:13:20Z"},
           Row{"1768472000.25", "2026-01-15T10:13:20.25Z"},
           Row{"1768472000.1234567", "2026-01-15T10:13:20.123456Z"},
           Row{"1768472000123", "2026-01-15T10:13:20.123Z"},
           Row{"1768472000123.4", "2026-01-15T10:13:20.1234Z"},
           Row{"1768472000123456", "2026-01-15T10:13:20.123456Z"},
           Row{"1768472000123456.7", "2026-01-15T10:13:20.123456Z"},
           Row{"1768472000123456789", "2026-01-15T10:13:20.123456Z"},
           Row{"1.768472e9", "2026-01-15T10:13:20Z"},
           Row{"1.768472e12", "2026-01-15T10:13:20Z"},
           Row{"1768472e12", "2026-01-15T10:13:20Z"},
           Row{"-1.5", "1969-12-31T23:59:58.5Z"},
       }) {
    CAPTURE(row.number);
    const auto time = parse_epoch(row.number);
    REQUIRE(time);
    CHECK(format_rfc3339(*time) == row.expected);
  }
  CHECK_FALSE(parse_epoch("99999999999999999999"));
  CHECK_FALSE(parse_epoch("1e300"));
}

TEST_CASE("epoch time: the years that can be written", "[ingest]") {
  const Timestamp last = *parse_rfc3339("9999-12-31T23:59:59.999999Z");
  CHECK(is_writable_time(last));
  CHECK_FALSE(is_writable_time(last + microseconds(1)));
  const Timestamp first = *parse_rfc3339("0001-01-01T00:00:00Z");
  CHECK(is_writable_time(first));
  CHECK_FALSE(is_writable_time(first - microseconds(1)));
}
