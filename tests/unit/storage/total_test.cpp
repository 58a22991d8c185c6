#include "shared/storage/counting.h"
#include "tests/support/catch.h"
#include "tests/support/fake_counts.h"

using namespace logctl;

namespace {

const Timestamp kNoon = Timestamp(std::chrono::hours(12));

// A page of `rows` records, a second apart, newest first from noon.
storage::Page page_of(std::size_t rows) {
  storage::Page page;
  for (std::size_t i = 0; i < rows; ++i) {
    page.batch.records.emplace_back().timestamp = kNoon - std::chrono::seconds(i);
  }
  return page;
}

query::Query question(std::uint32_t limit, std::uint64_t offset) {
  query::Query query;
  query.limit = limit;
  query.offset = offset;
  return query;
}

}  // namespace

TEST_CASE("total beside a page: the last page tells it without counting", "[counting]") {
  test::FakeCounts store;
  store.total_error = Error(ErrorCode::internal, "asked");
  const storage::Total total = total_beside(page_of(3), store, question(10, 40), 100);
  CHECK(total.count == 43);
  CHECK(total.exact);
  CHECK(total_beside(page_of(0), store, question(10, 0), 100).count == 0);
}

TEST_CASE("total beside a page: else the store counts", "[counting]") {
  test::FakeCounts store;
  store.total_answer = {77, false};
  for (const std::size_t rows :
       {std::size_t{10}, std::size_t{0}}) {  // a full page, and one behind the end
    const storage::Total total = total_beside(page_of(rows), store, question(10, 40), 100);
    CHECK(total.count == 77);
    CHECK_FALSE(total.exact);
  }
  store.total_error = Error(ErrorCode::unavailable, "gone");
  CHECK_THROWS_AS(total_beside(page_of(10), store, question(10, 0), 100), Error);
}

TEST_CASE("total beside a page: counting that takes too long is no reason to refuse the page",
          "[counting]") {
  // 50 rows since the oldest of the page, 5000 in all.
  struct Sparse : test::FakeCounts {
    std::vector<query::Group> groups(const query::Grouping& question) override {
      return {{{}, {}, question.query.since ? 50U : 5000U}};
    }
  } store;
  store.total_error = Error(ErrorCode::timeout, "canceling statement due to statement timeout");
  query::Query query = question(10, 0);
  storage::Total total = total_beside(page_of(10), store, query, 100);
  CHECK_FALSE(total.exact);
  CHECK(total.count == 1000);  // ten of the 50 nearest, of 5000 in all
  query.order = query::Order::ascending;
  total = total_beside(page_of(10), store, query, 100);
  CHECK_FALSE(total.exact);
  CHECK(total.count == 11);  // at least one more
  // Behind the end there is nothing to estimate from.
  CHECK_THROWS_AS(total_beside(page_of(0), store, question(10, 40), 100), Error);
}
