#include "cli/run.h"
#include "shared/base/file.h"
#include "shared/base/time_text.h"
#include "shared/ingest/dead_letters.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <string>
#include <utility>
#include <vector>

using namespace logctl;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

struct Answer {
  int status = 0;
  std::string out, err;
};

// The whole program on an embedded store of its own, with letters to work on.
struct Fixture {
  test::TempDir folder;
  ManualClock clock{*parse_rfc3339("2026-01-15T12:00:00Z")};

  explicit Fixture(bool with_store = true) {
    if (with_store) REQUIRE(run({"migrate", "up"}).status == 0);
  }

  Answer run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--set=storage.data_dir=" + folder.path().string());
    cli::StringSink out, err;
    const int status = cli::run(arguments, {out, err, {}, clock});
    return {status, out.text(), err.text()};
  }
  Answer rejects(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rejects");
    return run(std::move(arguments));
  }

  // A letter `minutes` old; returns its id.
  std::string add(int minutes, const std::string& raw, const std::string& reason,
                  const std::string& source = "/ingest") {
    ingest::DeadLetter letter;
    letter.id = "letter-" + std::to_string(++letters);
    letter.at = clock.now() - std::chrono::minutes(minutes);
    letter.tenant = "acme";
    letter.source = source;
    letter.index = 0;
    letter.reason = reason;
    letter.message = "as it was";
    ingest::set_raw(letter, raw, 1000);
    std::string line;
    append_line(line, letter);
    ingest::DeadLetterFiles(folder.path() / "rejects").append(line, {1 << 20, 1 << 24});
    return letter.id;
  }
  std::string ids(std::vector<std::string> filter = {}) {
    filter.insert(filter.begin(), {"list", "-o", "plain"});
    const std::string text = rejects(std::move(filter)).out;
    std::string found;
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      found += text.substr(at, text.find('\t', at) - at).back();
    }
    return found;
  }

  int letters = 0;
};

const std::string kGood = R"({"message":"fine now"})";
const std::string kBad = R"({"message":1})";

}  // namespace

TEST_CASE("rejects list: nothing there is an empty list", "[cli]") {
  Fixture f;
  const Answer answer = f.rejects({"list", "-o", "json"});
  CHECK(answer.status == 0);
  CHECK(answer.out == "[]\n");
}

TEST_CASE("rejects list: filters choose", "[cli]") {
  Fixture f;
  f.add(90, kBad, "wrong_type");
  f.add(30, kBad, "malformed", "store");
  f.add(10, kBad, "wrong_type");
  CHECK(f.ids() == "123");
  CHECK(f.ids({"--reason", "wrong_type"}) == "13");
  CHECK(f.ids({"--since", "1h"}) == "23");
  CHECK(f.ids({"--source", "store"}) == "2");
  CHECK(f.ids({"--tenant", "acme", "--limit", "2"}) == "23");
  CHECK(f.ids({"--tenant", "other"}).empty());
  CHECK(f.rejects({"list", "--count", "-o", "csv"}).out ==
        "reason,letters\r\nwrong_type,2\r\nmalformed,1\r\n");
}

TEST_CASE("rejects list: wrong filters are told", "[cli]") {
  Fixture f;
  const Answer reason = f.rejects({"list", "--reason", "wrong_typ"});
  CHECK(reason.status == 2);
  CHECK_THAT(reason.err, Contains("did you mean 'wrong_type'?"));
  CHECK(f.rejects({"list", "--since", "yesterday"}).status == 2);
}

TEST_CASE("rejects show: everything, or the bytes alone", "[cli]") {
  Fixture f;
  const std::string raw = "not \xFF UTF-8\n";
  const std::string id = f.add(1, raw, "invalid_utf8");
  CHECK_THAT(f.rejects({"show", id}).out, Contains("invalid_utf8") && Contains("acme"));
  CHECK(f.rejects({"show", id, "--raw"}).out == raw);
  CHECK_THAT(f.rejects({"show", id, "-o", "json"}).out, Contains(R"("raw_base64url":)"));
  CHECK(f.rejects({"show", "absent"}).status == 5);
}

