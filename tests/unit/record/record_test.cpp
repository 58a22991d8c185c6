#include "shared/record/record.h"

#include "tests/support/catch.h"

using namespace logctl;

TEST_CASE("record: levels are read in any case and keep their spelling", "[record]") {
  CHECK(parse_level("warn") == Level::warn);
  CHECK(parse_level("Warning") == Level::warning);
  CHECK(level_name(Level::warning) == "WARNING");
  CHECK(level_severity(Level::warn) == level_severity(Level::warning));
  CHECK(level_severity(Level::error) == level_severity(Level::warning) + 1);
  CHECK(level_severity(Level::fatal) == 8);
  CHECK(parse_level("err") == Level::error);
  CHECK_FALSE(parse_level("loud").has_value());
  CHECK(level_name(Level::none).empty());
}

TEST_CASE("record: the public id carries timestamp and event id", "[record]") {
  const Timestamp t = from_micros(1'705'314'600'123'456);
  const auto key = parse_record_id(format_record_id(t, "order/17 é"));
  REQUIRE(key.has_value());
  CHECK(key->timestamp == t);
  CHECK(key->event_id == "order/17 é");
  CHECK_FALSE(parse_record_id("").has_value());
  CHECK_FALSE(parse_record_id("recent").has_value());
  CHECK_FALSE(parse_record_id("!!!!").has_value());
}

TEST_CASE("record: arena copies stay put across blocks and moves", "[record]") {
  Batch batch;
  std::vector<std::string_view> views;
  for (int i = 0; i < 1000; ++i) views.push_back(batch.arena->copy("text " + std::to_string(i)));
  const std::string_view large = batch.arena->copy(std::string(100'000, 'x'));
  const Batch moved = std::move(batch);
  for (int i = 0; i < 1000; ++i) CHECK(views[i] == "text " + std::to_string(i));
  CHECK(large.size() == 100'000);
  CHECK(moved.cost() > 100'000);
}
