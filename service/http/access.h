// Who may do what: the key of a request, what it allows, and its token buckets. No I/O.
#pragma once

#include "service/http/router.h"
#include "shared/metrics/observer.h"
#include "shared/ratelimit/limiter.h"

#include <string>
#include <string_view>

namespace logctl::http {

// The key that a request carries: `Authorization: Bearer K`, `Authorization: K`, `X-API-Key: K`,
// or on the surface `logs` the parameter `api_key`, which is taken out of the parameters.
std::string find_token(Request& request, Surface surface);

// The principal when `answer` allows a route of that scope. Throws Error{unauthorized} or
// Error{forbidden}, the latter naming scope and key id.
std::shared_ptr<const auth::Principal> require_scope(const auth::Answer& answer, auth::Scope scope);

// The token buckets of a key.
enum class Bucket { requests, records, bytes };
std::string_view bucket_name(Bucket bucket);

// One key's use of its buckets.
class KeyBuckets {
 public:
  using Instant = ratelimit::Limiter::Instant;
  // Both must outlive it.
  KeyBuckets(ratelimit::Limiter& limiter, const auth::Principal& principal)
      : limiter_(limiter), principal_(principal) {}

  // As Limiter has them.
  ratelimit::Decision take(Bucket bucket, Instant now, double cost);
  ratelimit::Decision look(Bucket bucket, Instant now, double cost);
  void charge(Bucket bucket, Instant now, double cost);

 private:
  ratelimit::Limiter& limiter_;
  const auth::Principal& principal_;
};

// What to answer to a request that `bucket` refuses: names the key, the bucket and its limits.
// Tells the observer, and leaves the decision in the request for the headers.
Error refused_by(metrics::Observer& observer, Request& request, Bucket bucket,
                 const ratelimit::Decision& decision);

// `target` with the values of parameters that carry keys replaced by `***`, for the log.
std::string mask_target(std::string_view target);

// What a client may choose as X-Request-ID: up to 128 printable characters without spaces.
bool is_usable_request_id(std::string_view text);

}  // namespace logctl::http
