#include "shared/ingest/day_split.h"

#include "tests/support/batches.h"
#include "tests/support/catch.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

using namespace logctl;
using test::make_batch;

namespace {

// One record a day for each of `days`, some of them before 1970.
Batch on_days(const std::vector<int>& days) {
  std::vector<std::string> ids;
  for (const int day : days)
    ids.push_back(std::to_string(ids.size()) + " on " + std::to_string(day));
  Batch batch = make_batch(ids, {{90'000, "", Reason::malformed, "no"}}, "acme");
  for (std::size_t i = 0; i < days.size(); ++i) {
    batch.records[i].timestamp = Timestamp(std::chrono::hours(24 * days[i]) - microseconds(1));
  }
  return batch;
}

std::size_t count_days(const Batch& batch) {
  std::set<std::chrono::sys_days> days;
  for (const LogRecord& record : batch.records) {
    days.insert(std::chrono::floor<std::chrono::days>(record.timestamp));
  }
  return days.size();
}

}  // namespace

TEST_CASE("day split: a request of up to 32 days is one", "[ingest]") {
  std::vector<int> days;
  for (int i = 0; i < 32; ++i) days.push_back(i * 1000 - 5000);
  days.insert(days.end(), 100, 0);
  days.back() = -5000;
  CHECK(ingest::on_few_days(on_days(days).records));
  CHECK(ingest::on_few_days(make_batch({}).records));
  days.push_back(1);
  CHECK_FALSE(ingest::on_few_days(on_days(days).records));
  // Within a month whatever their number.
  CHECK(ingest::on_few_days(on_days(std::vector<int>(10'000, 7)).records));
}

TEST_CASE("day split: each record once, in order, and the sums stay", "[ingest]") {
  std::vector<int> days;
  for (int i = 0; i < 1000; ++i) days.push_back(i * 7919 % 1000 - 300);  // each once, mixed up
  days.push_back(5);
  Batch batch = on_days(days);
  batch.duplicates = 3;
  batch.received += 3;
  const std::vector<Batch> parts = ingest::split_by_days(batch);
  CHECK(parts.size() == 32);
  std::set<std::string_view> seen;
  std::uint32_t received = 0;
  for (const Batch& part : parts) {
    CHECK(part.tenant == "acme");
    CHECK(count_days(part) <= ingest::kMostDaysPerFrame);
    CHECK(part.records.size() + part.rejections.size() + part.duplicates == part.received);
    std::uint32_t before = 0;
    for (const LogRecord& record : part.records) {
      CHECK(record.index >= before);
      before = record.index;
      seen.insert(record.event_id);
    }
    received += part.received;
  }
  CHECK(seen.size() == 1001);
  CHECK(received == batch.received);
  CHECK(parts[0].duplicates == 3);
  CHECK(parts[0].rejections.size() == 1);
  CHECK(parts[1].rejections.empty());
}
