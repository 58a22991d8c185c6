// `logctl doctor`: looks for what is wrong. With --reconcile it counts, and so proves that nothing
// was lost, or says where.
#include "cli/commands/check_backups.h"
#include "cli/commands/commands.h"
#include "cli/commands/reconcile.h"
#include "cli/commands/spool_actions.h"
#include "shared/base/error.h"
#include "shared/base/units.h"
#include "shared/config/target.h"
#include "shared/migrations/runner.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace logctl::cli {
namespace {

// Less than this and a full disk is near.
constexpr std::uintmax_t kLittleSpace = 1ULL << 30;

// Looking must not make one.
bool is_created(Context& context) {
  const config::StoreTarget target = config::store_target(*context.config());
  return target.kind != config::StoreKind::sqlite ||
         std::filesystem::exists(target.directory / "meta.sqlite");
}

Finding check_store(Context& context) {
  const std::string name = config::store_target(*context.config()).shown;
  if (!is_created(context)) {
    return {"store", Finding::State::warning,
            fmt::format("{} is not created yet: `logctl serve`, `ingest` or `migrate up` makes it",
                        name)};
  }
  try {
    context.backend().logs->ping();
    return {"store", Finding::State::ok, name};
  } catch (const Error& error) {
    return {"store", Finding::State::failed, error.message()};
  }
}

Finding check_schema(Context& context) {
  const migrations::Status schema = migrations::status(*context.backend().schema);
  for (const migrations::StatusRow& row : schema.rows) {
    if (row.state == migrations::State::changed || row.state == migrations::State::unknown) {
      return {"schema", Finding::State::failed,
              fmt::format("step {} differs from what this binary knows", row.version)};
    }
  }
  if (schema.pending()) {
    return {"schema", Finding::State::warning,
            fmt::format("at version {}, this binary needs {}: run `logctl migrate up`",
                        schema.current, schema.newest)};
  }
  return {"schema", Finding::State::ok, fmt::format("at version {}", schema.current)};
}

Finding check_disk(Context& context) {
  const std::filesystem::path home = config::home_directory(*context.config());
  std::error_code failed;
  const auto space = std::filesystem::space(home, failed);
  if (failed)
    return {"disk", Finding::State::warning,
            fmt::format("{}: {}", home.string(), failed.message())};
  return {"disk", space.available < kLittleSpace ? Finding::State::warning : Finding::State::ok,
          fmt::format("{} free for {}", human_size(space.available), home.string())};
}

Finding check_spool(Context& context) {
  const std::optional<SpoolView> spool = view_spool(context);
  if (!spool) return {"spool", Finding::State::ok, "none"};
  const std::string waits =
      fmt::format("{} records ({}) wait", spool->records, human_size(spool->figures.bytes));
  if (spool->figures.corrupt_frames > 0) {
    return {"spool", Finding::State::failed,
            fmt::format("{} damaged frames; {}", spool->figures.corrupt_frames, waits)};
  }
  return {"spool", Finding::State::ok, waits};
}

int diagnose(Context& context, bool with_reconcile) {
  std::vector<Finding> findings = {check_store(context)};
  const bool created = is_created(context);
  const bool reachable = findings.front().state == Finding::State::ok;
  if (reachable) findings.push_back(check_schema(context));
  findings.push_back(check_disk(context));
  findings.push_back(check_spool(context));
  findings.push_back(check_backups(context));
  if (with_reconcile) {
    if (!created) {
      findings.push_back({"accounting", Finding::State::ok, "no records yet"});
    } else if (!reachable) {
      findings.push_back({"accounting", Finding::State::failed, "the store cannot be read"});
    } else {
      for (Finding& finding : reconcile(context)) findings.push_back(std::move(finding));
    }
  }
  Output& out = context.out();
  out.begin_table({"check", "state", "detail"});
  bool failed = false;
  for (const Finding& finding : findings) {
    failed = failed || finding.state == Finding::State::failed;
    out.add_row({finding.check, finding.state_name(), finding.detail});
  }
  out.end_table();
  return failed ? info(ErrorCode::check_failed).exit_status : 0;
}

}  // namespace

void define_doctor(CLI::App& app, Program& program) {
  auto with_reconcile = std::make_shared<bool>(false);
  app.add_flag("--reconcile", *with_reconcile,
               "count the rows and compare them with the accounting; reads the whole store");
  app.callback([&program, with_reconcile] {
    program.action = [with_reconcile](Context& context) {
      return diagnose(context, *with_reconcile);
    };
  });
}

}  // namespace logctl::cli
