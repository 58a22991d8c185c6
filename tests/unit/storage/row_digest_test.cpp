#include "shared/storage/row_digest.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace logctl;
using storage::ContentHash;
using storage::RowDigest;

namespace {

struct Pair {
  std::string a;
  std::string b;
};

ContentHash hash_of(const std::vector<Pair>& rows, std::string_view table = "t",
                    const std::vector<std::string>& columns = {"a", "b"}) {
  RowDigest digest(table, columns);
  for (const Pair& row : rows) {
    digest.begin();
    if (!row.a.empty()) digest.text(0, row.a);
    if (!row.b.empty()) digest.text(1, row.b);
    digest.end();
  }
  return digest.result().hash;
}

}  // namespace

TEST_CASE("storage: a content hash does not depend on the order of rows", "[storage]") {
  CHECK(hash_of({{"1", "2"}, {"3", "4"}}) == hash_of({{"3", "4"}, {"1", "2"}}));
}

TEST_CASE("storage: a content hash tells rows, values, columns and tables apart", "[storage]") {
  const std::vector<ContentHash> all = {
      hash_of({}),           hash_of({{"1", "2"}}),      hash_of({{"1", "2"}, {"1", "2"}}),
      hash_of({{"12", ""}}), hash_of({{"", "12"}}),      hash_of({{"1", "3"}}),
      hash_of({{"2", "1"}}), hash_of({{"1", "2"}}, "u"), hash_of({{"1", "2"}}, "t", {"a", "c"})};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(all[i] == all[j]);
  }
}

TEST_CASE("storage: a column without values changes nothing", "[storage]") {
  CHECK(hash_of({{"1", ""}}, "t", {"a", "b"}) == hash_of({{"1", ""}}, "t", {"a", "z"}));
}

TEST_CASE("storage: types are told apart, and times are ranges", "[storage]") {
  RowDigest number("t", {"received_at", "timestamp", "x"});
  number.begin();
  number.integer(0, 30);
  number.integer(1, 10);
  number.integer(2, 1);
  number.end();
  RowDigest text("t", {"received_at", "timestamp", "x"});
  text.begin();
  text.integer(0, 20);
  text.integer(1, 20);
  text.text(2, std::string_view("\1\0\0\0\0\0\0\0", 8));
  text.end();
  CHECK_FALSE(number.result().hash == text.result().hash);
  storage::TableDigest sum = number.result();
  sum.add(text.result());
  CHECK(sum.rows == 2);
  CHECK(sum.first == from_micros(10));
  CHECK(sum.last == from_micros(20));
  CHECK(sum.last_received == from_micros(30));
}

TEST_CASE("storage: the sum of hashes carries, and its text comes back", "[storage]") {
  ContentHash hash{~0ULL, 1};
  hash.add({1, 0});
  CHECK(hash == ContentHash{0, 2});
  CHECK(storage::parse_content_hash(hash.hex()) == hash);
  CHECK_FALSE(storage::parse_content_hash("12"));
  CHECK_FALSE(storage::parse_content_hash(std::string(32, 'g')));
}
