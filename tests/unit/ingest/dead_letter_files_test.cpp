#include "shared/ingest/dead_letter_files.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::ingest;
namespace fs = std::filesystem;

namespace {

constexpr DeadLetterFiles::Bounds kRoomy{1 << 20, 1 << 24};

DeadLetter letter(const std::string& id) {
  DeadLetter made;
  made.id = id;
  made.source = "/ingest";
  made.reason = "malformed";
  set_raw(made, "{}", 100);
  return made;
}

std::string line(const std::string& id) {
  std::string text;
  append_line(text, letter(id));
  return text;
}

struct Fixture {
  test::TempDir folder;
  DeadLetterFiles files{folder.path() / "made" / "rejects"};

  std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const fs::path& file : files.list()) {
      for (const DeadLetter& one : files.read(file).letters) all.push_back(one.id);
    }
    return all;
  }
};

}  // namespace

TEST_CASE("dead letter files: nothing there is nothing to read", "[ingest]") {
  const Fixture f;
  CHECK(f.files.list().empty());
  CHECK_FALSE(fs::exists(f.files.directory()));
}

TEST_CASE("dead letter files: a place that cannot be read is not an empty one", "[ingest]") {
  const Fixture f;
  fs::create_directories(f.files.directory().parent_path());
  replace_file(f.files.directory(), "a file stands in the way");
  CHECK_THROWS_AS(f.files.list(), Error);
  CHECK_THROWS_AS(f.files.append(line("a"), kRoomy), Error);
}

TEST_CASE("dead letter files: appended letters come back in order, for the owner only",
          "[ingest]") {
  const Fixture f;
  CHECK(f.files.append(line("a") + line("b"), kRoomy).empty());
  f.files.append(line("c"), kRoomy);
  CHECK(f.ids() == std::vector<std::string>{"a", "b", "c"});
  REQUIRE(f.files.list().size() == 1);
  CHECK(fs::status(f.files.directory()).permissions() == fs::perms::owner_all);
  CHECK(fs::status(f.files.list()[0]).permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("dead letter files: a full file is followed by the next", "[ingest]") {
  const Fixture f;
  const DeadLetterFiles::Bounds bounds{line("a").size() * 2, 1 << 20};
  f.files.append(line("a") + line("b") + line("c"), bounds);
  f.files.append(line("d") + line("e"), bounds);
  CHECK(f.ids() == std::vector<std::string>{"a", "b", "c", "d", "e"});
  CHECK(f.files.list().size() == 3);
}

TEST_CASE("dead letter files: the oldest go when the bound is reached", "[ingest]") {
  const Fixture f;
  const std::uint64_t size = line("00").size();
  const DeadLetterFiles::Bounds bounds{2 * size, 6 * size};
  std::uint64_t removed = 0;
  for (int i = 10; i < 30; ++i) {
    for (const auto& one : f.files.append(line(std::to_string(i)), bounds)) {
      removed += one.letters;
    }
    std::uint64_t total = 0;
    for (const fs::path& file : f.files.list()) total += fs::file_size(file);
    CHECK(total <= bounds.max_bytes);
  }
  const std::vector<std::string> left = f.ids();
  CHECK(removed + left.size() == 20);
  CHECK(left.size() >= 4);
  CHECK(left.back() == "29");
}

TEST_CASE("dead letter files: the torn line of a killed writer costs no other", "[ingest]") {
  const Fixture f;
  f.files.append(line("a"), kRoomy);
  const fs::path file = f.files.list()[0];
  File torn = File::open_append(file);
  torn.write_all(line("b").substr(0, 40));
  torn.close();
  CHECK(f.files.read(file).damaged == 1);
  CHECK(f.ids() == std::vector<std::string>{"a"});
  f.files.append(line("c"), kRoomy);
  CHECK(f.files.read(file).damaged == 1);
  CHECK(f.ids() == std::vector<std::string>{"a", "c"});
}

TEST_CASE("dead letter files: letters are taken out and replaced, the rest stays", "[ingest]") {
  const Fixture f;
  f.files.append(line("a") + "damaged\n" + line("b") + line("c"), kRoomy);
  const fs::path file = f.files.list()[0];
  DeadLetter other = letter("b");
  other.reason = "too_old";
  f.files.change(file, {{"a", std::nullopt}, {"b", other}, {"elsewhere", std::nullopt}});
  const DeadLetterFiles::Content content = f.files.read(file);
  REQUIRE(content.letters.size() == 2);
  CHECK(content.damaged == 1);
  CHECK(content.letters[0].reason == "too_old");
  CHECK(content.letters[1].id == "c");
  f.files.append(line("d"), kRoomy);
  CHECK(f.ids() == std::vector<std::string>{"b", "c", "d"});
}

TEST_CASE("dead letter files: an emptied file goes away", "[ingest]") {
  const Fixture f;
  f.files.append(line("a"), kRoomy);
  const fs::path file = f.files.list()[0];
  f.files.change(file, {{"a", std::nullopt}});
  CHECK(f.files.list().empty());
  CHECK(f.files.read(file).letters.empty());
  f.files.change(file, {{"a", std::nullopt}});
}

TEST_CASE("dead letter files: writers and removers side by side lose nothing", "[ingest]") {
  const Fixture f;
  constexpr int kLetters = 60;
  const DeadLetterFiles::Bounds bounds{line("00").size() * 10, 1 << 20};
  const auto write = [&f, &bounds](char name) {
    for (int i = 0; i < kLetters; ++i) {
      f.files.append(line(fmt::format("{}{:02}", name, i)), bounds);
    }
  };
  std::thread first(write, 'x');
  std::thread second(write, 'y');
  std::size_t taken = 0;
  for (int round = 0; round < 50; ++round) {
    for (const fs::path& file : f.files.list()) {
      DeadLetterFiles::Changes changes;
      for (const DeadLetter& one : f.files.read(file).letters) {
        if (one.id.starts_with('x')) changes.emplace(one.id, std::nullopt);
      }
      f.files.change(file, changes);
      taken += changes.size();
    }
  }
  first.join();
  second.join();
  std::size_t x = taken;
  std::size_t y = 0;
  for (const std::string& id : f.ids()) ++(id.starts_with('x') ? x : y);
  CHECK(x == kLetters);
  CHECK(y == kLetters);
}
