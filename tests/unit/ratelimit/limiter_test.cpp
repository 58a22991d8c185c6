#include "shared/ratelimit/limiter.h"

#include "tests/support/catch.h"

#include <atomic>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::ratelimit;

namespace {
const Limiter::Instant kStart{std::chrono::hours(1000)};
}

TEST_CASE("limiter: the burst passes, then tokens flow in at the rate", "[ratelimit]") {
  Limiter limiter;
  for (std::uint32_t left = 5; left-- > 0;) {
    const Decision decision = limiter.take("k", 2, 5, kStart);
    CHECK(decision.allowed);
    CHECK(decision.limit == 5);
    CHECK(decision.remaining == left);
    CHECK(decision.retry_after_seconds == 0);
  }
  const Decision refused = limiter.take("k", 2, 5, kStart);
  CHECK_FALSE(refused.allowed);
  CHECK(refused.remaining == 0);
  CHECK(refused.retry_after_seconds == 1);  // half a second, rounded up
  CHECK(refused.reset_seconds == 3);        // 5 tokens at 2 a second
  CHECK_FALSE(limiter.take("k", 2, 5, kStart + milliseconds(499)).allowed);
  CHECK(limiter.take("k", 2, 5, kStart + milliseconds(500)).allowed);
  CHECK_FALSE(limiter.take("k", 2, 5, kStart + milliseconds(501)).allowed);
  // A long rest fills the bucket to its size and no further.
  CHECK(limiter.take("k", 2, 5, kStart + std::chrono::hours(10)).remaining == 4);
}

TEST_CASE("limiter: keys have buckets of their own", "[ratelimit]") {
  Limiter limiter;
  CHECK(limiter.take("a", 1, 1, kStart).allowed);
  CHECK_FALSE(limiter.take("a", 1, 1, kStart).allowed);
  CHECK(limiter.take("b", 1, 1, kStart).allowed);
}

TEST_CASE("limiter: what the headers say", "[ratelimit]") {
  struct Case {
    double rps;
    std::uint32_t burst;
    int takes;
    bool allowed;
    std::uint32_t remaining, reset, retry_after;
  };
  for (const Case& c : {
           Case{100, 200, 1, true, 199, 1, 0},
           Case{100, 200, 200, true, 0, 2, 0},
           Case{100, 200, 201, false, 0, 2, 1},
           Case{0.1, 1, 1, true, 0, 10, 0},
           Case{0.1, 1, 2, false, 0, 10, 10},
           Case{1, 0, 1, true, 0, 1, 0},  // a bucket holds at least one token
           Case{1e-300, 1, 2, false, 0, 4294967295U, 4294967295U},
       }) {
    INFO(c.rps << " " << c.burst << " " << c.takes);
    Limiter limiter;
    Decision decision;
    for (int i = 0; i < c.takes; ++i) decision = limiter.take("k", c.rps, c.burst, kStart);
    CHECK(decision.allowed == c.allowed);
    CHECK(decision.remaining == c.remaining);
    CHECK(decision.reset_seconds == c.reset);
    CHECK(decision.retry_after_seconds == c.retry_after);
  }
}

TEST_CASE("limiter: a rate of 0 is no limit and takes no memory", "[ratelimit]") {
  Limiter limiter;
  for (int i = 0; i < 1000; ++i) {
    const Decision decision = limiter.take("k", 0, 1, kStart);
    CHECK(decision.allowed);
    CHECK(decision.limit == 0);
  }
  CHECK(limiter.size() == 0);
}

TEST_CASE("limiter: a cost above the bucket's size passes when it is full and is paid for later",
          "[ratelimit]") {
  Limiter limiter;
  const Decision first = limiter.take("k", 1, 10, kStart, 25);
  CHECK(first.allowed);
  CHECK(first.remaining == 0);
  CHECK(first.reset_seconds == 25);
  const Decision second = limiter.take("k", 1, 10, kStart + seconds(1), 25);
  CHECK_FALSE(second.allowed);
  CHECK(second.retry_after_seconds == 24);
  CHECK_FALSE(limiter.take("k", 1, 10, kStart + seconds(24), 25).allowed);
  CHECK(limiter.take("k", 1, 10, kStart + seconds(25), 25).allowed);
}

