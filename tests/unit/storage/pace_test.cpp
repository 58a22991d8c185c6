#include "shared/storage/pace.h"

#include "shared/base/cancellation.h"
#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <memory>

using namespace logctl;
using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::Pace;
using storage::WriteLoad;

namespace {

constexpr Pace::Time kNow{std::chrono::hours(1)};
constexpr Pace::Time::duration kNone{};

}  // namespace

TEST_CASE("pace: nobody rests while nobody writes", "[storage]") {
  const WriteLoad idle;
  Pace pace(idle, kNow);
  CHECK(pace.due(kNow + seconds(5)) == kNone);
}

TEST_CASE("pace: beside writers, rests take longer than the work", "[storage]") {
  WriteLoad busy;
  busy.begin(kNow - seconds(1));
  Pace pace(busy, kNow);
  CHECK(pace.due(kNow + milliseconds(5)) == kNone);  // short questions never rest
  CHECK(pace.due(kNow + milliseconds(50)) == milliseconds(100));
  CHECK(pace.due(kNow + milliseconds(70)) == milliseconds(40));
  CHECK(pace.due(kNow + seconds(60)) == seconds(2));  // but not for ever
}

TEST_CASE("pace: work from before the writers came is not made up for", "[storage]") {
  WriteLoad load;
  Pace pace(load, kNow);
  CHECK(pace.due(kNow + seconds(20)) == kNone);
  load.begin(kNow + seconds(20));
  CHECK(pace.due(kNow + seconds(21)) == seconds(2));
}

TEST_CASE("pace: a rest ends when nobody waits any more", "[storage]") {
  WriteLoad busy;
  busy.begin(std::chrono::steady_clock::now() - seconds(1));
  Pace pace(busy, std::chrono::steady_clock::now() - seconds(1));
  const auto cancellation = std::make_shared<Cancellation>();
  const Cancellation::Scope scope(cancellation);
  cancellation->cancel();
  CHECK_THROWS_AS(pace.rest(), Error);
}

TEST_CASE("pace: what was rested is told", "[storage]") {
  WriteLoad busy;
  busy.begin(std::chrono::steady_clock::now() - seconds(1));
  Pace pace(busy, std::chrono::steady_clock::now() - milliseconds(15));
  CHECK(pace.rest() >= milliseconds(30));
}
