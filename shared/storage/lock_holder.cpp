#include "shared/storage/lock_holder.h"

#include "shared/base/time_text.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <unistd.h>
#include <vector>

namespace logctl::storage {
namespace {

constexpr std::string_view kProgram = "logctl";

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  const std::string_view text = name.data();
  return std::string(text.substr(0, text.find('.')));
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    if (end != 0) result.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return result;
}

}  // namespace

LockHolder this_process(Timestamp now) {
  return {std::to_string(::getpid()),
          host_name(),
          format_rfc3339(std::chrono::floor<std::chrono::seconds>(now)),
          {}};
}

std::string encode(const LockHolder& holder) {
  return fmt::format("{} {} {} {}", kProgram, holder.pid, holder.since, holder.host);
}

std::optional<LockHolder> decode_holder(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  if (!text.starts_with(kProgram)) return std::nullopt;
  const std::vector<std::string_view> parts = words(text.substr(kProgram.size()));
  if (parts.size() < 3 || !parse_rfc3339(parts[1])) return std::nullopt;
  return LockHolder{std::string(parts[0]), std::string(parts[2]), std::string(parts[1]), {}};
}

std::string describe(const LockHolder& holder) {
  std::string text =
      fmt::format("process {} on {} since {}", holder.pid, holder.host, holder.since);
  if (!holder.more.empty()) text += fmt::format(" ({})", holder.more);
  return text;
}

Error lock_error(const std::optional<LockHolder>& holder, microseconds waited) {
  const std::string who =
      holder ? "held by " + describe(*holder) : std::string("held by a run that has just ended");
  return Error(ErrorCode::locked,
               fmt::format("the migration lock is {}; waited {}", who, format_duration(waited)),
               "wait until that run has ended, or give it more time with --lock-timeout");
}

}  // namespace logctl::storage