TEST_CASE("limiter: looking takes nothing, a charge takes what is not there", "[ratelimit]") {
  Limiter limiter;
  for (int i = 0; i < 3; ++i) {
    CHECK(limiter.look("k", 1, 10, kStart, 10).allowed);
  }
  CHECK(limiter.take("k", 1, 10, kStart, 10).allowed);
  CHECK_FALSE(limiter.look("k", 1, 10, kStart, 1).allowed);
  limiter.charge("k", 1, 10, kStart, 20);
  CHECK(limiter.look("k", 1, 10, kStart, 1).retry_after_seconds == 21);
  CHECK_FALSE(limiter.take("k", 1, 10, kStart + seconds(20), 1).allowed);
  CHECK(limiter.take("k", 1, 10, kStart + seconds(21), 1).allowed);
  // Without a rate there is nothing to pay with, and no limit.
  limiter.charge("free", 0, 10, kStart, 1000);
  CHECK(limiter.take("free", 0, 10, kStart, 1000).allowed);
}

TEST_CASE("limiter: rounding of many small refills holds nobody back", "[ratelimit]") {
  Limiter limiter;
  auto now = kStart;
  CHECK(limiter.take("k", 10, 1, now).allowed);
  for (int round = 0; round < 1000; ++round) {
    for (int i = 1; i <= 99; ++i) {
      if (limiter.take("k", 10, 1, now + milliseconds(i)).allowed) FAIL("a token too early");
    }
    now += milliseconds(100);
    REQUIRE(limiter.take("k", 10, 1, now).allowed);
  }
}

TEST_CASE("limiter: an instant before the last one refills nothing and breaks nothing",
          "[ratelimit]") {
  Limiter limiter;
  CHECK(limiter.take("k", 1, 1, kStart + seconds(5)).allowed);
  CHECK_FALSE(limiter.take("k", 1, 1, kStart).allowed);
  CHECK_FALSE(limiter.take("k", 1, 1, kStart + seconds(5)).allowed);
  CHECK(limiter.take("k", 1, 1, kStart + seconds(6)).allowed);
}

TEST_CASE("limiter: changed limits hold from the next request on", "[ratelimit]") {
  Limiter limiter;
  CHECK(limiter.take("k", 1, 100, kStart).remaining == 99);
  CHECK(limiter.take("k", 1, 10, kStart).remaining == 9);
  CHECK(limiter.take("k", 1, 100, kStart).remaining == 8);
  CHECK(limiter.take("k", 50, 100, kStart + seconds(1)).remaining == 8);  // the old rate until now
  CHECK(limiter.take("k", 50, 100, kStart + seconds(2)).remaining == 57);
}

TEST_CASE("limiter: sweep forgets full buckets only", "[ratelimit]") {
  Limiter limiter;
  for (int i = 0; i < 100; ++i) (void)limiter.take("k" + std::to_string(i), 1, 2, kStart);
  (void)limiter.take("busy", 1, 10, kStart, 10);
  CHECK(limiter.size() == 101);
  limiter.sweep(kStart + milliseconds(999));
  CHECK(limiter.size() == 101);
  limiter.sweep(kStart + seconds(1));
  CHECK(limiter.size() == 1);
  CHECK(limiter.take("busy", 1, 10, kStart + seconds(1)).remaining == 0);
  limiter.sweep(kStart + seconds(11));
  CHECK(limiter.size() == 0);
}

TEST_CASE("limiter: threads share a bucket without giving a token twice", "[ratelimit]") {
  Limiter limiter;
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2000; ++i) {
        if (limiter.take("shared", 1, 1000, kStart).allowed) ++allowed;
        (void)limiter.take("own" + std::to_string(t), 1, 10, kStart);
        if (i % 500 == 0) limiter.sweep(kStart);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(allowed == 1000);
}
