#include "shared/storage/write_load.h"

#include "tests/support/catch.h"

using namespace logctl;
using std::chrono::milliseconds;
using storage::WriteLoad;

namespace {

// Writes so long, then rests so long, for a second; when the last write has ended.
WriteLoad::Time write(WriteLoad& load, milliseconds writes, milliseconds rests) {
  WriteLoad::Time now{std::chrono::hours(1)};
  WriteLoad::Time end = now;
  for (const auto stop = now + std::chrono::seconds(1); now < stop; now += rests) {
    load.begin(now);
    now += writes;
    load.end(now);
    end = now;
  }
  return end;
}

}  // namespace

TEST_CASE("write load: nobody writes at first", "[storage]") {
  const WriteLoad load;
  CHECK_FALSE(load.saturated());
}

TEST_CASE("write load: busy is more than half of the time, and soon over", "[storage]") {
  WriteLoad busy;
  const auto end = write(busy, milliseconds(9), milliseconds(1));
  CHECK(busy.saturated(end));
  CHECK_FALSE(busy.saturated(end + std::chrono::seconds(1)));
  WriteLoad half;
  CHECK_FALSE(half.saturated(write(half, milliseconds(4), milliseconds(6))));
  WriteLoad sensitive(0.25);
  CHECK(sensitive.saturated(write(sensitive, milliseconds(4), milliseconds(6))));
  WriteLoad at_ease(0.25);
  CHECK_FALSE(at_ease.saturated(write(at_ease, milliseconds(2), milliseconds(8))));
}

TEST_CASE("write load: one long transaction is busy too", "[storage]") {
  WriteLoad load;
  const WriteLoad::Time now{std::chrono::hours(1)};
  load.begin(now);
  CHECK_FALSE(load.saturated(now + milliseconds(100)));
  CHECK(load.saturated(now + milliseconds(400)));
}

TEST_CASE("write load: writers side by side count once", "[storage]") {
  WriteLoad load;
  WriteLoad::Time now{std::chrono::hours(1)};
  for (int i = 0; i < 100; ++i) {
    load.begin(now);
    load.begin(now + milliseconds(1));
    load.end(now + milliseconds(3));
    load.end(now + milliseconds(4));
    now += milliseconds(10);
  }
  CHECK_FALSE(load.saturated(now));
}
