#include "service/watchdog.h"

#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <cstddef>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace logctl;

namespace {

// Counts the messages that reach it.
class Ear {
 public:
  Ear() : path_((dir_.path() / "notify").string()) {
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), length) == 0);
  }
  ~Ear() { ::close(fd_); }
  const std::string& path() const { return path_; }
  int pats() const {
    int count = 0;
    char buffer[64];
    while (::recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT) == 10) ++count;  // WATCHDOG=1
    return count;
  }

 private:
  test::TempDir dir_;
  std::string path_;
  int fd_ = -1;
};

}  // namespace

TEST_CASE("watchdog: silent while a part stands still, and says which one once", "[service]") {
  const Ear ear;
  ServiceManager manager(ear.path());
  bool first = true;
  bool second = true;
  std::vector<std::string> told;
  Watchdog watchdog(manager, {{"first", [&] { return first; }}, {"second", [&] { return second; }}},
                    [&](std::string_view part) { told.emplace_back(part); });
  watchdog.check();
  CHECK(ear.pats() == 1);
  second = false;
  watchdog.check();
  watchdog.check();
  CHECK(ear.pats() == 0);
  CHECK(told == std::vector<std::string>{"second"});
  second = true;
  watchdog.check();
  CHECK(ear.pats() == 1);
  second = false;
  watchdog.check();
  CHECK(told.size() == 2);
}

TEST_CASE("watchdog: without a period nothing is sent", "[service]") {
  const Ear ear;
  ServiceManager manager(ear.path());
  Watchdog watchdog(manager, {}, [](std::string_view) {});
  watchdog.start(microseconds(0));
  CHECK(ear.pats() == 0);
}

TEST_CASE("watchdog: connections stand still while nobody runs what is posted", "[service]") {
  boost::asio::io_context io;
  const auto moved = io_pulse(io);
  CHECK(moved());
  CHECK_FALSE(moved());
  CHECK_FALSE(moved());
  io.poll();
  CHECK(moved());
}

TEST_CASE("watchdog: a queue stands still when something waits and nobody comes", "[service]") {
  std::uint64_t waiting = 0;
  std::uint64_t done = 0;
  const auto moved = queue_pulse([&] { return waiting; }, [&] { return done; });
  CHECK(moved());
  waiting = 3;
  CHECK_FALSE(moved());
  done = 1;
  CHECK(moved());
  CHECK_FALSE(moved());
  waiting = 0;
  CHECK(moved());
}
