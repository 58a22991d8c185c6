// Who may do what: the key of a request, what it allows, and its token bucket. Pure: no I/O.
#pragma once

#include "service/http/router.h"
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

// Throws Error{rate_limited} naming the bucket and its limits when `decision` refuses.
void require_token(const auth::Principal& principal, const ratelimit::Decision& decision);

// `target` with the values of parameters that carry keys replaced by `***`, for the log.
std::string mask_target(std::string_view target);

// What a client may choose as X-Request-ID: up to 128 printable characters without spaces.
bool is_usable_request_id(std::string_view text);

}  // namespace logctl::http
