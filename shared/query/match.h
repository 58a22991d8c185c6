// Does a record satisfy a question? Evaluated in memory, with exactly the meaning that the question
// has as SQL in both dialects: tenant, time window and filters; not the cursor, nor what sorts and
// cuts.
//
// A Matcher is compiled once and owns what it needs. Its methods are const: any thread may call.
#pragma once

#include "shared/query/query.h"
#include "shared/record/record.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace logctl::query {

class Matcher {
 public:
  // Throws Error{validation_error} when the question cannot be asked, in the same words as a store.
  explicit Matcher(const Query& query);
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  bool matches(const LogRecord& record) const;

 private:
  struct Test;
  static Test compile(const Filter& filter);
  static bool passes(const Test& test, const LogRecord& record);
  static bool column_passes(const Test& test, const LogRecord& record);

  std::string tenant_;
  std::optional<Timestamp> since_;
  std::optional<Timestamp> until_;
  std::vector<Test> tests_;  // all must pass
};

// The column's text; empty when absent, and for columns that hold no text.
std::string_view field_text(const LogRecord& record, Field field);

}  // namespace logctl::query
