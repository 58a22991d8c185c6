#include "cli/commands/ingest_progress.h"
#include "cli/run.h"
#include "shared/base/file.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

// Loses what was not flushed, as a process does that ends.
class BufferingSink final : public Sink {
 public:
  void write(std::string_view text) override { buffer_ += text; }
  void flush() override { text_ += std::exchange(buffer_, {}); }
  const std::string& text() const { return text_; }

 private:
  std::string buffer_;
  std::string text_;
};

struct Answer {
  int status = 0;
  std::string out, err;
};

std::string lines(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) {
    text += R"({"event_id":"e)" + std::to_string(i) +
            R"(","timestamp":"2026-01-15T10:00:00Z","message":"m"})" + "\n";
  }
  return text;
}

// The whole program on an embedded store of its own.
class Fixture {
 public:
  std::string write(const std::string& name, const std::string& content) {
    const std::filesystem::path path = folder_.path() / name;
    replace_file(path, content);
    return path.string();
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  Answer run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--set", "storage.data_dir=" + path("data"), "ingest"});
    BufferingSink out;
    BufferingSink err;
    const Surroundings surroundings{out, err, {}, clock_};
    const int status = cli::run(arguments, surroundings);
    return {status, out.text(), err.text()};
  }

 private:
  test::TempDir folder_;
  ManualClock clock_{*parse_rfc3339("2026-01-15T12:00:00Z")};
};

}  // namespace

TEST_CASE("ingest: several files are loaded and counted together", "[cli]") {
  Fixture f;
  const std::string a = f.write("a.jsonl", lines(0, 10));
  const std::string b = f.write("b.jsonl", lines(5, 20));
  const Answer answer = f.run({a, b, "-o", "json"});
  CHECK(answer.status == 0);
  CHECK_THAT(answer.out, StartsWith(R"({"accepted":20,"duplicates":5,"rejected":0,"bytes":)"));
  CHECK_THAT(answer.out, Contains(R"("seconds":)"));
  CHECK(answer.err.empty());
  CHECK_FALSE(std::filesystem::exists(a + ".rejects.jsonl"));
}

TEST_CASE("ingest: rejected lines are kept next to the file and told by the status", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.jsonl", lines(0, 3) + "oops\n");
  const Answer answer = f.run({file, "-o", "json"});
  CHECK(answer.status == 3);
  CHECK_THAT(answer.out, StartsWith(R"({"accepted":3,"duplicates":0,"rejected":1,)"));
  CHECK(answer.err == file + ": 1 of 4 records were rejected, see '" + file + ".rejects.jsonl'\n");
  CHECK_THAT(read_file(file + ".rejects.jsonl"), Contains(R"("line":4,)"));
}

TEST_CASE("ingest: --rejects takes the rejected lines of all files", "[cli]") {
  Fixture f;
  const std::string a = f.write("a.jsonl", "bad a\n");
  const std::string b = f.write("b.jsonl", "bad b\n");
  f.write("out.jsonl", "from an earlier run\n");
  CHECK(f.run({a, b, "--rejects", f.path("out.jsonl")}).status == 3);
  const std::string rejects = read_file(f.path("out.jsonl"));
  CHECK_THAT(rejects, Contains(R"("raw":"bad a")") && Contains(R"("raw":"bad b")"));
  CHECK_THAT(rejects, !Contains("earlier"));
  CHECK_FALSE(std::filesystem::exists(a + ".rejects.jsonl"));
}

TEST_CASE("ingest: --dry-run stores nothing and makes no store", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.jsonl", lines(0, 10));
  const Answer checked = f.run({file, "--dry-run", "-o", "json"});
  CHECK(checked.status == 0);
  CHECK_THAT(checked.out, Contains(R"("accepted":10,)") && Contains(R"("dry_run":true)"));
  CHECK_FALSE(std::filesystem::exists(f.path("data")));
  CHECK_THAT(f.run({file, "-o", "json"}).out, Contains(R"("accepted":10,)"));
}

