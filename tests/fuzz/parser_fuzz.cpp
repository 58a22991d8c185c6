// libFuzzer target: any bytes, every entry of the parser, one accounting that must add up. Built
// with clang and -DLOGCTL_FUZZ=ON.
#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/config/config.h"
#include "shared/ingest/parser.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

using namespace logctl;
using logctl::ingest::Dialect;

namespace {

void check(const Batch& batch) {
  if (batch.received != batch.records.size() + batch.rejections.size()) std::abort();
  for (const LogRecord& record : batch.records) {
    if (record.event_id.empty()) std::abort();
    if (!record.properties.empty() && record.properties.front() != '{') std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ManualClock clock(*parse_rfc3339("2026-01-15T12:00:00Z"));
  static ingest::Parser parser(std::make_shared<const ingest::Rules>(config::Config{}), clock);
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(parser.parse_lines(text, "default"));
  (void)ingest::is_wrapped(text);
  for (const Dialect dialect :
       {Dialect::native, Dialect::change66, Dialect::cmdlog, Dialect::aggregator}) {
    try {
      check(parser.parse_many(std::string(text), dialect, "default"));
    } catch (const Error&) {
      // Refused whole, which is an answer.
    }
    try {
      check(parser.parse_one(std::string(text), dialect, "default"));
    } catch (const Error&) {
      // The same.
    }
  }
  return 0;
}
