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
#include "shared/config/load.h"

#include <functional>
#include <string_view>
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
  bool by_token = false;         // let in by the token of a namespace, instead of a key
  std::string_view option = {};  // that says the path
};
// Refers to paths in `config`.
std::vector<RouteRow> route_rows(const config::Config& config);

// Says of each option that gives a path when something else is served there.
void check_paths(const config::Config& config, const config::Complaints& complaints);

// The handlers are borrowed: they must outlive the routes.
std::vector<http::Route> route_table(const config::Config& config, const Handlers& handlers);

}  // namespace logctl
