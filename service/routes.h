// The one table of every path served.
#pragma once

#include "service/handlers/ingest.h"
#include "service/handlers/logs.h"
#include "service/handlers/ops.h"
#include "service/http/router.h"
#include "shared/config/config.h"

#include <vector>

namespace logctl {

// The handlers are borrowed: they must outlive the routes.
std::vector<http::Route> route_table(const config::Config& config, handlers::IngestHandlers& ingest,
                                     handlers::LogHandlers& logs, handlers::OpsHandlers& ops);

}  // namespace logctl
