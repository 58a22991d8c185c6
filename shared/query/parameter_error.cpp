#include "shared/query/parameter_error.h"

#include <array>
#include <cstddef>
#include <utility>

namespace logctl::query {
namespace {

constexpr std::array kTable = {
    BadParameterInfo{BadParameter::other, "invalid_parameter",
                     "a parameter is unknown or has a value that is not allowed"},
    BadParameterInfo{BadParameter::query, "invalid_query",
                     "the text of a query cannot be read; the message says at which column"},
    BadParameterInfo{BadParameter::start_time, "invalid_start_time",
                     "the time that a question begins with is none"},
    BadParameterInfo{BadParameter::end_time, "invalid_end_time",
                     "the time that a question ends with is none, or lies before its start"},
    BadParameterInfo{BadParameter::event_type, "invalid_event_type",
                     "an event type that ingest.event_types does not name"},
    BadParameterInfo{BadParameter::priority, "invalid_priority",
                     "a priority other than normal and high"},
};

}  // namespace

std::span<const BadParameterInfo> bad_parameter_table() { return kTable; }

ParameterError::ParameterError(std::string parameter, std::string problem, BadParameter kind)
    : Error(ErrorCode::validation_error, parameter + ": " + problem),
      parameter_(std::move(parameter)),
      problem_(std::move(problem)),
      kind_(kind) {}

std::string_view ParameterError::name() const {
  return kTable[static_cast<std::size_t>(kind_)].name;
}

}  // namespace logctl::query