TEST_CASE("rejects replay: what passes leaves, what fails stays with today's reason", "[cli]") {
  Fixture f;
  f.add(10, kGood, "too_long");
  const std::string bad = f.add(5, kBad, "too_long");
  const Answer answer = f.rejects({"replay", "--all", "-o", "json"});
  CHECK(answer.status == 3);
  CHECK(answer.out == "{\"letters\":2,\"stored\":1,\"duplicates\":0,\"failed\":1}\n");
  CHECK_THAT(answer.err, StartsWith(bad + ": wrong_type message: "));
  CHECK(f.ids() == "2");
  CHECK(f.ids({"--reason", "wrong_type"}) == "2");
  CHECK_THAT(f.run({"query", "--tenant", "acme", "-o", "jsonl"}).out, Contains("fine now"));
}

TEST_CASE("rejects replay: some, by id or by filter", "[cli]") {
  Fixture f;
  const std::string first = f.add(10, kGood, "too_long");
  f.add(5, kGood, "too_old");
  f.add(1, kGood, "too_long");
  CHECK(f.rejects({"replay", first}).status == 0);
  CHECK(f.ids() == "23");
  CHECK(f.rejects({"replay", "--reason", "too_old"}).status == 0);
  CHECK(f.ids() == "3");
  CHECK(f.rejects({"replay", first}).status == 5);
  CHECK(f.rejects({"replay"}).status == 2);
}

TEST_CASE("rejects replay: an edited export passes and the letters leave", "[cli]") {
  Fixture f;
  f.add(10, kBad, "wrong_type");
  f.add(5, kBad, "wrong_type");
  std::string text = f.rejects({"list", "-o", "jsonl"}).out;
  const std::string before = R"({\"message\":1})";
  text.replace(text.find(before), before.size(), R"({\"message\":\"repaired\"})");
  const std::string file = (f.folder.path() / "edited.jsonl").string();
  replace_file(file, text);
  const Answer answer = f.rejects({"replay", "--file", file, "-o", "json"});
  CHECK(answer.status == 3);
  CHECK(answer.out == "{\"letters\":2,\"stored\":1,\"duplicates\":0,\"failed\":1}\n");
  CHECK(f.ids() == "2");
  CHECK_THAT(f.rejects({"replay", "--file", file, "-o", "json"}).out,
             Contains(R"("duplicates":1)"));

  replace_file(file, "{}\n");
  const Answer damaged = f.rejects({"replay", "--file", file});
  CHECK(damaged.status == 1);
  CHECK_THAT(damaged.err, Contains("line 1 is no dead letter"));
}

TEST_CASE("rejects replay: dry, nothing changes", "[cli]") {
  Fixture f(false);
  f.add(10, kGood, "too_long");
  f.add(5, kBad, "too_long");
  const Answer answer = f.rejects({"replay", "--all", "--dry-run", "-o", "json"});
  CHECK(answer.status == 3);
  CHECK_THAT(answer.out, Contains(R"("stored":1)") && Contains(R"("dry_run":true)"));
  CHECK(f.ids({"--reason", "too_long"}) == "12");
  CHECK_FALSE(std::filesystem::exists(f.folder.path() / "meta.sqlite"));
}

TEST_CASE("rejects drop: only what was meant, and only when confirmed", "[cli]") {
  Fixture f;
  const std::string first = f.add(90, kBad, "wrong_type");
  f.add(30, kBad, "wrong_type");
  CHECK(f.rejects({"drop", "--before", "1h"}).status == 2);
  CHECK(f.rejects({"drop", "--yes"}).status == 2);
  CHECK(f.ids() == "12");
  CHECK(f.rejects({"drop", "--before", "1h", "--dry-run", "-o", "json"}).out ==
        "{\"dropped\":1,\"dry_run\":true}\n");
  CHECK(f.rejects({"drop", "--before", "1h", "--yes"}).status == 0);
  CHECK(f.ids() == "2");
  CHECK(f.rejects({"drop", first, "--yes"}).status == 5);
}
