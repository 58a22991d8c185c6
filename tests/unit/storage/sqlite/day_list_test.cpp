#include "shared/storage/sqlite/day_list.h"

#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

using namespace logctl;
using namespace logctl::storage::sqlite;
using Days = std::vector<Day>;

namespace {

constexpr Day kFirst = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);
constexpr Day kSecond = kFirst + std::chrono::days(1);

struct Folder {
  test::TempDir folder;
  Directory directory{folder.path()};
  DayList list{directory};

  Folder() { directory.create(); }
  void add(Day day) { create_file(directory.day_file(day)); }
  // As if the last change was long ago.
  void settle(std::chrono::hours ago) {
    std::filesystem::last_write_time(directory.logs(),
                                     std::filesystem::file_time_type::clock::now() - ago);
  }
};

}  // namespace

TEST_CASE("sqlite day list: what comes and goes is seen at once", "[storage]") {
  Folder folder;
  CHECK(folder.list.days().empty());
  folder.add(kSecond);
  CHECK(folder.list.days() == Days{kSecond});
  folder.add(kFirst);
  CHECK(folder.list.days() == Days{kFirst, kSecond});
  folder.settle(std::chrono::hours(5));
  CHECK(folder.list.days() == Days{kFirst, kSecond});
  CHECK(folder.list.days() == Days{kFirst, kSecond});
  std::filesystem::remove(folder.directory.day_file(kSecond));
  CHECK(folder.list.days() == Days{kFirst});
  folder.add(kSecond);
  CHECK(folder.list.days() == Days{kFirst, kSecond});
}

TEST_CASE("sqlite day list: an unchanged directory is not listed again", "[storage]") {
  Folder folder;
  folder.add(kFirst);
  const auto before = std::filesystem::file_time_type::clock::now() - std::chrono::hours(5);
  std::filesystem::last_write_time(folder.directory.logs(), before);
  CHECK(folder.list.days() == Days{kFirst});
  folder.add(kSecond);
  std::filesystem::last_write_time(folder.directory.logs(), before);  // as nobody else does
  CHECK(folder.list.days() == Days{kFirst});
  folder.settle(std::chrono::hours(4));
  CHECK(folder.list.days() == Days{kFirst, kSecond});
}

TEST_CASE("sqlite day list: a directory that just changed is listed each time", "[storage]") {
  Folder folder;
  folder.add(kFirst);
  const auto now = std::filesystem::file_time_type::clock::now();
  std::filesystem::last_write_time(folder.directory.logs(), now);
  CHECK(folder.list.days() == Days{kFirst});
  folder.add(kSecond);
  std::filesystem::last_write_time(folder.directory.logs(), now);  // within the same tick
  CHECK(folder.list.days() == Days{kFirst, kSecond});
}

TEST_CASE("sqlite day list: there need not be a directory", "[storage]") {
  const test::TempDir folder;
  const Directory directory(folder.path() / "nothing");
  DayList list(directory);
  CHECK(list.days().empty());
  directory.create();
  create_file(directory.day_file(kFirst));
  CHECK(list.days() == Days{kFirst});
}
