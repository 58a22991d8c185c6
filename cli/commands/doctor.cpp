// `logctl doctor`: looks for what is wrong. With --reconcile it counts, and so proves that nothing
// was lost, or says where.
#include "cli/arguments.h"
#include "cli/check_list.h"
#include "cli/commands/commands.h"
#include "cli/commands/reconcile.h"
#include "cli/doctor/checks.h"
#include "shared/base/error.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace logctl::cli {
namespace {

int diagnose(Context& context, bool with_reconcile) {
  std::vector<Finding> findings = doctor::examine(context);
  const bool reachable = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.check == "store" && finding.state == Finding::State::ok;
  });
  if (with_reconcile) {
    if (!doctor::store_created(context)) {
      findings.push_back({"accounting", Finding::State::ok, "no records yet"});
    } else if (!reachable) {
      findings.push_back({"accounting", Finding::State::failed, "the store cannot be read"});
    } else {
      for (Finding& finding : reconcile(context)) findings.push_back(std::move(finding));
    }
  }
  std::vector<CheckRow> rows;
  bool failed = false;
  for (const Finding& finding : findings) {
    failed = failed || finding.state == Finding::State::failed;
    rows.push_back({finding.check, finding.state_name(), finding.detail, finding.advice});
  }
  print_checks(context.out(), rows);
  return failed ? info(ErrorCode::check_failed).exit_status : 0;
}

}  // namespace

void define_doctor(Arguments app, Program& program) {
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
