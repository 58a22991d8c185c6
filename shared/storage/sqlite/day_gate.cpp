#include "shared/storage/sqlite/day_gate.h"

#include "shared/base/error.h"
#include "shared/storage/sqlite/directory.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace logctl::storage::sqlite {
namespace {

using std::chrono::steady_clock;

constexpr milliseconds kPatience = seconds(10);
constexpr milliseconds kPause(2);
constexpr const char* kGate = ".gate";

}  // namespace

DayGate::DayGate(const std::filesystem::path& logs, Sharing sharing) {
  const std::filesystem::path path = logs / kGate;
  if (sharing == Sharing::exclusive) create_file(path);
  try {
    file_ = File::open_read(path);
  } catch (const Error&) {
    if (sharing == Sharing::exclusive) throw;
    return;
  }
  const auto deadline = steady_clock::now() + kPatience;
  while (!try_lock(*file_, sharing)) {
    if (steady_clock::now() >= deadline) {
      throw Error(ErrorCode::locked,
                  fmt::format("'{}' is held by somebody else for too long", path.string()));
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace logctl::storage::sqlite
