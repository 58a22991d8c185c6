// What every call that asks for records takes from its request.
#pragma once

#include "service/http/request.h"
#include "shared/query/parameters.h"
#include "shared/query/query.h"

namespace logctl::handlers {

// What the caller may see: everything that is read for it is bound to this.
query::View view_of(const http::Request& request);

// The parameters that ask for something; keys in the URL have done their work before.
query::Parameters questions(const http::Request& request);

}  // namespace logctl::handlers
