#include "shared/ingest/spooled_batch.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace logctl;

namespace {

LogRecord full_record() {
  LogRecord r;
  r.timestamp = from_micros(1'700'000'000'123'456);
  r.received_at = from_micros(1'700'000'001'000'000);
  r.processed_at = from_micros(-5);
  r.event_id = "id-1";
  r.tenant = "acme";
  r.service = "api";
  r.message = "text with \0 inside and ü";
  r.event_type = "error";
  r.event_name = "boom";
  r.user_id = "u";
  r.session_id = "s";
  r.app_version = "1.2";
  r.host = "h";
  r.trace_id = "t";
  r.span_id = "p";
  r.priority = "high";
  r.properties = R"({"n":42.0})";
  r.device_info = "{}";
  r.sequence_number = -7;
  r.level = Level::warning;
  r.dedup_by_id = true;
  r.index = 70'000;
  return r;
}

void check_equal(const LogRecord& a, const LogRecord& b) {
  CHECK(a.timestamp == b.timestamp);
  CHECK(a.received_at == b.received_at);
  CHECK(a.processed_at == b.processed_at);
  CHECK(a.event_id == b.event_id);
  CHECK(a.tenant == b.tenant);
  CHECK(a.service == b.service);
  CHECK(a.message == b.message);
  CHECK(a.event_type == b.event_type);
  CHECK(a.event_name == b.event_name);
  CHECK(a.user_id == b.user_id);
  CHECK(a.session_id == b.session_id);
  CHECK(a.app_version == b.app_version);
  CHECK(a.host == b.host);
  CHECK(a.trace_id == b.trace_id);
  CHECK(a.span_id == b.span_id);
  CHECK(a.priority == b.priority);
  CHECK(a.properties == b.properties);
  CHECK(a.device_info == b.device_info);
  CHECK(a.sequence_number == b.sequence_number);
  CHECK(a.level == b.level);
  CHECK(a.dedup_by_id == b.dedup_by_id);
  CHECK(a.id_assigned == b.id_assigned);
  CHECK(a.index == b.index);
}

Batch sample() {
  Batch batch;
  batch.records.push_back(full_record());
  LogRecord bare;
  bare.tenant = "acme";
  bare.event_id = "id-2";
  bare.priority = {};
  bare.id_assigned = true;
  batch.records.push_back(bare);
  batch.rejections = {{0, "x", Reason::too_long, "m"},
                      {1, "", Reason::malformed, "m"},
                      {2, "y", Reason::too_long, "m"}};
  batch.duplicates = 300;
  return batch;
}

}  // namespace

TEST_CASE("spooled batch: every field comes back", "[ingest]") {
  const Batch batch = sample();
  ingest::SpoolEncoder encoder;
  const std::size_t first = encoder.add(batch, "acme");
  const std::size_t second = encoder.add(Batch(), "other");
  const std::string payload(encoder.bytes(first, second));
  std::vector<LogRecord> records;
  const ingest::SpooledBatch head = ingest::decode_spooled(payload, records);
  CHECK(head.tenant == "acme");
  CHECK(head.duplicates == 300);
  CHECK(head.records == 2);
  REQUIRE(head.rejected.size() == 2);
  CHECK(head.rejected[0] == std::pair<std::string_view, std::uint32_t>("malformed", 1));
  CHECK(head.rejected[1] == std::pair<std::string_view, std::uint32_t>("too_long", 2));
  REQUIRE(records.size() == 2);
  check_equal(records[0], batch.records[0]);
  check_equal(records[1], batch.records[1]);
  CHECK(ingest::decode_spooled_head(payload).tenant == "acme");

  const ingest::SpooledBatch empty =
      ingest::decode_spooled(encoder.bytes(second, encoder.size()), records);
  CHECK(empty.tenant == "other");
  CHECK(empty.records == 0);
  CHECK(records.size() == 2);
}

TEST_CASE("spooled batch: large batches share the encoder's memory", "[ingest]") {
  ingest::SpoolEncoder encoder;
  const std::string message(5000, 'm');
  Batch batch;
  LogRecord record = full_record();
  record.message = message;
  batch.records.assign(200, record);
  for (int round = 0; round < 3; ++round) {
    encoder.clear();
    std::vector<std::size_t> starts;
    for (int i = 0; i < 5; ++i) starts.push_back(encoder.add(batch, "acme"));
    starts.push_back(encoder.size());
    std::vector<LogRecord> records;
    for (std::size_t i = 0; i + 1 < starts.size(); ++i) {
      ingest::decode_spooled(encoder.bytes(starts[i], starts[i + 1]), records);
    }
    REQUIRE(records.size() == 1000);
    check_equal(records.back(), record);
  }
}

TEST_CASE("spooled batch: what is cut or of another version is an error, never a crash",
          "[ingest]") {
  ingest::SpoolEncoder encoder;
  encoder.add(sample(), "acme");
  const std::string payload(encoder.bytes(0, encoder.size()));
  for (std::size_t size = 0; size < payload.size(); ++size) {
    std::vector<LogRecord> records;
    CHECK_THROWS_AS(ingest::decode_spooled(std::string_view(payload).substr(0, size), records),
                    Error);
  }
  std::vector<LogRecord> records;
  CHECK_THROWS_AS(ingest::decode_spooled(payload + "x", records), Error);
  std::string newer = payload;
  newer[0] = 9;
  CHECK_THROWS_WITH(ingest::decode_spooled(newer, records),
                    Catch::Contains("payload version 9, this binary knows 1"));
}
