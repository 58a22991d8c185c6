#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/commands/commands.h"
#include "shared/base/error.h"
#include "shared/config/target.h"
#include "shared/migrations/runner.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <memory>
#include <optional>

namespace logctl::cli {
namespace {

struct Options {
  std::string url;
  microseconds timeout = seconds(5);
};

struct Finding {
  std::string status = "healthy";
  std::string problem;  // empty when there is none
  int exit_status = 0;
};

Finding unhealthy(std::string problem, int exit_status = 1) {
  return {"unhealthy", std::move(problem), exit_status};
}

Finding judge_schema(const storage::Backend& store, const migrations::Status& schema) {
  for (const migrations::StatusRow& row : schema.rows) {
    if (row.state == migrations::State::changed || row.state == migrations::State::unknown) {
      return unhealthy(
          fmt::format("schema step {} differs from what this binary knows", row.version));
    }
  }
  if (!schema.pending()) return {};
  const std::string problem =
      fmt::format("schema is at version {}, this binary needs {}", schema.current, schema.newest);
  // A daemon migrates SQLite by itself when it starts, so nothing is in its way.
  return store.kind == "sqlite" ? Finding{"degraded", problem, 0} : unhealthy(problem);
}

// Looks at the store without a daemon and without changing anything.
int check_store(Context& context) {
  std::optional<migrations::Status> schema;
  const config::Loaded& loaded = context.loaded();
  std::string store_name = config::store_target(*loaded.config).shown;
  Finding finding;
  try {
    const storage::Backend store =
        storage::open_backend(*loaded.config, context.clock(), storage::Access::read_only);
    store.logs->ping();
    schema = migrations::status(*store.schema);
    finding = judge_schema(store, *schema);
  } catch (const Error& failure) {
    const Error error = storage::explained(*loaded.config, failure);
    const int exit_status = info(error.code()).exit_status;
    finding = unhealthy(error.message(), exit_status == 75 ? 75 : 1);
  }
  context.out().object({{"status", finding.status},
                        {"store", store_name},
                        {"schema_version", schema ? Value(schema->current) : Value()},
                        {"schema_newest", schema ? Value(schema->newest) : Value()},
                        {"problem", finding.problem.empty() ? Value() : Value(finding.problem)}});
  return finding.exit_status;
}

// The members of a JSON object, in order; nothing when the text is none.
std::optional<std::vector<Field>> json_fields(const std::string& body) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(body).get(object) != simdjson::SUCCESS) return std::nullopt;
  std::vector<Field> fields;
  for (const auto& [name, value] : object) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      fields.emplace_back(name, text);
    } else {
      fields.emplace_back(name, Value::json(simdjson::minify(value)));
    }
  }
  return fields;
}

Answer ask_daemon(Context& context, const Options& options) {
  Client client(options.url, options.timeout);
  try {
    return client.send("GET", client.url().path.empty() ? "/health" : "");
  } catch (const Error& error) {
    // A script reads the status where it always is.
    if (context.out().json() && error.code() == ErrorCode::unavailable) {
      context.out().object(
          {{"status", "unhealthy"}, {"url", options.url}, {"problem", error.message()}});
    }
    throw;
  }
}

int check_daemon(Context& context, const Options& options) {
  const Answer answer = ask_daemon(context, options);
  const auto fields = json_fields(answer.body);
  if (!fields || (answer.status != 200 && answer.status != 503)) {
    // What stands in front of a daemon answers for it with 502 and the like.
    throw Error(answer.status > 500 ? ErrorCode::unavailable : ErrorCode::internal,
                fmt::format("{}: answered with status {}, expected a health report", options.url,
                            answer.status),
                "the address is that of the daemon, like http://127.0.0.1:8080");
  }
  context.out().object(*fields);
  return answer.status == 200 ? 0 : 1;
}

}  // namespace

void define_health(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  app.add_option("--url", options->url, "ask this daemon instead of looking at the store")
      .type_name("URL");
  app.add_duration("--timeout", options->timeout, "how long to wait for the daemon");
  app.callback([&program, options] {
    program.action = [options](Context& context) {
      return options->url.empty() ? check_store(context) : check_daemon(context, *options);
    };
  });
}

}  // namespace logctl::cli
