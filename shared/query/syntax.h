// The one-line text form of a question, for people: `level>=warn "timed out" -service:api
// since:2h`.
//
//   words "phrases"          in the message, ASCII letters in either case
//   field:value              equal; message:value is a part of it; field:u-* with any ending;
//                            field:* has one; field:(a or b) any of them
//   /regex/ field:/regex/i   a regular expression (regex.h) found in it; i: letters in either case
//   field=value field!=value exactly; < <= > >= for level, times, sequence_number and properties
//   properties.a.b           a field inside properties; properties."a b" with other signs
//   id:ID                    the record with this public id
//   -x, not x, x y, x and y, x or y, ( )
//   since:2h until:TIME      bounds of the whole question: a duration before now, or RFC 3339
//
// Pure. `or` binds weaker than `and`, `not` strongest; the three words in capitals mean the same.
#pragma once

#include "shared/base/error.h"
#include "shared/query/query.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace logctl::query {

// Error{validation_error} that points into the text.
class SyntaxError : public Error {
 public:
  SyntaxError(std::size_t column, const std::string& problem, std::string hint = {})
      : Error(ErrorCode::validation_error, "column " + std::to_string(column) + ": " + problem,
              std::move(hint)),
        column_(column) {}
  std::size_t column() const { return column_; }  // in characters, from 1

 private:
  std::size_t column_;
};

// Adds what the text asks for to `query`: filters, and the bounds of time where it names them.
// Throws SyntaxError. Empty text asks for nothing.
void parse_text(std::string_view text, Timestamp now, Query& query);

// The text form of filters and bounds; parse_text gives the same back.
std::string format_text(const Query& query);

}  // namespace logctl::query
