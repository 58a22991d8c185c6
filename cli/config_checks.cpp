#include "cli/config_checks.h"

#include "service/http/listener_spec.h"
#include "service/routes.h"
#include "shared/config/target.h"
#include "shared/storage/index_field.h"
#include "shared/storage/postgres/connection_string.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace logctl::cli {
namespace {

void check_listeners(const config::Config& config, const config::Complaints& complaints) {
  for (const std::string& text : config.server.listeners) {
    try {
      const http::ListenerSpec spec = http::parse_listener(text);
      const bool same_port = config.metrics.enabled && config.metrics.port != 0 &&
                             spec.port == config.metrics.port && spec.host == config.server.host;
      if (same_port) complaints.clash("metrics.port", "server.listeners", "another port");
    } catch (const Error& error) {
      complaints.wrong("server.listeners", error);
    }
  }
}

void check_indexes(const config::Config& config, const config::Complaints& complaints) {
  for (const std::string& field : config.storage.indexes) {
    try {
      storage::parse_index_field(field);
    } catch (const Error& error) {
      complaints.wrong("storage.indexes", error);
    }
  }
}

void check_connection(const config::Config& config, const config::Complaints& complaints) {
  const config::StoreTarget target = config::store_target(config);
  if (target.kind != config::StoreKind::postgres) return;
  try {
    storage::postgres::connection_string(target.connection, config.database);
  } catch (const storage::postgres::Disagreement& two) {
    complaints.clash(two.later, two.earlier,
                     fmt::format("one of them, or the same {} in both", two.keyword));
  } catch (const Error& error) {
    // Without a URL only settings of libpq can be wrong.
    complaints.wrong(config.database.url.empty() ? "database.options" : "database.url", error);
  }
}

}  // namespace

void check_values(const config::Config& config, const config::Complaints& complaints) {
  check_listeners(config, complaints);
  check_indexes(config, complaints);
  check_paths(config, complaints);
  check_connection(config, complaints);
}

}  // namespace logctl::cli
