#include "service/gauges.h"

namespace logctl {

void tell_keys(metrics::Observer& observer, const auth::Census& census) {
  metrics::KeyStates states;
  states.active = census.active;
  states.ending = census.ending;
  states.expired = census.expired;
  states.revoked = census.revoked;
  if (census.next_end) states.next_end = static_cast<double>(to_micros(*census.next_end)) / 1e6;
  observer.set_keys(states);
}

void tell_spool(metrics::Observer& observer, const QueueState& state) {
  metrics::SpoolState spool;
  if (state.counted) spool.records = state.depth.records;
  spool.bytes = state.spool.bytes;
  spool.disk_bytes = state.spool.disk_bytes;
  spool.oldest_seconds = state.oldest_seconds;
  spool.drain_bytes_per_second = state.bytes_per_second;
  spool.corrupt_frames = state.spool.corrupt_frames;
  spool.failed = state.spool.failed;
  observer.set_spool(spool);
}

}  // namespace logctl
