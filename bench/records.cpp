#include "bench/records.h"

#include "shared/base/clock.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace logctl::bench {
namespace {

constexpr std::array<std::string_view, 8> kServices = {
    "checkout", "payments", "search", "catalog", "identity", "gateway", "mailer", "inventory"};
constexpr std::array<std::string_view, 5> kLevels = {"DEBUG", "INFO", "INFO", "WARN", "ERROR"};
constexpr std::array<std::string_view, 5> kTypes = {"behavioral", "telemetry", "observability",
                                                    "error", "performance"};
constexpr std::array<std::string_view, 6> kNames = {"order_placed",    "request_served",
                                                    "cache_refreshed", "payment_failed",
                                                    "page_rendered",   "session_started"};

// splitmix64: spreads the number so that neighbours differ.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31U);
}

struct Values {
  std::string_view service, level, type, name;
  std::string timestamp, event_id, message, user, session, host, trace, properties;
  std::int64_t micros;
};

Values values_of(std::uint64_t n, const RecordShape& shape) {
  const std::uint64_t r = mix(n);
  Values v;
  v.service = kServices[r % kServices.size()];
  v.level = kLevels[(r >> 8U) % kLevels.size()];
  v.type = kTypes[(r >> 16U) % kTypes.size()];
  v.name = kNames[(r >> 24U) % kNames.size()];
  v.micros = shape.start_micros + static_cast<std::int64_t>(n) * shape.step_micros;
  v.timestamp = format_rfc3339(from_micros(v.micros));
  v.event_id = fmt::format("{}-{:012}", shape.run, n);
  v.message = fmt::format("{} finished in {} ms for cart {} with {} items, upstream answered {}",
                          v.name, r % 900, (r >> 20U) % 1'000'000, r % 17, 200 + (r >> 12U) % 5);
  v.user = fmt::format("user-{}", r % 50'000);
  v.session = fmt::format("session-{:08x}", (r >> 7U) & 0xffffffU);
  v.host = fmt::format("node-{:02}.eu-west.example", r % 40);
  v.trace = fmt::format("{:016x}{:016x}", r, mix(r));
  v.properties = fmt::format(
      R"({{"latency_ms":{},"cache":{},"region":"eu-west-{}","retries":{},"amount":{}.{:02},"path":"/api/v2/{}"}})",
      r % 900, (r & 1U) != 0 ? "true" : "false", r % 3, r % 4, r % 500, r % 100, v.service);
  return v;
}

}  // namespace

void append_record(std::string& out, std::uint64_t n, const RecordShape& shape) {
  const Values v = values_of(n, shape);
  fmt::format_to(
      std::back_inserter(out),
      R"({{"timestamp":"{}","event_id":"{}","service":"{}","level":"{}","message":"{}","event_type":"{}",)"
      R"("event_name":"{}","user_id":"{}","session_id":"{}","app_version":"2.4.1","host":"{}",)"
      R"("trace_id":"{}","sequence_number":{},"priority":"normal","properties":{}}})",
      v.timestamp, v.event_id, v.service, v.level, v.message, v.type, v.name, v.user, v.session,
      v.host, v.trace, n, v.properties);
}

void append_batch(std::string& out, std::uint64_t first, std::uint64_t last,
                  const RecordShape& shape) {
  out += R"({"logs":[)";
  for (std::uint64_t n = first; n < last; ++n) {
    if (n > first) out += ',';
    append_record(out, n, shape);
  }
  out += "]}";
}

void append_copy_line(std::string& out, std::uint64_t n, const RecordShape& shape) {
  const Values v = values_of(n, shape);
  fmt::format_to(std::back_inserter(out),
                 "{}\t{}\tdefault\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t2.4.1\t{}\t{}\t{}\tnormal\t{}\n",
                 v.timestamp, v.event_id, v.timestamp, v.service, v.level, v.message, v.type,
                 v.name, v.user, v.session, v.host, v.trace, n, v.properties);
}

void append_csv_line(std::string& out, std::uint64_t n, const RecordShape& shape) {
  const Values v = values_of(n, shape);
  std::string quoted;
  for (const char c : v.properties) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  fmt::format_to(std::back_inserter(out),
                 "{},{},default,{},,{},{},\"{}\",{},{},{},{},2.4.1,{},{},,{},normal,\"{}\",\n",
                 v.micros, v.event_id, v.micros, v.service, v.level, v.message, v.type, v.name,
                 v.user, v.session, v.host, v.trace, n, quoted);
}

}  // namespace logctl::bench
