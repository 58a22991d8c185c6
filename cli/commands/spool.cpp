// `logctl spool`: the durable queue in front of PostgreSQL.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/spool_actions.h"

#include <memory>

namespace logctl::cli {

void define_spool(Arguments app, Program& program) {
  Arguments status = app.add_subcommand("status", "how much waits for the store, and since when");
  status.callback([&program] { program.action = spool_status; });

  Arguments verify = app.add_subcommand("verify", "read every waiting frame and check its sums");
  verify.callback([&program] { program.action = verify_spool; });

  auto drain = std::make_shared<DrainSpool>();
  Arguments leaf =
      app.add_subcommand("drain", "move everything into the store; no daemon may be running");
  leaf.add_duration("--timeout", drain->timeout, "give up after this");
  leaf.add_dry_run(drain->dry_run, "only say how much would be moved");
  leaf.callback([&program, drain] {
    program.action = [drain](Context& context) { return drain_spool(context, *drain); };
  });

  auto out = std::make_shared<ExportSpool>();
  Arguments write = app.add_subcommand(
      "export", "write the waiting records as JSON lines, which `logctl ingest` takes");
  write.add_option("FILE", out->file, "where to; - is standard output").show_default();
  write.add_option("--tenant", out->tenant, "only this tenant's").type_name("NAME");
  write.callback([&program, out] {
    program.action = [out](Context& context) { return export_spool(context, *out); };
  });
}

}  // namespace logctl::cli
