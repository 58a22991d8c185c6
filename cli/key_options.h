// What the `keys` commands understand: names, scopes, ends, rules for rows, rates. Pure. Throws
// Error{usage} that names the option, what was found and what is allowed.
#pragma once

#include "shared/auth/scope.h"
#include "shared/base/clock.h"
#include "shared/storage/store.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// The limits as typed; empty: not given.
struct TypedLimits {
  std::string requests;  // a rate such as 100/s, `none` or `default`
  std::string burst;     // a whole number or `default`
  std::string records;   // a rate or `none`
  std::string records_burst;
  std::string bytes;  // a rate such as 10MB/s or `none`
  std::string bytes_burst;

  bool empty() const {
    return requests.empty() && burst.empty() && records.empty() && records_burst.empty() &&
           bytes.empty() && bytes_burst.empty();
  }
};

void check_name(std::string_view name);
void check_tenant(std::string_view tenant);
auth::Scopes check_scopes(std::string_view text);
// A duration from now, or a time; nothing for an empty text. On whole seconds.
std::optional<Timestamp> check_expires(std::string_view text, Timestamp now);
microseconds check_duration(std::string_view option, std::string_view text);
// Rules such as service=payments -> the text that is stored.
std::string check_only(const std::vector<std::string>& rules, auth::Scopes scopes);
// What `typed` makes of `limits`.
storage::KeyLimits check_limits(const TypedLimits& typed, storage::KeyLimits limits);

// Tokens a second from `100/s`, `100` (a second), `6000/min`, `10MB/s`; 0 for `none`. `sizes`: with
// units of bytes. Nothing when it is none of that.
std::optional<double> parse_rate(std::string_view text, bool sizes);

}  // namespace logctl::cli
