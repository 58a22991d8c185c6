#include "shared/base/cancellation.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <atomic>
#include <thread>

using namespace logctl;

TEST_CASE("cancellation: interrupts what runs in the scope, and nothing beside it", "[base]") {
  const auto mine = std::make_shared<Cancellation>();
  const auto other = std::make_shared<Cancellation>();
  int interrupted = 0;
  {
    const Cancellation::Scope scope(mine);
    {
      const Cancellation::Scope inner(other);
      const Cancellation::Running running([&] { interrupted += 100; });
    }
    const Cancellation::Running running([&] { ++interrupted; });
    CHECK_FALSE(Cancellation::requested());
    std::thread([&] {
      other->cancel();
      mine->cancel();
      mine->cancel();
    }).join();
    CHECK(interrupted == 1);
    CHECK(Cancellation::requested());
    CHECK_THROWS_AS(Cancellation::check(), Error);
    // What begins now does not begin.
    CHECK_THROWS_AS(Cancellation::Running([] {}), Error);
  }
  CHECK_FALSE(Cancellation::requested());
  CHECK_NOTHROW(Cancellation::check());
  const Cancellation::Running nobody([&] { interrupted += 1000; });
  CHECK(interrupted == 1);
}
