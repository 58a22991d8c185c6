#include "shared/base/hash.h"

#include "tests/support/catch.h"

TEST_CASE("base: sha-256 agrees with the examples of FIPS 180", "[base]") {
  CHECK(logctl::sha256_hex("") ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(logctl::sha256_hex("abc") ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("base: crc-32 agrees with the check value of its definition", "[base]") {
  CHECK(logctl::crc32("123456789") == 0xcbf43926U);
  CHECK(logctl::crc32("") == 0);
}

TEST_CASE("base: comparison in constant time compares", "[base]") {
  CHECK(logctl::equal_constant_time("", ""));
  CHECK(logctl::equal_constant_time("abc", "abc"));
  CHECK_FALSE(logctl::equal_constant_time("abc", "abd"));
  CHECK_FALSE(logctl::equal_constant_time("abc", "ab"));
}
