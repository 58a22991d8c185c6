#include "shared/query/regex.h"

#include "shared/base/error.h"
#include "shared/query/regex_reader.h"

#include <fmt/format.h>

#include <re2/re2.h>

namespace logctl::query {
namespace {

std::unique_ptr<const re2::RE2> compile(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);  // PostgreSQL's dot takes a line end as well
  options.set_never_capture(true);
  return std::make_unique<const re2::RE2>(pattern, options);
}

[[noreturn]] void refuse(const RegexProblem& problem) {
  throw Error(ErrorCode::validation_error,
              fmt::format("regular expression: column {}: {}", problem.at + 1, problem.what),
              problem.hint);
}

// What the reader lets through and the engine does not.
RegexProblem engine_problem(const re2::RE2& compiled) {
  return {0, fmt::format("the regular expression is not understood: {}", compiled.error())};
}

}  // namespace

std::optional<RegexProblem> regex_problem(std::string_view pattern) {
  try {
    const auto compiled = compile(RegexReader::read(pattern).re2);
    if (!compiled->ok()) return engine_problem(*compiled);
  } catch (const RegexProblem& problem) {
    return problem;
  }
  return std::nullopt;
}

std::string postgres_regex(std::string_view pattern) {
  try {
    return RegexReader::read(pattern).postgres;
  } catch (const RegexProblem& problem) {
    refuse(problem);
  }
}

Regex::Regex(std::string_view pattern) {
  try {
    compiled_ = compile(RegexReader::read(pattern).re2);
  } catch (const RegexProblem& problem) {
    refuse(problem);
  }
  if (!compiled_->ok()) refuse(engine_problem(*compiled_));
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

bool Regex::found_in(std::string_view text) const {
  return re2::RE2::PartialMatch({text.data(), text.size()}, *compiled_);
}

}  // namespace logctl::query
