// The rows that a key may read, as text: rules such as `service=payments`, one a line, all of which
// must hold. Pure.
//
// A rule compares one field: service, host, event_type, event_name, user_id, session_id,
// app_version, priority, level, or min_level (this severity or a higher one). A row without the
// field fails its rule.
#pragma once

#include "shared/query/query.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {

// The names that a rule may begin with.
std::span<const std::string_view> row_rule_names();

// `NAME=VALUE` -> Filter. Throws Error{validation_error} that says what was found and expected.
Filter parse_row_rule(std::string_view rule);

// Every line of `text`; nothing when it is empty. Throws as parse_row_rule: who cannot read a rule
// must show no rows at all.
std::vector<Filter> parse_row_filter(std::string_view text);

}  // namespace logctl::query
