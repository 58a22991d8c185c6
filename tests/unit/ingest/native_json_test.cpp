#include "shared/ingest/native_json.h"

#include "tests/support/catch.h"
#include "tests/unit/ingest/parser_fixture.h"

using namespace logctl;
using test::ParserFixture;

TEST_CASE("native JSON: parsed again it is the same record", "[ingest]") {
  ParserFixture f;
  LogRecord r;
  r.timestamp = f.clock.now() - milliseconds(5) - microseconds(7);
  r.event_id = "id-1";
  r.service = "api";
  r.message = "a \"quoted\"\nline, ü and \x01";
  r.event_type = "error";
  r.event_name = "boom";
  r.user_id = "u";
  r.session_id = "s";
  r.app_version = "1.2";
  r.host = "h";
  r.trace_id = "t";
  r.span_id = "p";
  r.priority = "high";
  r.properties = R"({"n":42.0,"big":12345678901234567890,"null":null})";
  r.device_info = R"({"os":"linux"})";
  r.sequence_number = -7;
  r.level = Level::warning;
  const Batch batch = f.one(ingest::native_json(r));
  REQUIRE(batch.records.size() == 1);
  const LogRecord& again = batch.records[0];
  CHECK(again.timestamp == r.timestamp);
  CHECK(again.event_id == r.event_id);
  CHECK(again.service == r.service);
  CHECK(again.message == r.message);
  CHECK(again.event_type == r.event_type);
  CHECK(again.event_name == r.event_name);
  CHECK(again.user_id == r.user_id);
  CHECK(again.session_id == r.session_id);
  CHECK(again.app_version == r.app_version);
  CHECK(again.host == r.host);
  CHECK(again.trace_id == r.trace_id);
  CHECK(again.span_id == r.span_id);
  CHECK(again.priority == r.priority);
  CHECK(again.properties == r.properties);
  CHECK(again.device_info == r.device_info);
  CHECK(again.sequence_number == r.sequence_number);
  CHECK(again.level == r.level);
  CHECK_FALSE(again.dedup_by_id);
  CHECK_FALSE(again.id_assigned);
}

TEST_CASE("native JSON: a record without a time of its own stays one", "[ingest]") {
  ParserFixture f;
  LogRecord r;
  r.timestamp = f.clock.now() - seconds(5);
  r.event_id = "id-1";
  r.message = "m";
  r.dedup_by_id = true;
  const Batch batch = f.one(ingest::native_json(r));
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.records[0].dedup_by_id);
  CHECK(batch.records[0].event_id == "id-1");
  CHECK(batch.records[0].timestamp == f.clock.now());
}
