// What is wrong with one parameter of a question, under a stable name of its own.
#pragma once

#include "shared/base/error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace logctl::query {

// All but the first have names that Change66 answers with, or a language of their own.
enum class BadParameter : std::uint8_t {
  other,
  query,
  start_time,
  end_time,
  event_type,
  priority,
};
struct BadParameterInfo {
  BadParameter kind;
  std::string_view name;     // stable: the `error` of an answer
  std::string_view meaning;  // one line for the docs
};
// Every kind once, in the order of the enum.
std::span<const BadParameterInfo> bad_parameter_table();

// A validation_error that names the parameter.
class ParameterError : public Error {
 public:
  // `problem` says what was found and what is allowed; the message puts the parameter in front.
  ParameterError(std::string parameter, std::string problem,
                 BadParameter kind = BadParameter::other);
  std::string_view name() const;
  const std::string& parameter() const { return parameter_; }
  const std::string& problem() const { return problem_; }

 private:
  std::string parameter_;
  std::string problem_;
  BadParameter kind_;
};

}  // namespace logctl::query
