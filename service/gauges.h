// What the daemon's parts say of themselves, put into the words of the metrics.
#pragma once

#include "service/durable_queue.h"
#include "shared/auth/authenticator.h"
#include "shared/metrics/observer.h"

namespace logctl {

void tell_keys(metrics::Observer& observer, const auth::Census& census);
void tell_spool(metrics::Observer& observer, const QueueState& state);

}  // namespace logctl
