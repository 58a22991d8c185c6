#include "cli/reference/systemd_units.h"

#include "service/http/server.h"
#include "shared/base/error.h"
#include "shared/base/units.h"
#include "shared/config/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

namespace logctl::cli {
namespace {

constexpr std::string_view kState = "/var/lib/logctl";
constexpr std::string_view kHead =
    "# Made by `logctl systemd unit {}`; change it with `systemctl edit {}`.\n";

// What both the daemon and the tools are kept to. `systemd-analyze security` reads it.
constexpr std::string_view kHardening = R"(NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
PrivateDevices=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
UMask=0077
)";

bool below(const std::string& path, std::string_view folder) {
  return path == folder || path.starts_with(std::string(folder) + "/");
}

// Blanks, backslashes and % mean something in a unit.
std::string unit_quoted(std::string_view text) {
  std::string out;
  bool quote = text.empty();
  for (const char c : text) {
    if (c == '%') out.push_back('%');
    if (c == '"' || c == '\\') out.push_back('\\');
    if (c == ' ' || c == '"' || c == '\\' || c == '\'') quote = true;
    out.push_back(c);
  }
  return quote ? "\"" + out + "\"" : out;
}

// A service starts in `/` and has a /tmp of its own.
void require_reachable(std::string_view what, const std::string& path, const std::string& advice) {
  if (!std::filesystem::path(path).is_absolute()) {
    throw Error(ErrorCode::config,
                fmt::format("{}: '{}' is relative, a service needs a path from /", what, path));
  }
  if (!below(path, "/tmp") && !below(path, "/var/tmp")) return;
  throw Error(ErrorCode::config,
              fmt::format("{}: '{}' is in a folder for temporary files, of which a service has one "
                          "of its own (PrivateTmp)",
                          what, path),
              advice);
}

// Seen by the service, and open to the user that it runs as.
void require_readable(std::string_view what, const std::string& path, const char* advice) {
  require_reachable(what, path, advice);
  if (!below(path, "/root")) return;
  throw Error(ErrorCode::config,
              fmt::format("{}: '{}' is in /root, which the user of a service (User=logctl) cannot "
                          "read",
                          what, path),
              advice);
}

class Units {
 public:
  explicit Units(const UnitSettings& settings)
      : settings_(settings), config_(*settings.loaded.config) {
    for (const config::Option& option : config::options()) {
      // Folders of programs are only read.
      const bool folder = (option.metavar == "DIR" || option.metavar == "DIRECTORY") &&
                          !option.key.ends_with("_bin");
      if (option.binding.type != config::Type::path || !folder) continue;
      const std::string path = option.binding.get(config_).front();
      if (path.empty()) continue;
      require_reachable(option.key, path, fmt::format("take a folder such as {}", kState));
      writes_.insert(path);
    }
    require_readable("the binary", settings_.binary,
                     "install it, say as /usr/bin/logctl, or name another one with --binary");
    reads_.insert(settings_.binary);
    if (const auto& file = settings_.loaded.file; !file.empty()) {
      const std::string path = std::filesystem::absolute(file).lexically_normal().string();
      require_readable("the configuration", path, "move it to /etc/logctl/config.yaml");
      reads_.insert(path);
    }
    for (const http::ListenerSpec& spec : http::listener_specs(config_)) {
      if (spec.kind == http::ListenerSpec::Kind::unix_socket) {
        writes_.insert(std::filesystem::path(spec.path).parent_path().string());
      } else if (spec.port > 0 && spec.port < 1024) {
        low_port_ = true;
      }
      if (!spec.certificate.empty()) reads_.insert({spec.certificate, spec.key});
    }
  }

