#include "shared/record/stream_name.h"

#include "tests/support/catch.h"

#include <limits>
#include <string>

using namespace logctl;

TEST_CASE("a stream's name says its category and id", "[stream_name]") {
  struct Row {
    std::string_view name, category;
    std::optional<std::string_view> id;
  };
  for (const Row& row :
       {Row{"order-123", "order", "123"}, Row{"order", "order", std::nullopt},
        Row{"order-123+copy", "order", "123"}, Row{"order-1-2-3", "order", "1-2-3"},
        Row{"order-1-2+a-b+c", "order", "1-2"}, Row{"order:command-1", "order:command", "1"},
        Row{"a+b-c", "a+b", "c"}, Row{"order-", "order", ""}, Row{"-1", "", "1"},
        Row{"order-+x", "order", ""}, Row{"", "", std::nullopt}}) {
    INFO(row.name);
    CHECK(category_of(row.name) == row.category);
    CHECK(cardinal_id_of(row.name) == row.id);
    CHECK(is_category(row.name) == !row.id.has_value());
    CHECK(group_hash_of(row.name).has_value() == row.id.has_value());
  }
}

TEST_CASE("hashes and members of groups are those of message-db", "[stream_name]") {
  struct Row {
    std::string_view id;
    std::int64_t hash, of_two, of_three;
  };
  for (const Row& row : {Row{"1", -4266524885998034046, 0, 0}, Row{"2", -4026655064267673757, 1, 1},
                         Row{"3", -1383792015730482434, 0, 2}, Row{"4", -6305049951010035939, 1, 0},
                         Row{"0", -3473083983811222033, 1, 1}, Row{"5", -1956185668341324987, 1, 0},
                         Row{"123", 2318431741638412123, 1, 1}}) {
    INFO(row.id);
    CHECK(hash64(row.id) == row.hash);
    CHECK(group_hash_of("order-" + std::string(row.id)) == row.hash);
    CHECK(group_hash_of("order-" + std::string(row.id) + "+copy") == row.hash);
    CHECK(member_of(row.hash, 1) == 0);
    CHECK(member_of(row.hash, 2) == row.of_two);
    CHECK(member_of(row.hash, 3) == row.of_three);
  }
}

TEST_CASE("the member is right for every hash", "[stream_name]") {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  CHECK(member_of(kLeast, 3) == 2);  // 2^63 mod 3
  CHECK(member_of(kLeast, 2) == 0);
  CHECK(member_of(kLeast, 1) == 0);
  CHECK(member_of(kLeast, kMost) == 1);
  CHECK(member_of(kLeast + 1, kMost) == 0);
  CHECK(member_of(-7, 4) == 3);
  CHECK(member_of(7, 4) == 3);
  CHECK(member_of(0, 4) == 0);
}
