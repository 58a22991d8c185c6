// The one table of every path served.
#pragma once

#include "service/handlers/counts.h"
#include "service/handlers/deletion.h"
#include "service/handlers/ingest.h"
#include "service/handlers/log_stream.h"
#include "service/handlers/logs.h"
#include "service/handlers/ops.h"
#include "service/handlers/tail.h"
#include "service/http/router.h"
#include "service/messages/parts.h"
#include "shared/config/config.h"

#include <functional>
#include <vector>

namespace logctl {

struct Handlers {
  handlers::IngestHandlers& ingest;
  handlers::LogHandlers& logs;
  handlers::OpsHandlers& ops;
  handlers::CountHandlers& counts;
  handlers::LogStreamHandlers& stream;
  handlers::TailHandlers& tail;
  messages::Parts& messages;
  handlers::DeletionHandlers& deletion;
};

// A route that is not bound to anything yet: what the reference is made from.
struct RouteRow {
  using Bind = std::function<http::Handler(const Handlers&)>;
  http::Route route;  // without a handler
  Bind bind;
  bool by_token = false;  // let in by the token of a namespace, instead of a key
};
// Refers to paths in `config`.
std::vector<RouteRow> route_rows(const config::Config& config);

// The handlers are borrowed: they must outlive the routes.
std::vector<http::Route> route_table(const config::Config& config, const Handlers& handlers);

}  // namespace logctl
