// The namespace `default`, which is there from the first start on.
#pragma once

#include "shared/base/clock.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <string>

namespace logctl::messages {

// Makes it when it is not there, with `token` or one that is made and logged, this once. One that
// has no token yet gets `token`. When it has another token than `token`, or stays without one, the
// log says so; nothing is changed. Throws what the store
// throws; Error{config} when `token` is none of this namespace.
void ensure_default_namespace(storage::MessageStore& store, const std::string& token,
                              metrics::Observer& observer, const Clock& clock);

// In test mode every name is a namespace: makes it when it is not there.
void ensure_any_namespace(storage::MessageStore& store, std::string_view id, const Clock& clock);

}  // namespace logctl::messages
