// URL parameters and command-line flags -> Query. One list of names serves both.
#pragma once

#include "shared/base/clock.h"
#include "shared/query/parameter_error.h"
#include "shared/query/query.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::query {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// What a filter request means besides its Query.
struct FilterRequest {
  Query query;
  std::uint32_t page = 1;
  std::uint32_t page_size = 50;
  bool keyset = false;  // `cursor=` was given, empty for the first page
};

// Reads event_type, event_name, user_id, session_id, app_version, priority, provider_name, service,
// level, host, trace_id, span_id, message (substring), min_level, start_time, end_time (inclusive),
// since, until (exclusive; both also take a duration before `now`), page, page_size, sort_by,
// sort_order, limit (another name of page_size), cursor. An empty value means not given, except for
// cursor. Throws ParameterError on a bad value, a name given twice or an unknown name (with the
// nearest). `event_types` are the values that event_type may take; none allows any.
// `max_page_size` is 1000 over HTTP. The tenant is the caller's to set.
FilterRequest parse_filter(const Parameters& parameters, std::span<const std::string> event_types,
                           Timestamp now, std::uint32_t max_page_size = 1000);

}  // namespace logctl::query
