#include "service/messages/tokens.h"

#include "shared/base/hash.h"

#include <utility>

namespace logctl::messages {
namespace {

constexpr std::chrono::milliseconds kFresh{500};
constexpr std::chrono::milliseconds kUsable{1000};
// Beyond so many, those that nobody asks for are forgotten.
constexpr std::size_t kMostEntries = 10'000;

}  // namespace

Known Tokens::known(std::string_view name_space, std::string_view token_hash) {
  const Instant now = std::chrono::steady_clock::now();
  const Lock lock(mutex_);
  const auto found = entries_.find(name_space);
  if (found == entries_.end()) return Known::nothing;
  Entry& entry = found->second;
  if (!equal_constant_time(entry.token_hash, token_hash)) return Known::other;
  if (now - entry.looked_up >= kUsable) return Known::aging;
  if (now < entry.next_look) return Known::valid;
  entry.next_look = now + kFresh;
  return Known::aging;
}

std::optional<std::string> Tokens::look_up(std::string_view name_space) {
  const Instant now = std::chrono::steady_clock::now();
  std::optional<storage::Namespace> found = store_.find_namespace(name_space);
  const Lock lock(mutex_);
  if (!found) {
    if (const auto old = entries_.find(name_space); old != entries_.end()) entries_.erase(old);
    return std::nullopt;
  }
  // As of before the look: what was remembered meanwhile is newer.
  Entry& entry = entries_[std::string(name_space)];
  if (entry.looked_up <= now) entry = {found->token_hash, now, now + kFresh};
  sweep(now);
  return std::move(found->token_hash);
}

void Tokens::remember(std::string_view name_space, std::string_view token_hash) {
  const Instant now = std::chrono::steady_clock::now();
  const Lock lock(mutex_);
  entries_.insert_or_assign(std::string(name_space),
                            Entry{std::string(token_hash), now, now + kFresh});
  sweep(now);
}

void Tokens::forget(std::string_view name_space) {
  const Lock lock(mutex_);
  if (const auto found = entries_.find(name_space); found != entries_.end()) entries_.erase(found);
}

void Tokens::sweep(Instant now) {
  if (entries_.size() <= kMostEntries) return;
  std::erase_if(entries_,
                [&](const auto& entry) { return now - entry.second.looked_up >= kUsable; });
}

}  // namespace logctl::messages
