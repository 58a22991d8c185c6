// The question of every command that asks for records: its text and its flags, which become the
// parameters of the HTTP filter call, so that one list of rules serves all.
#pragma once

#include "cli/arguments.h"
#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/query/parameters.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace logctl::cli {

struct QueryFlags {
  static constexpr std::size_t kCount = 17;
  std::array<std::string, kCount> values;
  std::array<Option, kCount> given;
  std::vector<std::string> text;
  std::string tenant = "default";
};

// QUERY, one flag for each field, --since, --until and --tenant. `flags` must outlive the parsing.
void add_query_flags(Arguments app, QueryFlags& flags,
                     const std::string& help =
                         "what to look for: words in the message, "
                         "field:value, level>=warn, -not, or, ( )");

// What was asked, as it was written. Throws Error{usage} for a flag without a value.
query::Parameters parameters_of(const QueryFlags& flags);

// One text that asks the same, in which times before now are still such; empty when nothing was
// asked. Throws as read_question.
std::string text_of(const QueryFlags& flags, const std::vector<std::string>& event_types,
                    Timestamp now);

// The same problem with the flag's name in the place of the parameter's.
Error flag_error(const query::ParameterError& error);

// `parameters` for the tenant; `now` is what durations are before; no `event_types` are all of
// them. Throws Error{usage} naming the flag.
query::Query read_question(const query::Parameters& parameters, const std::string& tenant,
                           const std::vector<std::string>& event_types, Timestamp now);

}  // namespace logctl::cli