  std::string daemon() const {
    const seconds stop =
        std::chrono::ceil<seconds>(2 * config_.server.shutdown_timeout) + seconds(15);
    std::string out =
        "[Unit]\nDescription=logctl log service\nDocumentation=man:logctl-serve(1) "
        "man:logctl-config(5)\nWants=network-online.target\nAfter=network-online.target "
        "postgresql.service\n\n[Service]\nType=notify\nNotifyAccess=main\n";
    out += exec("serve");
    out += "ExecReload=/bin/sh -c 'kill -HUP $MAINPID'\nKillMode=mixed\n";
    // The daemon asks for more while it migrates or empties its queue.
    out += fmt::format("TimeoutStartSec=60s\nTimeoutStopSec={}s\nWatchdogSec=30s\n", stop.count());
    out += "Restart=on-failure\nRestartSec=1s\nRestartPreventExitStatus=2 78\n";
    out += fmt::format("LimitNOFILE={}\n", config_.server.max_connections + 1024);
    out += confinement(low_port_);
    out += "\n[Install]\nWantedBy=multi-user.target\n";
    return out;
  }

  std::string socket() const {
    std::string out =
        "[Unit]\nDescription=Sockets of the logctl log service\n"
        "Documentation=man:logctl-serve(1)\n\n[Socket]\n";
    for (const http::ListenerSpec& spec : http::listener_specs(config_)) {
      const bool is_v6 = spec.host.find(':') != std::string::npos;
      const std::string host = is_v6 ? "[" + spec.host + "]" : spec.host;
      out += spec.kind == http::ListenerSpec::Kind::unix_socket
                 ? fmt::format("ListenStream={}\n", unit_quoted(spec.path))
                 : fmt::format("ListenStream={}:{}\n", host, spec.port);
    }
    out += "NoDelay=true\nBacklog=4096\n\n[Install]\nWantedBy=sockets.target\n";
    return out;
  }

  // The commands one after the other, as long as each succeeds.
  std::string tool(std::string_view what, std::initializer_list<std::string_view> commands) const {
    std::string out = fmt::format(
        "[Unit]\nDescription={}\nDocumentation=man:logctl(1)\nAfter=network-online.target "
        "postgresql.service\n\n[Service]\nType=oneshot\n",
        what);
    for (const std::string_view command : commands) out += exec(command);
    out += "Nice=10\nIOSchedulingClass=idle\nTimeoutStartSec=infinity\n";
    return out + confinement(false);
  }

  static std::string timer(std::string_view what, std::string_view when, std::string_view spread) {
    return fmt::format(
        "[Unit]\nDescription={}\n\n[Timer]\nOnCalendar={}\nRandomizedDelaySec={}\nPersistent=true\n"
        "\n[Install]\nWantedBy=timers.target\n",
        what, when, spread);
  }

 private:
  std::string exec(std::string_view command) const {
    const auto& file = settings_.loaded.file;
    const std::string named =
        file.empty() ? "" : " --config " + unit_quoted(std::filesystem::absolute(file).string());
    return fmt::format("ExecStart={} {}{}\n", unit_quoted(settings_.binary), command, named);
  }

  // The settings that the unit would otherwise not have: from this environment and this line.
  std::string environment() const {
    std::string out;
    for (std::size_t i = 0; i < config::options().size(); ++i) {
      const config::Option& option = config::options()[i];
      const config::Origin& origin = settings_.loaded.origins[i];
      const bool passing = origin.kind == config::Origin::Kind::environment ||
                           origin.kind == config::Origin::Kind::flag;
      if (option.secret()) {
        out += credential(option, passing ? origin.where : std::string());
      } else if (passing) {
        const std::string value = config::join_list(option.binding.get(config_));
        out += "Environment=" + unit_quoted(config::variable_name(option) + "=" + value) + "\n";
      }
    }
    return out;
  }

