#include "shared/ingest/accounting.h"

#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::ingest;

namespace {

using Rejected = std::map<std::string, std::uint64_t>;

const std::vector<storage::Account> kBooks = {
    {"daemon", "a", "received", 10},
    {"daemon", "a", "stored", 6},
    {"daemon", "a", "duplicate", 1},
    {"daemon", "a", "rejected:too_long", 2},
    {"import", "a", "rejected:bad", 1},
    {"import", "b", "received", 5},
    {"import", "b", "stored", 5},
    {"import", "a", "received", 3},
    {"import", "a", "rejected:too_long", 3},
};

}  // namespace

TEST_CASE("accounting: the sources of a tenant are one sum, what waits is received too",
          "[ingest]") {
  Backlog backlog;
  backlog.add("b", 4);
  backlog.add("c", 2);
  const AccountingByTenant tenants = account(kBooks, backlog.depth());
  REQUIRE(tenants.size() == 3);
  const Accounting& a = tenants.at("a");
  CHECK(a.received == 13);
  CHECK(a.stored == 6);
  CHECK(a.duplicate == 1);
  CHECK(a.rejected == Rejected{{"bad", 1}, {"too_long", 5}});
  CHECK(a.rejected_total() == 6);
  CHECK(a.spooled == 0);
  CHECK(a.difference() == 0);
  CHECK(tenants.at("b").received == 9);
  CHECK(tenants.at("b").spooled == 4);
  CHECK(tenants.at("b").difference() == 0);
  CHECK(tenants.at("c").received == 2);

  const Accounting all = total(tenants);
  CHECK(all.received == 24);
  CHECK(all.stored == 11);
  CHECK(all.duplicate == 1);
  CHECK(all.rejected == Rejected{{"bad", 1}, {"too_long", 5}});
  CHECK(all.spooled == 6);
  CHECK(all.difference() == 0);
}

TEST_CASE("accounting: the difference tells what is missing, and what is too much", "[ingest]") {
  Accounting sums;
  CHECK(sums.difference() == 0);
  sums.received = 10;
  sums.stored = 4;
  sums.duplicate = 1;
  sums.rejected = {{"malformed", 2}};
  sums.spooled = 1;
  CHECK(sums.difference() == 2);
  sums.stored = 9;
  CHECK(sums.difference() == -3);
}
