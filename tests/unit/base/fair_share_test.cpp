#include "shared/base/fair_share.h"

#include "tests/support/catch.h"

#include <string>

using namespace logctl;

TEST_CASE("fair share: one owner alone gets half, and newcomers still find room", "[base]") {
  FairShare room(1000);
  while (room.take("flood", 10)) {
  }
  CHECK(room.taken() == 500);
  CHECK(room.take("small", 300));
  CHECK_FALSE(room.take("small", 100));  // an equal share with a third is 333
  CHECK_FALSE(room.take("flood", 1));
  CHECK(room.take("third", 200));
  CHECK(room.taken() == 1000);
  CHECK_FALSE(room.take("fourth", 1));
  room.give_back("flood", 400);
  CHECK(room.take("fourth", 100));
}

TEST_CASE("fair share: what is given back can be had again, and owners are forgotten", "[base]") {
  FairShare room(100);
  CHECK(room.take("a", 50));
  CHECK_FALSE(room.take("a", 1));
  room.give_back("a", 50);
  CHECK(room.taken() == 0);
  CHECK(room.take("b", 50));
  room.give_back("nobody", 10);
  room.give_back("b", 1000);
  CHECK(room.taken() == 0);
}

TEST_CASE("fair share: a thing larger than the limit passes when it is alone", "[base]") {
  FairShare room(100);
  CHECK(room.take("a", 90));
  CHECK(room.take("a", 90, 90));
  CHECK_FALSE(room.take("b", 1));
  CHECK_FALSE(room.take("a", 90, 20));
  room.give_back("a", 180);
  CHECK(room.take("b", 500));
}

TEST_CASE("fair share: the limit can change", "[base]") {
  FairShare room(100);
  CHECK(room.take("a", 50));
  room.set_limit(200);
  CHECK(room.take("a", 50));
  room.set_limit(10);
  CHECK_FALSE(room.take("b", 1));
}
