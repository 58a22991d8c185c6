#include "shared/storage/steps.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

namespace logctl::storage {
namespace {

[[noreturn]] void refuse(std::string_view set, std::string_view what) {
  throw Error(ErrorCode::internal, fmt::format("migrations/{}: {}", set, what));
}

struct FileName {
  std::int64_t version = 0;
  std::string_view name;
  bool up = false;
};

FileName parse_name(const EmbeddedFile& file) {
  FileName result;
  std::string_view rest = file.name;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), result.version);
  const bool numbered = error == std::errc() && end - rest.data() == 4 && result.version > 0;
  if (!numbered || rest.size() < 6 || *end != '_') {
    refuse(file.set, fmt::format("'{}' is not named NNNN_name.up.sql", file.name));
  }
  rest.remove_prefix(5);
  result.up = rest.ends_with(".up.sql");
  if (!result.up && !rest.ends_with(".down.sql")) {
    refuse(file.set, fmt::format("'{}' ends neither in .up.sql nor in .down.sql", file.name));
  }
  rest.remove_suffix(std::string_view(result.up ? ".up.sql" : ".down.sql").size());
  result.name = rest;
  return result;
}

}  // namespace

std::vector<Step> steps_of(std::string_view set, std::span<const EmbeddedFile> files) {
  std::map<std::int64_t, Step> found;
  for (const EmbeddedFile& file : files) {
    if (file.set != set) continue;
    const FileName name = parse_name(file);
    Step& step = found[name.version];
    step.version = name.version;
    if (!step.name.empty() && step.name != name.name) {
      refuse(set,
             fmt::format("version {} is both '{}' and '{}'", name.version, step.name, name.name));
    }
    step.name = name.name;
    (name.up ? step.up : step.down) = file.text;
  }
  std::vector<Step> steps;
  for (auto& [version, step] : found) {
    const auto expected = static_cast<std::int64_t>(steps.size()) + 1;
    if (version != expected) refuse(set, fmt::format("there is no step {}", expected));
    if (step.up.empty() || step.down.empty()) {
      refuse(set, fmt::format("step {} '{}' has no .{}.sql", version, step.name,
                              step.up.empty() ? "up" : "down"));
    }
    if (set == "sqlite-day" && !(is_transactional(step.up) && is_transactional(step.down))) {
      refuse(set, fmt::format("step {} '{}' of a day file cannot be outside a transaction", version,
                              step.name));
    }
    step.sha256 = sha256_hex(step.up);
    step.down_sha256 = sha256_hex(step.down);
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace logctl::storage
