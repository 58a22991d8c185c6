#include "shared/storage/postgres/known_namespaces.h"

namespace logctl::storage::postgres {

std::optional<LockedNamespace> KnownNamespaces::take(std::string_view name) {
  const auto found = spaces_.find(name);
  if (found == spaces_.end()) return std::nullopt;
  LockedNamespace space = std::move(spaces_.extract(found).mapped());
  streams_ -= space.stream_numbers.size();
  return space;
}

void KnownNamespaces::keep(LockedNamespace&& space) {
  space.state.known.clear();
  space.taken_positions.clear();
  space.taken_global_positions.clear();
  if (streams_ + space.stream_numbers.size() > kMostStreams) forget();
  if (space.stream_numbers.size() > kMostStreams) return;
  streams_ += space.stream_numbers.size();
  spaces_.insert_or_assign(space.name, std::move(space));
}

void KnownNamespaces::forget() {
  spaces_.clear();
  streams_ = 0;
}

}  // namespace logctl::storage::postgres
