#include "cli/doctor/checks.h"
#include "cli/key_actions.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace logctl::cli::doctor {
namespace {

constexpr std::size_t kNamed = 5;

// To the unit that matters: 13d, 5h, 20m.
std::string rough(microseconds time) {
  const auto whole = [time](microseconds unit) { return time / unit * unit; };
  for (const microseconds unit :
       {microseconds(std::chrono::days(1)), microseconds(std::chrono::hours(1)),
        microseconds(std::chrono::minutes(1))}) {
    if (time >= unit)
      return fmt::format("{}{}", whole(unit) / unit,
                         unit == std::chrono::days(1)    ? "d"
                         : unit == std::chrono::hours(1) ? "h"
                                                         : "m");
  }
  return "less than a minute";
}

bool used_since(const storage::KeyRow& key, const std::vector<storage::KeyRow>& keys) {
  const auto next = std::find_if(keys.begin(), keys.end(), [&](const storage::KeyRow& other) {
    return other.id == key.replaced_by;
  });
  return key.last_used_at && (next == keys.end() || *key.last_used_at > next->created_at);
}

}  // namespace

// Warns of keys that end within auth.expiry_notice and are still needed: nothing takes their place,
// or somebody goes on using them.
void check_keys(Context& context, std::vector<Finding>& findings) {
  const Timestamp now = context.clock().now();
  const microseconds notice = context.config()->auth.expiry_notice;
  const std::vector<storage::KeyRow> keys = context.backend().keys->list();
  std::size_t working = 0;
  std::vector<std::string> ending;
  bool some_without = false;  // another key that takes their place
  for (const storage::KeyRow& key : keys) {
    if (!key_works(key, now)) continue;
    ++working;
    if (!key.expires_at || *key.expires_at - now > notice) continue;
    const bool replaced = !key.replaced_by.empty();
    if (replaced && !used_since(key, keys)) continue;
    some_without = some_without || !replaced;
    ending.push_back(fmt::format("{} ({}) in {}{}", key.id, key.name, rough(*key.expires_at - now),
                                 replaced
                                     ? fmt::format(", replaced by {} and still used {} ago",
                                                   key.replaced_by, rough(now - *key.last_used_at))
                                     : std::string()));
  }
  if (ending.empty()) {
    findings.push_back(
        {"keys", Finding::State::ok, fmt::format("{} in use, none about to end", working)});
    return;
  }
  std::string detail;
  for (std::size_t i = 0; i < ending.size() && i < kNamed; ++i) {
    detail += (i == 0 ? "ends soon: " : "; ") + ending[i];
  }
  if (ending.size() > kNamed) detail += fmt::format("; and {} more", ending.size() - kNamed);
  findings.push_back({"keys", Finding::State::warning, detail,
                      some_without ? "`logctl keys rotate ID --overlap 7d`, and move its users"
                                   : "move the users to the keys that replace them"});
}

}  // namespace logctl::cli::doctor