TEST_CASE("ingest: tenants have their own records", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.jsonl", lines(0, 10));
  f.run({file});
  CHECK_THAT(f.run({file, "--tenant", "acme", "-o", "json"}).out, Contains(R"("duplicates":0)"));
  CHECK_THAT(f.run({file, "--tenant", "acme", "--again", "-o", "json"}).out,
             Contains(R"("duplicates":10)"));
}

TEST_CASE("ingest: files are looked at before anything is loaded", "[cli]") {
  Fixture f;
  const std::string good = f.write("a.jsonl", lines(0, 10));
  const Answer answer = f.run({good, f.path("absent"), "-o", "json"});
  CHECK(answer.status == 5);
  CHECK(answer.out.empty());
  CHECK_THAT(answer.err, Contains("absent'"));
  CHECK(f.run({f.path("*.gz")}).status == 5);
}

TEST_CASE("ingest: what was done before a failure is printed", "[cli]") {
  Fixture f;
  const std::string good = f.write("a.jsonl", lines(0, 10));
  const std::string bad = f.write("b.jsonl", std::string("\x1F\x8B\x08\x00", 4));
  const Answer answer = f.run({good, bad, "-o", "json"});
  CHECK(answer.status == 1);
  CHECK_THAT(answer.out, Contains(R"("accepted":10,)"));
  CHECK_THAT(answer.err, Contains("b.jsonl: the compressed data is cut off"));
}

TEST_CASE("ingest: a finished file is not loaded twice", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.jsonl", lines(0, 10));
  CHECK_THAT(f.run({f.path("*.jsonl"), "-o", "json"}).out, Contains(R"("accepted":10,)"));
  const Answer second = f.run({file, "-o", "json"});
  CHECK(second.status == 0);
  CHECK_THAT(second.out, StartsWith(R"({"accepted":0,"duplicates":0,"rejected":0,"bytes":0,)"));
  CHECK_THAT(second.err, StartsWith(file + ": is loaded already (import ") &&
                             Contains("finished 2026-01-15T12:00:00Z); --again loads it again"));
  CHECK_THAT(f.run({file, "--again", "-o", "json"}).out, Contains(R"("duplicates":10,)"));
  f.write("a.jsonl", lines(0, 15));
  const Answer grown = f.run({file, "-o", "json"});
  CHECK_THAT(grown.out, Contains(R"("accepted":5,"duplicates":0)"));
  CHECK_THAT(grown.err, Contains("has grown, goes on behind the"));
}

TEST_CASE("ingest: what an earlier run rejected is told when it is run again", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.jsonl", lines(0, 3) + "oops\n");
  CHECK(f.run({file}).status == 3);
  const Answer again = f.run({file});
  CHECK(again.status == 3);
  CHECK_THAT(again.err, Contains("is loaded already") &&
                            Contains("; 1 was rejected then, see '" + file + ".rejects.jsonl'\n"));
  CHECK_THAT(read_file(file + ".rejects.jsonl"), Contains("oops"));

  const std::string much = f.write("b.jsonl", "a\nb\nc\n" + lines(0, 3));
  CHECK(f.run({much, "--max-rejects", "2"}).status == 1);
  const Answer resumed = f.run({much, "--max-rejects", "2"});
  CHECK(resumed.status == 3);
  CHECK_THAT(resumed.err, Contains("; 3 were rejected then, see '" + much + ".rejects.jsonl'\n"));
}

TEST_CASE("ingest: an import id that was another file's is a conflict", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.jsonl", lines(0, 10));
  CHECK(f.run({file, "--import-id", "mine"}).status == 0);
  f.write("a.jsonl", lines(10, 20));
  const Answer answer = f.run({file, "--import-id", "mine"});
  CHECK(answer.status == 6);
  CHECK_THAT(answer.err, Contains("is not the file any more that import 'mine' loaded: "));
  CHECK(f.run({file, "--import-id", "other"}).status == 0);
}

