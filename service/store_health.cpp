#include "service/store_health.h"

#include "shared/base/error.h"

#include <string>

namespace logctl {

void ask_store(storage::LogStore& store, StoreHealth& health, metrics::Observer& observer) {
  using metrics::Notice;
  std::string why;
  bool reachable = true;
  try {
    store.ping();
  } catch (const Error& error) {
    // A busy pool is not a store that is away.
    reachable = error.code() == ErrorCode::overloaded;
    why = error.message();
  }
  const bool before = health.reachable.exchange(reachable);
  if (before && !reachable) observer.emit(Notice{Notice::Severity::warn, "store away", why});
  if (!before && reachable) observer.emit(Notice{Notice::Severity::info, "store back", {}});
}

}  // namespace logctl
