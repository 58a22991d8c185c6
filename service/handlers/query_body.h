// The parameters of a question, wherever a request has them: in the URL, or in the body of a POST.
#pragma once

#include "service/http/request.h"
#include "shared/query/parameters.h"

namespace logctl::handlers {

// Those of the URL, without keys (which have done their work), and those of the body by its
// Content-Type: application/json is an object of plain values, application/x-www-form-urlencoded a
// form, text/plain (or nothing) the text of the query, `q`. Takes the body away. Throws
// Error{unsupported_encoding} on another type, Error{invalid_request, invalid_json} on a body that
// is not what it says.
query::Parameters question_of(http::Request& request);

}  // namespace logctl::handlers