TEST_CASE("ingest: --dry-run shows the first problems and writes nothing", "[cli]") {
  Fixture f;
  std::string text = lines(0, 3);
  for (int i = 0; i < 12; ++i) text += "{\"level\":\"loud\",\"message\":\"m\"}\n";
  const std::string file = f.write("a.jsonl", text);
  const Answer answer = f.run({file, "--dry-run"});
  CHECK(answer.status == 3);
  CHECK_THAT(answer.err, StartsWith(file + ":4: level: found \"loud\", allowed are TRACE"));
  CHECK_THAT(answer.err, Contains(":13: ") && !Contains(":14: "));
  CHECK_THAT(answer.err, Contains("12 of 15 records would be rejected\n"));
  CHECK_FALSE(std::filesystem::exists(file + ".rejects.jsonl"));
  CHECK_FALSE(std::filesystem::exists(f.path("data")));
}

TEST_CASE("ingest: foreign keys are mapped and gaps filled", "[cli]") {
  Fixture f;
  const std::string file =
      f.write("a.jsonl", R"({"@t":"2026-01-15T10:00:00Z","msg":"hi","user":{"id":7}})"
                         "\n");
  CHECK(f.run({file, "--map", "timestamp=@t", "--map", "message=msg", "--map", "user_id=user.id",
               "--defaults", "service=shop"})
            .status == 0);
  const Answer wrong = f.run({file, "--map", "mesage=msg"});
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err,
             Contains("--map: there is no field 'mesage'") && Contains("did you mean 'message'?"));
}

TEST_CASE("ingest: a file of another kind is told what was expected", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.csv", "time,level,message\n1,info,hello\n");
  const Answer answer = f.run({file});
  CHECK(answer.status == 3);
  CHECK_THAT(answer.err, Contains("2 of 2 records were rejected") &&
                             Contains("a.csv: expected a JSON object in each line"));
  const std::string other = f.write("b.jsonl", "{\"level\":\"loud\",\"message\":\"m\"}\n");
  CHECK_THAT(f.run({other}).err, Contains("1 of 1 records were rejected") &&
                                     !Contains("expected a JSON object in each line"));
}

TEST_CASE("ingest: --max-rejects ends the load", "[cli]") {
  Fixture f;
  const std::string file = f.write("a.jsonl", "a\nb\nc\n" + lines(0, 3));
  const Answer answer = f.run({file, "--max-rejects", "2"});
  CHECK(answer.status == 1);
  CHECK_THAT(answer.err, Contains("3 records were rejected, more than the 2 of --max-rejects"));
}

TEST_CASE("ingest: wrong usage is told", "[cli]") {
  Fixture f;
  const auto [arguments, message] = GENERATE(
      std::pair<std::vector<std::string>, std::string>{{}, "logctl: FILE is required"},
      std::pair<std::vector<std::string>, std::string>{
          {"-", "-"}, "logctl: standard input (-) can be read only once"},
      std::pair<std::vector<std::string>, std::string>{
          {"x", "--tenant", ""}, "logctl: --tenant is empty, expected a name"},
      std::pair<std::vector<std::string>, std::string>{
          {"x", "--jobs", "0"}, "logctl: --jobs: found '0', expected a whole"},
      std::pair<std::vector<std::string>, std::string>{{"x", "--url", "http://h", "--tenant", "t"},
                                                       "logctl: --tenant is of no use with --url"});
  const Answer answer = f.run(arguments);
  CHECK(answer.status == 2);
  CHECK_THAT(answer.err, StartsWith(message));
}

TEST_CASE("ingest: progress says share, rate and time left", "[cli]") {
  ingest::ImportTotals totals;
  totals.lines = 100'000;
  totals.read_bytes = 256 * 1024;
  const std::chrono::duration<double> elapsed(10);
  CHECK(describe_progress("a.jsonl", totals, 1024 * 1024, 0, elapsed) ==
        "a.jsonl: 25%, 256 KiB of 1.00 MiB, 10000 records/s, 30s left");
  CHECK(describe_progress("a.jsonl", totals, 1024 * 1024, 128 * 1024, elapsed) ==
        "a.jsonl: 25%, 256 KiB of 1.00 MiB, 10000 records/s, 1m left");
  totals.rejected = 7;
  CHECK(describe_progress("standard input", totals, 0, 0, elapsed) ==
        "standard input: 256 KiB, 10000 records/s, 7 rejected");
}

}  // namespace logctl::cli
