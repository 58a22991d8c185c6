// The machine below the daemon.
#include "cli/doctor/checks.h"
#include "shared/base/units.h"
#include "shared/config/target.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>

namespace logctl::cli::doctor {
namespace {

using State = Finding::State;

constexpr std::uintmax_t kLittleSpace = 1ULL << 30;  // a full disk is near
constexpr std::uintmax_t kNoSpace = 8ULL << 20;      // it is there
constexpr std::uintmax_t kFewFiles = 1000;           // that can still be made
constexpr std::uint64_t kOtherDescriptors = 128;     // besides connections

// Directories may not be there yet: the disk is that of the nearest one above.
std::filesystem::path existing(std::filesystem::path path) {
  std::error_code ignored;
  while (!std::filesystem::exists(path, ignored) && path.has_relative_path()) {
    path = path.parent_path();
  }
  return path.empty() ? std::filesystem::path(".") : path;
}

Finding judge_disk(const std::filesystem::path& path) {
  struct statvfs disk {};
  const std::filesystem::path there = existing(path);
  if (::statvfs(there.c_str(), &disk) != 0) {
    return {"disk", State::failed, fmt::format("'{}': {}", there.string(), std::strerror(errno)),
            "the account of the daemon must be able to reach it"};
  }
  const std::uintmax_t free = disk.f_bavail * disk.f_frsize;
  const std::string detail = fmt::format("{} free for {}", human_size(free), path.string());
  if (free < kNoSpace) return {"disk", State::failed, detail, "make room: nothing can be stored"};
  // Some file systems do not count files.
  if (disk.f_files > 0 && disk.f_favail < kFewFiles) {
    return {"disk", State::warning,
            fmt::format("{} files can be made in {}", disk.f_favail, path.string()),
            "remove small files, or make a file system with more inodes"};
  }
  if (free < kLittleSpace) return {"disk", State::warning, detail, "make room before it is full"};
  return {"disk", State::ok, detail};
}

}  // namespace

void check_disk(Context& context, std::vector<Finding>& findings) {
  const config::Config& config = *context.config();
  std::set<std::filesystem::path> places = {config::home_directory(config)};
  if (config::acknowledgement(config) == config::Ack::spooled && !config.spool.directory.empty()) {
    places.insert(config.spool.directory);
  }
  if (!config.backup.dir.empty()) places.insert(config.backup.dir);
  std::set<dev_t> seen;
  for (const std::filesystem::path& place : places) {
    struct stat status {};
    const bool known = ::stat(existing(place).c_str(), &status) == 0;
    if (!known || seen.insert(status.st_dev).second) findings.push_back(judge_disk(place));
  }
}

void check_clock(Context& /*context*/, std::vector<Finding>& findings) {
  timex state{};
  const int answer = ::adjtimex(&state);
  if (answer < 0) {
    findings.push_back({"clock", State::ok, "whether it is synchronised cannot be seen here"});
  } else if (answer == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    findings.push_back({"clock", State::warning, "not synchronised with others",
                        "run systemd-timesyncd or chrony: records get their time from it"});
  } else {
    findings.push_back({"clock", State::ok, "synchronised"});
  }
}

void check_limits(Context& context, std::vector<Finding>& findings) {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const config::Config& config = *context.config();
  const std::uint64_t wanted = config.server.max_connections + config.database.max_connections +
                               config.storage.sqlite_open_days * 4 + kOtherDescriptors;
  if (files.rlim_cur == RLIM_INFINITY || files.rlim_cur >= wanted) {
    findings.push_back({"limits", State::ok, "enough descriptors"});
    return;
  }
  findings.push_back(
      {"limits", State::warning,
       fmt::format("{} descriptors here, {} connections may need {}", files.rlim_cur,
                   config.server.max_connections, wanted),
       fmt::format("LimitNOFILE={} in the unit or `ulimit -n`, or a lower server.max_connections",
                   wanted)});
}

}  // namespace logctl::cli::doctor
