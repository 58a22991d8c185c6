#include "cli/dead_letter_filter.h"

#include "cli/arguments.h"
#include "cli/output.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::cli {
namespace {

std::vector<std::string_view> reason_names() {
  std::vector<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::refused_by_store); ++i) {
    names.push_back(reason_name(static_cast<Reason>(i)));
  }
  return names;
}

void check_reason(std::string_view reason) {
  const std::vector<std::string_view> names = reason_names();
  if (reason.empty() || std::ranges::find(names, reason) != names.end()) return;
  const std::string_view guess = nearest_name(reason, names);
  throw Error(ErrorCode::usage,
              fmt::format("--reason: found '{}', expected one of {}", terminal_safe(reason),
                          fmt::join(names, ", ")),
              guess.empty() ? std::string() : fmt::format("did you mean '{}'?", guess));
}

std::optional<Timestamp> read_time(std::string_view flag, std::string_view text, Timestamp now) {
  if (text.empty()) return std::nullopt;
  if (const auto age = parse_duration(text)) return now - *age;
  if (const auto time = parse_rfc3339(text)) return time;
  throw Error(ErrorCode::usage,
              fmt::format("{}: found '{}', expected a duration such as 1h30m before now, or a time "
                          "such as 2026-01-31T00:00:00Z",
                          flag, terminal_safe(text)));
}

}  // namespace

bool DeadLetterFilter::empty() const {
  return ids.empty() && reason.empty() && tenant.empty() && source.empty() && since.empty() &&
         before.empty();
}

void DeadLetterFilter::check(Timestamp now) {
  check_reason(reason);
  from_ = read_time("--since", since, now);
  until_ = read_time("--before", before, now);
}

bool DeadLetterFilter::fits(const ingest::DeadLetter& letter) const {
  return (ids.empty() || std::ranges::find(ids, letter.id) != ids.end()) &&
         (reason.empty() || reason == letter.reason) &&
         (tenant.empty() || tenant == letter.tenant) &&
         (source.empty() || source == letter.source) && (!from_ || letter.at >= *from_) &&
         (!until_ || letter.at < *until_);
}

void add_filter(Arguments app, DeadLetterFilter& filter) {
  app.add_option("--reason", filter.reason, "refused for this reason").type_name("REASON");
  app.add_option("--tenant", filter.tenant, "of this tenant").type_name("NAME");
  app.add_option("--source", filter.source, "from this source, such as /ingest or store")
      .type_name("SOURCE");
  app.add_option("--since", filter.since,
                 "refused from this time on: 1h30m before now, or RFC 3339")
      .type_name("TIME");
}

}  // namespace logctl::cli
