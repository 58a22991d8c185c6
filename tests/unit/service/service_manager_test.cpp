#include "service/service_manager.h"

#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <cstddef>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace logctl;

namespace {

class Listener {
 public:
  explicit Listener(const std::string& name) {
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name[0] == '@') address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), length) == 0);
  }
  ~Listener() { ::close(fd_); }
  // The next message, or nothing.
  std::string next() const {
    char buffer[512];
    const ssize_t n = ::recv(fd_, buffer, sizeof(buffer), MSG_DONTWAIT);
    return n < 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(n));
  }

 private:
  int fd_;
};

}  // namespace

TEST_CASE("service manager: messages of sd_notify", "[service]") {
  test::TempDir dir;
  const std::string path = (dir.path() / "notify").string();
  const std::string abstract = "@logctl-test-" + std::to_string(::getpid());
  for (const std::string& name : {path, abstract}) {
    const Listener listener(name);
    ServiceManager manager(name);
    manager.status("draining");
    CHECK(listener.next() == "STATUS=draining");
    manager.status("draining");
    CHECK(listener.next().empty());
    manager.ready();
    CHECK(listener.next() == "READY=1");
    manager.reloading();
    CHECK(listener.next().starts_with("RELOADING=1\nMONOTONIC_USEC="));
    manager.extend(seconds(2));
    CHECK(listener.next() == "EXTEND_TIMEOUT_USEC=2000000");
    manager.watchdog();
    CHECK(listener.next() == "WATCHDOG=1");
    manager.stopping(seconds(3));
    CHECK(listener.next() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=3000000");
  }
}

TEST_CASE("service manager: nobody listens, nothing happens", "[service]") {
  ServiceManager nobody("");
  nobody.ready();
  ServiceManager gone("/nonexistent/notify");
  gone.status("x");
  ServiceManager too_long(std::string(300, 'x'));
  too_long.stopping(seconds(1));
}