  std::string credential(const config::Option& option, const std::string& from) const {
    const auto file = settings_.environment.find(from);
    if (from.ends_with("_FILE") && file != settings_.environment.end()) {
      return fmt::format("LoadCredential={}:{}\n", option.key, file->second);
    }
    if (!from.empty()) {
      return fmt::format("# {} comes from {} here: write it to a file and load that.\n", option.key,
                         from) +
             fmt::format("#LoadCredential={0}:/etc/logctl/{0}\n", option.key);
    }
    return fmt::format("#LoadCredential={0}:/etc/logctl/{0}\n", option.key);
  }

  std::string confinement(bool low_port) const {
    std::string out = "User=logctl\nGroup=logctl\n";
    std::string writable;
    bool at_home = false;
    bool state = false;
    for (const std::string& path : writes_) {
      at_home = at_home || below(path, "/home") || below(path, "/root");
      if (below(path, kState)) {
        state = true;
      } else if (path == "/run/logctl") {
        out += "RuntimeDirectory=logctl\n";
      } else {
        writable += " " + unit_quoted(path);
      }
    }
    for (const std::string& path : reads_) {
      at_home = at_home || below(path, "/home") || below(path, "/root");
    }
    if (state) out += "StateDirectory=logctl\nStateDirectoryMode=0700\n";
    out += environment();
    if (!writable.empty()) out += "ReadWritePaths=" + writable.substr(1) + "\n";
    out += at_home ? "ProtectHome=read-only\n" : "ProtectHome=yes\n";
    if (low_port) {
      out +=
          "AmbientCapabilities=CAP_NET_BIND_SERVICE\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n";
    } else {
      out += "CapabilityBoundingSet=\nPrivateUsers=yes\n";
    }
    return out.append(kHardening);
  }

  const UnitSettings& settings_;
  const config::Config& config_;
  std::set<std::string> writes_;
  std::set<std::string> reads_;
  bool low_port_ = false;
};

struct UnitRow {
  std::string_view name;
  std::string (*make)(const Units&);
};

constexpr std::array kUnits = {
    UnitRow{"logctl.service", [](const Units& units) { return units.daemon(); }},
    UnitRow{"logctl.socket", [](const Units& units) { return units.socket(); }},
    UnitRow{"logctl-backup.service",
            [](const Units& units) {
              return units.tool("Backup of logctl", {"backup create", "backup prune"});
            }},
    UnitRow{"logctl-backup.timer",
            [](const Units&) {
              return Units::timer("Daily backup of logctl", "*-*-* 02:30:00", "30m");
            }},
    UnitRow{"logctl-drill.service",
            [](const Units& units) {
              return units.tool("Trial restore of the newest backup of logctl", {"backup drill"});
            }},
    UnitRow{"logctl-drill.timer",
            [](const Units&) {
              return Units::timer("Weekly trial restore of logctl", "Sun *-*-* 04:30:00", "1h");
            }},
    UnitRow{"logctl-maintenance.service",
            [](const Units& units) {
              return units.tool("Maintenance of the store of logctl", {"maintenance run"});
            }},
    UnitRow{"logctl-maintenance.timer",
            [](const Units&) {
              return Units::timer("Nightly maintenance of the store of logctl", "*-*-* 03:30:00",
                                  "30m");
            }},
};

}  // namespace

UnitSettings packaged_units() {
  UnitSettings settings;
  config::Config config;
  config.storage.data_dir = kState;
  settings.loaded.config = std::make_shared<const config::Config>(std::move(config));
  settings.loaded.origins.resize(config::options().size());
  settings.loaded.file = "/etc/logctl/config.yaml";
  return settings;
}

std::vector<std::string> unit_names() {
  std::vector<std::string> names;
  for (const UnitRow& row : kUnits) names.emplace_back(row.name);
  return names;
}

std::string systemd_unit(const UnitSettings& settings, const std::string& name) {
  for (const UnitRow& row : kUnits) {
    if (row.name == name)
      return fmt::format(fmt::runtime(kHead), name, name) + row.make(Units(settings));
  }
  throw Error(ErrorCode::internal, "no unit is named '" + name + "'");
}

}  // namespace logctl::cli
