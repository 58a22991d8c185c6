#include "cli/doctor/checks.h"

#include "shared/base/error.h"

#include <algorithm>
#include <array>
#include <exception>

namespace logctl::cli::doctor {
namespace {

constexpr std::array kChecks = {
    Check{"configuration", Needs::nothing, check_configuration},
    Check{"secrets", Needs::configuration, check_secrets},
    Check{"certificates", Needs::configuration, check_certificates},
    Check{"limits", Needs::configuration, check_limits},
    Check{"clock", Needs::nothing, check_clock},
    Check{"disk", Needs::configuration, check_disk},
    Check{"store", Needs::configuration, check_store},
    Check{"schema", Needs::store, check_schema},
    Check{"server", Needs::store, check_symptoms},
    Check{"keys", Needs::schema, check_keys},
    Check{"maintenance", Needs::schema, check_maintenance},
    Check{"spool", Needs::configuration, check_spool},
    Check{"backups", Needs::configuration, check_backups},
};

bool good(const std::vector<Finding>& findings, std::string_view check) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.check == check && finding.state == Finding::State::ok;
  });
}

}  // namespace

std::span<const Check> checks() { return kChecks; }

std::vector<Finding> examine(Context& context) {
  std::vector<Finding> findings;
  for (const Check& check : checks()) {
    if (check.needs != Needs::nothing && !good(findings, "configuration")) continue;
    if (check.needs >= Needs::store && !good(findings, "store")) continue;
    if (check.needs >= Needs::schema && !good(findings, "schema")) continue;
    try {
      check.look(context, findings);
    } catch (const Error& error) {
      findings.push_back(
          {std::string(check.name), Finding::State::failed, error.message(), error.hint()});
    } catch (const std::exception& error) {
      findings.push_back({std::string(check.name), Finding::State::failed, error.what()});
    }
  }
  return findings;
}

}  // namespace logctl::cli::doctor
