#include "shared/ingest/replay.h"

#include "tests/support/fake_store.h"
#include "tests/unit/ingest/parser_fixture.h"

#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::ingest;

namespace {

struct Fixture : test::ParserFixture {
  test::FakeStore store;

  // Came in an hour ago.
  DeadLetter letter(std::string raw, Dialect dialect = Dialect::native) {
    DeadLetter made;
    made.id = "0198a000-0000-7000-8000-00000000000" + std::to_string(++letters);
    made.at = clock.now() - std::chrono::hours(1);
    made.index = 4;
    made.dialect = dialect;
    set_raw(made, raw, 10000);
    return made;
  }
  ReplayResult run(const std::vector<DeadLetter>& some, bool dry = false) {
    return replay(some, dry ? nullptr : &store, std::make_shared<const Rules>(config), clock);
  }
  Replayed one(const DeadLetter& some) { return run({some}).letters.at(0); }

  int letters = 0;
};

}  // namespace

TEST_CASE("replay: a letter passes once the rules allow it", "[ingest]") {
  Fixture f;
  const DeadLetter letter =
      f.letter(R"({"event_id":"e","event_type":"odd","event_name":"n"})", Dialect::change66);
  const Replayed before = f.one(letter);
  REQUIRE(before.refusal);
  CHECK(before.refusal->reason == Reason::unknown_value);
  CHECK(f.store.total_rows() == 0);

  f.config.ingest.event_types.emplace_back("odd");
  const Replayed after = f.one(letter);
  CHECK_FALSE(after.refusal);
  CHECK(after.stored == 1);
}

TEST_CASE("replay: doing it again stores nothing twice", "[ingest]") {
  Fixture f;
  DeadLetter body = f.letter(R"({"logs":[{"message":"x"},{"message":"y"}]})", Dialect::change66);
  body.dialect = Dialect::native;
  body.index.reset();
  const std::vector<DeadLetter> letters = {
      f.letter(R"({"message":"neither id nor time"})"),
      f.letter(R"({"message":"m","event_id":"no time"})"),
      f.letter(R"({"message":"m","timestamp":"2026-01-15T10:00:00Z"})"), body};
  const auto total = [](const ReplayResult& result, std::uint32_t Replayed::*what) {
    std::uint32_t sum = 0;
    for (const Replayed& one : result.letters) sum += one.*what;
    return sum;
  };
  CHECK(total(f.run(letters), &Replayed::stored) == 5);
  f.clock.advance(seconds(60));
  const ReplayResult again = f.run(letters);
  CHECK(total(again, &Replayed::stored) == 0);
  CHECK(total(again, &Replayed::duplicates) == 5);
}

TEST_CASE("replay: what has no time gets that of its arrival, which must not be too old",
          "[ingest]") {
  Fixture f;
  Timestamp stored{};
  f.store.script([&stored](const LogRecord& record) -> std::optional<Outcome> {
    stored = record.timestamp;
    return std::nullopt;
  });
  const DeadLetter letter = f.letter(R"({"message":"m"})");
  CHECK_FALSE(f.one(letter).refusal);
  CHECK(stored == letter.at);

  f.config.retention.max_age = std::chrono::minutes(30);
  const Replayed late = f.one(letter);
  REQUIRE(late.refusal);
  CHECK(late.refusal->reason == Reason::too_old);
  CHECK(late.duplicates == 0);
}

TEST_CASE("replay: a letter is one record, whatever it looks like", "[ingest]") {
  Fixture f;
  CHECK(f.one(f.letter(R"({"log":1,"message":"m"})")).stored == 1);
  const Replayed wrapped = f.one(f.letter(R"({"log":{"message":"m"}})", Dialect::cmdlog));
  REQUIRE(wrapped.refusal);
  CHECK(wrapped.refusal->reason == Reason::missing_field);
}

TEST_CASE("replay: a body that was refused as a whole passes once it was repaired", "[ingest]") {
  Fixture f;
  const auto [raw, stored] = GENERATE(
      std::pair<std::string, unsigned>{R"({"message":"m"})", 1U},
      std::pair<std::string, unsigned>{R"( [{"message":"a"},{"message":"b"}])", 2U},
      std::pair<std::string, unsigned>{R"({"logs":[{"message":"a"},{"message":"b"}]})", 2U});
  DeadLetter body = f.letter(raw);
  body.index.reset();
  CHECK(f.one(body).stored == stored);
}

TEST_CASE("replay: the good records of a body are stored, the letter stays", "[ingest]") {
  Fixture f;
  DeadLetter body = f.letter(R"([{"message":"a"},{"message":1}])");
  body.index.reset();
  const Replayed result = f.one(body);
  CHECK(result.stored == 1);
  REQUIRE(result.refusal);
  CHECK(result.refusal->field == "message");
}

TEST_CASE("replay: text that was cut, or is not JSON, stays", "[ingest]") {
  Fixture f;
  DeadLetter cut = f.letter(R"({"message":"m"})");
  cut.raw_bytes = 100;
  CHECK(f.one(cut).refusal->reason == Reason::too_large);
  CHECK(f.one(f.letter("{oops")).refusal->reason == Reason::malformed);
  // Counted in the text that the letter shows.
  CHECK(f.one(f.letter(R"({"message":"m"]})")).refusal->message ==
        "body is not JSON: byte 14: found ']', expected ',' or '}'");
  CHECK(f.one(f.letter(R"({"message":"m"},{})")).refusal->message ==
        "body is not JSON: byte 15: found ',', expected the end of the body");
  CHECK(f.store.total_rows() == 0);
}

TEST_CASE("replay: what the store refuses stays with its words, the others pass", "[ingest]") {
  Fixture f;
  f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    return record.message == "bad" ? std::optional(Outcome::rejected) : std::nullopt;
  });
  const ReplayResult result =
      f.run({f.letter(R"({"message":"good"})"), f.letter(R"({"message":"bad"})"),
             f.letter(R"({"message":"good"})")});
  CHECK_FALSE(result.failure);
  REQUIRE(result.letters.size() == 3);
  CHECK(result.letters[0].stored == 1);
  CHECK(result.letters[1].refusal->reason == Reason::refused_by_store);
  CHECK(result.letters[1].refusal->message == "the store dislikes it");
  CHECK(result.letters[2].stored == 1);
}

TEST_CASE("replay: a store that is away leaves the letters alone", "[ingest]") {
  Fixture f;
  f.store.fail("no route to the database");
  const ReplayResult result = f.run({f.letter(R"({"message":"m"})")});
  CHECK(result.letters.empty());
  REQUIRE(result.failure);
  CHECK(result.failure->code() == ErrorCode::unavailable);
}

TEST_CASE("replay: dry, nothing is stored", "[ingest]") {
  Fixture f;
  const ReplayResult result = f.run({f.letter(R"({"message":"m"})"), f.letter("5")}, true);
  REQUIRE(result.letters.size() == 2);
  CHECK(result.letters[0].stored == 1);
  CHECK(result.letters[1].refusal);
  CHECK(f.store.total_rows() == 0);
}
