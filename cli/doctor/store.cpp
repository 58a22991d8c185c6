// The store and the spool.
#include "cli/commands/spool_actions.h"
#include "cli/counted.h"
#include "cli/doctor/checks.h"
#include "shared/base/error.h"
#include "shared/base/units.h"
#include "shared/config/target.h"
#include "shared/migrations/runner.h"
#include "shared/migrations/verify.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace logctl::cli::doctor {
namespace {

using State = Finding::State;

State state_of(storage::Symptom::Grade grade) {
  switch (grade) {
    case storage::Symptom::Grade::ok:
      return State::ok;
    case storage::Symptom::Grade::warning:
      return State::warning;
    case storage::Symptom::Grade::failed:
      break;
  }
  return State::failed;
}

std::string store_advice(Context& context, const Error& error) {
  if (!error.hint().empty()) return error.hint();
  if (config::store_target(*context.config()).kind == config::StoreKind::sqlite) return {};
  const bool away = error.code() == ErrorCode::unavailable;
  return away ? "is the server there? records wait in the spool meanwhile" : "";
}

}  // namespace

bool store_created(Context& context) {
  const config::StoreTarget target = config::store_target(*context.config());
  // One that may not be looked at is there as far as anybody knows: what opens it says why.
  std::error_code unknown;
  return target.kind != config::StoreKind::sqlite ||
         std::filesystem::exists(target.directory / "meta.sqlite", unknown) || unknown;
}

void check_store(Context& context, std::vector<Finding>& findings) {
  const std::string name = config::store_target(*context.config()).shown;
  if (!store_created(context)) {
    findings.push_back({"store", State::warning, fmt::format("{} is not created yet", name),
                        "`logctl serve`, `ingest` or `migrate up` makes it"});
    return;
  }
  try {
    context.backend().logs->ping();
    findings.push_back({"store", State::ok, name});
  } catch (const Error& failure) {
    const Error error = context.explained(failure);
    findings.push_back({"store", State::failed, error.message(), store_advice(context, error)});
  }
}

void check_schema(Context& context, std::vector<Finding>& findings) {
  const migrations::Status schema = migrations::status(*context.backend().schema);
  for (const migrations::StatusRow& row : schema.rows) {
    const bool changed = row.state == migrations::State::changed;
    if (!changed && row.state != migrations::State::unknown) continue;
    findings.push_back(
        {"schema", State::failed,
         changed ? fmt::format("step {} differs from what this binary knows", row.version)
                 : fmt::format("step {} is not known to this binary", row.version),
         changed ? "`logctl migrate verify` says whether the store has what it should have; "
                   "`logctl migrate repair --dry-run` shows what the ledger would be set to"
                 : "run the version of logctl that made it, or one that is newer"});
    return;
  }
  if (schema.pending()) {
    // A daemon brings a SQLite store up to date by itself, and would not start on this one.
    const bool by_itself =
        context.backend().kind == "sqlite" || context.config()->storage.auto_migrate;
    findings.push_back(
        {"schema", by_itself ? State::warning : State::failed,
         fmt::format("at version {}, this binary needs {}", schema.current, schema.newest),
         "logctl migrate up"});
    return;
  }
  storage::SchemaStore& store = *context.backend().schema;
  for (const migrations::Finding& one :
       migrations::verify(store, migrations::steps_of(store.migration_set()))) {
    if (one.state == migrations::Finding::State::ok) continue;
    findings.push_back({"schema", State::failed,
                        fmt::format("{} is {}", one.subject, migrations::name_of(one.state)),
                        "`logctl migrate verify` shows all differences and what was expected"});
    return;
  }
  findings.push_back({"schema", State::ok, fmt::format("at version {}", schema.current)});
}

// What only this kind of store can have.
void check_symptoms(Context& context, std::vector<Finding>& findings) {
  // Without a schema there is nothing to look at, and the check of the schema has said so.
  if (migrations::status(*context.backend().schema).current == 0) return;
  for (storage::Symptom& symptom : context.backend().logs->examine(context.clock().now())) {
    findings.push_back({symptom.check, state_of(symptom.grade), std::move(symptom.detail),
                        std::move(symptom.advice)});
  }
}

void check_spool(Context& context, std::vector<Finding>& findings) {
  const std::optional<SpoolView> spool = view_spool(context, AskStore::position);
  if (!spool) {
    findings.push_back({"spool", State::ok, "none"});
    return;
  }
  const std::string waits =
      fmt::format("{} ({}) {}{}", counted(spool->depth.records, "record"), human_size(spool->bytes),
                  spool->depth.records == 1 ? "waits" : "wait",
                  spool->store_problem.empty() || spool->depth.records == 0
                      ? std::string()
                      : fmt::format("; {}", kMayBeStored));
  if (spool->figures.corrupt_frames > 0) {
    findings.push_back(
        {"spool", State::failed,
         fmt::format("{} damaged frames; {}", spool->figures.corrupt_frames, waits),
         fmt::format("look at the disk; what was damaged lies in {}/corrupt: when it is settled, "
                     "move it away and restart the daemon",
                     spool->directory)});
    return;
  }
  const config::Spool& limits = context.config()->spool;
  if (spool->figures.disk_bytes * 100 >= limits.max_bytes * limits.high_water) {
    findings.push_back({"spool", State::failed, "full, requests are refused; " + waits,
                        "bring the store back, or raise spool.max_bytes"});
    return;
  }
  findings.push_back({"spool", State::ok, waits});
}

}  // namespace logctl::cli::doctor
