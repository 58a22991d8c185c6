// Configuration, secrets and certificates.
#include "cli/counted.h"
#include "cli/doctor/checks.h"
#include "cli/relative_time.h"
#include "service/http/server.h"
#include "shared/base/error.h"
#include "shared/config/options.h"
#include "shared/config/target.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <string>
#include <sys/stat.h>

namespace logctl::cli::doctor {
namespace {

using State = Finding::State;

constexpr microseconds kEndsSoon = std::chrono::days(30);
constexpr microseconds kEndsVerySoon = std::chrono::days(7);

// Files of this configuration that hold a secret.
std::set<std::string> secret_files(Context& context) {
  std::set<std::string> files;
  const config::Loaded& loaded = context.loaded();
  for (std::size_t i = 0; i < config::options().size(); ++i) {
    const config::Option& option = config::options()[i];
    const config::Origin& origin = loaded.origins[i];
    if (!option.secret()) continue;
    // An address without a password in it is none.
    if (option.secrecy == config::Secrecy::inside) {
      const std::string text = config::join_list(option.binding.get(*loaded.config));
      if (config::without_password(text) == text) continue;
    }
    if (origin.kind == config::Origin::Kind::file) files.insert(loaded.file.string());
    if (origin.where.ends_with("_FILE")) {
      const auto named = context.environment().find(origin.where);
      if (named != context.environment().end()) files.insert(named->second);
    }
  }
  for (const http::ListenerSpec& spec : http::listener_specs(*loaded.config)) {
    if (!spec.key.empty()) files.insert(spec.key);
  }
  const auto& backups = loaded.config->backup;
  if (!backups.key_file.empty()) files.insert(backups.key_file.string());
  return files;
}

}  // namespace

void check_configuration(Context& context, std::vector<Finding>& findings) {
  const config::Loaded& loaded = context.loaded();
  config::acknowledgement(*loaded.config);
  http::listener_specs(*loaded.config);
  findings.push_back({"configuration", State::ok,
                      loaded.file.empty() ? "no file, the defaults" : loaded.file.string()});
}

void check_secrets(Context& context, std::vector<Finding>& findings) {
  std::size_t good = 0;
  for (const std::string& file : secret_files(context)) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
      findings.push_back({"secrets", State::warning, fmt::format("'{}' cannot be seen", file),
                          "run this as the account of the daemon"});
      continue;
    }
    const unsigned mode = status.st_mode & 07777U;
    if ((mode & 07U) != 0 || (mode & 020U) != 0) {
      findings.push_back({"secrets", State::failed,
                          fmt::format("'{}' has mode {:04o}: others than its owner may {} it", file,
                                      mode, (mode & 022U) != 0 ? "change" : "read"),
                          fmt::format("chmod {} {}", (mode & 040U) != 0 ? "0640" : "0600", file)});
      continue;
    }
    ++good;
  }
  const std::filesystem::path home = config::home_directory(*context.config());
  struct stat status {};
  if (::stat(home.c_str(), &status) == 0 && (status.st_mode & 02U) != 0) {
    findings.push_back({"secrets", State::failed,
                        fmt::format("everybody may write to '{}'", home.string()),
                        fmt::format("chmod o-w {}", home.string())});
  }
  if (findings.empty() || findings.back().check != "secrets") {
    findings.push_back(
        {"secrets", State::ok,
         good == 0 ? "none in files" : counted(good, "file") + ", for their owners only"});
  }
}

void check_certificates(Context& context, std::vector<Finding>& findings) {
  const Timestamp now = context.clock().now();
  bool any = false;
  for (const http::ListenerSpec& spec : http::listener_specs(*context.config())) {
    if (spec.certificate.empty()) continue;
    any = true;
    const Timestamp end = http::certificate_end(spec.certificate);
    const bool ended = end <= now;
    const std::string detail = fmt::format("'{}' {} {}", spec.certificate, ended ? "ended" : "ends",
                                           relative_time(end, now));
    const State state = end - now < kEndsVerySoon ? State::failed
                        : end - now < kEndsSoon   ? State::warning
                                                  : State::ok;
    findings.push_back(
        {"certificates", state, detail,
         state == State::ok ? "" : "put a new one there and reload the daemon (SIGHUP)"});
  }
  http::check_listeners(*context.config());  // they belong to their keys
  if (!any) findings.push_back({"certificates", State::ok, "none, no listener speaks TLS"});
}

}  // namespace logctl::cli::doctor
