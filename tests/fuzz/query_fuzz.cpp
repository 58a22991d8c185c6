// The text form of questions: any bytes are read or refused, and what was read is written so that
// it reads back the same. What can be asked of a store can be asked of a record.
#include "shared/query/match.h"
#include "shared/query/sql.h"
#include "shared/query/syntax.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace logctl;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  query::Query query;
  try {
    query::parse_text(text, Timestamp(), query);
  } catch (const query::SyntaxError&) {
    return 0;
  }
  query::Query again;
  try {
    query::parse_text(query::format_text(query), Timestamp(), again);
  } catch (const query::SyntaxError&) {
    // Written out, `a:(b or c)` is longer, and may be more than is taken.
    return 0;
  }
  if (again.filters != query.filters) std::abort();
  try {
    (void)query::select_rows(query, query::Dialect::postgres);
    (void)query::select_rows(query, query::Dialect::sqlite);
  } catch (const Error&) {
    return 0;
  }
  // Regular expressions are compiled here, and find or do not find; nothing is thrown any more.
  const query::Matcher matcher(query);
  LogRecord record;
  record.message = text;
  record.service = text.substr(text.size() / 2);
  record.properties = R"({"a":{"b":1.5e3},"n":"x"})";
  const bool first = matcher.matches(record);
  if (matcher.matches(record) != first) std::abort();
  return 0;
}
