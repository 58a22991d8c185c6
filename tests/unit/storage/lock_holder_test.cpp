#include "shared/storage/lock_holder.h"

#include "tests/support/catch.h"

#include <unistd.h>

using namespace logctl;
using namespace logctl::storage;
using Catch::Matchers::Contains;

TEST_CASE("lock holder: what is written down is read again", "[storage]") {
  const LockHolder own = this_process(from_micros(1'700'000'000'900'000));
  CHECK(own.pid == std::to_string(::getpid()));
  CHECK(own.since == "2023-11-14T22:13:20Z");
  const auto read = decode_holder(encode(own) + "\n");
  REQUIRE(read);
  CHECK(read->pid == own.pid);
  CHECK(read->host == own.host);
  CHECK(read->since == own.since);
}

TEST_CASE("lock holder: a name that PostgreSQL cut off still tells who it is", "[storage]") {
  LockHolder holder{"4194304", std::string(60, 'h'), "2023-11-14T22:13:20Z", {}};
  const auto read = decode_holder(encode(holder).substr(0, 63));
  REQUIRE(read);
  CHECK(read->pid == "4194304");
  CHECK(read->since == holder.since);
  CHECK(read->host == std::string(27, 'h'));
}

TEST_CASE("lock holder: other names are nobody's", "[storage]") {
  for (const char* text : {"", "psql", "logctl", "logctl migrate", "logctl migrate, waiting",
                           "logctl migrate 1 yesterday host"}) {
    CHECK_FALSE(decode_holder(text));
  }
}

TEST_CASE("lock holder: the error names who, where, since when and how long", "[storage]") {
  const Error error =
      lock_error(LockHolder{"7", "db1", "2023-11-14T22:13:20Z", "server process 9"}, seconds(30));
  CHECK(error.code() == ErrorCode::locked);
  CHECK(error.message() ==
        "the migration lock is held by process 7 on db1 since 2023-11-14T22:13:20Z (server process "
        "9); waited 30s");
  CHECK_THAT(lock_error(std::nullopt, seconds(0)).message(), Contains("has just ended"));
}
