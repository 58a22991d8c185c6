#include "shared/ingest/dead_letters.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/file_system.h"
#include "tests/support/catch.h"
#include "tests/support/kept_letters.h"
#include "tests/support/temp_dir.h"

#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::ingest;
namespace fs = std::filesystem;

namespace {

const Timestamp kNow = from_micros(1'768'000'000'000'000);

DeadLetter letter(std::string raw = "{}") {
  DeadLetter made;
  made.source = "/ingest";
  made.reason = "malformed";
  set_raw(made, raw, raw.size());
  return made;
}

struct Fixture {
  test::TempDir folder;
  config::Config config;
  ManualClock clock{kNow};

  Fixture() {
    config.log.level = "error";
    config.storage.data_dir = folder.path();
  }
  std::vector<DeadLetter> kept() const { return test::kept_letters(config); }
};

// The value of logctl_dead_letters_total{outcome}.
std::string counted(const metrics::Observer& observer, const std::string& outcome) {
  const std::string text = observer.scrape();
  const std::string name = "logctl_dead_letters_total{outcome=\"" + outcome + "\"} ";
  const std::size_t at = text.find(name);
  REQUIRE(at != std::string::npos);
  const std::size_t start = at + name.size();
  return text.substr(start, text.find('\n', start) - start);
}

}  // namespace

TEST_CASE("dead letters: what was added is on disk after sync", "[ingest]") {
  Fixture f;
  metrics::Observer observer(f.config);
  DeadLetters letters(f.config, f.clock, observer);
  CHECK_FALSE(fs::exists(dead_letter_directory(f.config)));
  letters.add(letter("first"));
  DeadLetter old = letter("second");
  old.at = kNow - seconds(5);
  letters.add(old);
  letters.sync();
  const std::vector<DeadLetter> kept = f.kept();
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].raw == "first");
  CHECK(kept[0].at == kNow);
  CHECK(kept[1].at == kNow - seconds(5));
  CHECK(kept[0].id < kept[1].id);
  CHECK(counted(observer, "kept") == "2");
  CHECK(counted(observer, "not_kept") == "0");
  letters.sync();
}

TEST_CASE("dead letters: stop writes what was added, later ones are counted as lost", "[ingest]") {
  Fixture f;
  metrics::Observer observer(f.config);
  DeadLetters letters(f.config, f.clock, observer);
  letters.add(letter());
  letters.stop();
  letters.add(letter());
  CHECK(f.kept().size() == 1);
  CHECK(counted(observer, "not_kept") == "1");
}

TEST_CASE("dead letters: new settings hold from then on", "[ingest]") {
  Fixture f;
  f.config.rejects.enabled = false;
  metrics::Observer observer(f.config);
  DeadLetters letters(f.config, f.clock, observer);
  letters.add(letter("before"));
  f.config.rejects.enabled = true;
  f.config.rejects.max_raw_bytes = 300;
  letters.configure(f.config);
  CHECK(letters.enabled());
  CHECK(letters.max_raw_bytes() == 300);
  letters.add(letter("between"));
  letters.sync();
  f.config.rejects.enabled = false;
  letters.configure(f.config);
  letters.add(letter("after"));
  letters.sync();
  const std::vector<DeadLetter> kept = f.kept();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].raw == "between");
}

TEST_CASE("dead letters: many threads, every letter once, with an id of its own", "[ingest]") {
  Fixture f;
  f.config.rejects.file_bytes = 64 * 1024;
  metrics::Observer observer(f.config);
  DeadLetters letters(f.config, f.clock, observer);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&letters] {
      for (int i = 0; i < 200; ++i) letters.add(letter());
      letters.keep(std::vector<DeadLetter>(10, letter()));
    });
  }
  for (std::thread& thread : threads) thread.join();
  letters.sync();
  std::set<std::string> ids;
  for (const DeadLetter& one : f.kept()) ids.insert(one.id);
  CHECK(ids.size() == 4 * 210);
  CHECK(counted(observer, "kept") == "840");
}

TEST_CASE("dead letters: a directory that cannot be written costs only the letters", "[ingest]") {
  Fixture f;
  replace_file(dead_letter_directory(f.config), "a file stands in the way");
  metrics::Observer observer(f.config);
  DeadLetters letters(f.config, f.clock, observer);
  letters.add(letter());
  letters.add(letter());
  letters.sync();
  CHECK(counted(observer, "kept") == "0");
  CHECK(counted(observer, "not_kept") == "2");
  const std::vector<DeadLetter> one = {letter()};
  CHECK_THROWS_AS(letters.keep(one), Error);

  fs::remove(dead_letter_directory(f.config));
  letters.keep(one);
  letters.add(letter());
  letters.sync();
  CHECK(f.kept().size() == 2);
}

TEST_CASE("dead letters: memory is bounded when the disk is slow", "[ingest]") {
  Fixture f;
  fs::create_directory(dead_letter_directory(f.config));
  metrics::Observer observer(f.config);
  const std::string raw(1024 * 1024, 'x');
  {
    // Nothing reaches the disk while the lock is held elsewhere.
    std::unique_ptr<FileLock> held =
        real_file_system().try_lock(dead_letter_directory(f.config) / "lock");
    DeadLetters letters(f.config, f.clock, observer);
    for (int i = 0; i < 40; ++i) letters.add(letter(raw));
    CHECK(std::stoi(counted(observer, "not_kept")) >= 40 - 2 * 8);
    held.reset();
  }
  CHECK(std::stoi(counted(observer, "kept")) + std::stoi(counted(observer, "not_kept")) == 40);
  CHECK(f.kept().size() == static_cast<std::size_t>(std::stoi(counted(observer, "kept"))));
  CHECK(f.kept().size() >= 7);
}

TEST_CASE("dead letters: the oldest that go are counted", "[ingest]") {
  Fixture f;
  f.config.rejects.file_bytes = 64 * 1024;
  f.config.rejects.max_bytes = 1024 * 1024;
  metrics::Observer observer(f.config);
  DeadLetters letters(f.config, f.clock, observer);
  for (int i = 0; i < 40; ++i) {
    letters.keep(std::vector<DeadLetter>(1, letter(std::string(64 * 1024, 'x'))));
  }
  const int removed = std::stoi(counted(observer, "removed"));
  CHECK(removed > 0);
  CHECK(f.kept().size() + static_cast<std::size_t>(removed) == 40);
}

TEST_CASE("dead letters: disabled, nothing is kept", "[ingest]") {
  Fixture f;
  f.config.rejects.enabled = false;
  metrics::Observer observer(f.config);
  DeadLetters letters(f.config, f.clock, observer);
  CHECK_FALSE(letters.enabled());
  letters.add(letter());
  letters.keep(std::vector<DeadLetter>{letter()});
  letters.sync();
  CHECK_FALSE(fs::exists(dead_letter_directory(f.config)));
}
