#include "shared/backup/pack.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <string>

using namespace logctl;
using backup::FileEntry;
using backup::Key;

namespace {

FileEntry packed(const std::filesystem::path& path, const Key* key, std::string_view text,
                 int helpers = 0) {
  backup::PackWriter writer(path, key, 3, helpers);
  for (; text.size() > 10'000; text.remove_prefix(10'000)) writer.write(text.substr(0, 10'000));
  writer.write(text);
  return writer.finish();
}

std::string unpacked(const std::filesystem::path& path, const FileEntry& entry, const Key* key) {
  std::string out;
  backup::unpack(path, entry, key, [&](std::string_view piece) { out += piece; });
  return out;
}

std::string some_text(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i * i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("backup: a packed file comes back as it was", "[backup]") {
  const test::TempDir folder;
  const auto path = folder.path() / "file";
  const Key key(std::string(32, 'k'));
  for (const Key* with : {static_cast<const Key*>(nullptr), &key}) {
    for (const std::size_t size : {0, 5, 3'000'000}) {
      for (const int helpers : {0, 1, 2}) {
        const std::string text = some_text(size);
        const FileEntry entry = packed(path, with, text, helpers);
        CHECK(entry.raw_bytes == text.size());
        CHECK(entry.bytes == std::filesystem::file_size(path));
        CHECK(backup::check_file(path, entry).empty());
        CHECK(unpacked(path, entry, with) == text);
      }
    }
  }
}

TEST_CASE("backup: a file that is not what its entry says is noticed when checked and when read",
          "[backup]") {
  const test::TempDir folder;
  const auto path = folder.path() / "file";
  FileEntry entry = packed(path, nullptr, some_text(100'000));
  const std::string good = read_file(path);

  for (const std::size_t at : {std::size_t{0}, good.size() / 2, good.size() - 1}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    replace_file(path, bad);
    CHECK(backup::check_file(path, entry).find("SHA-256") != std::string::npos);
    CHECK_THROWS_AS(unpacked(path, entry, nullptr), Error);
  }
  replace_file(path, good.substr(0, good.size() - 1));
  CHECK(backup::check_file(path, entry).find("the manifest says") != std::string::npos);
  CHECK_THROWS_AS(unpacked(path, entry, nullptr), Error);
  std::filesystem::remove(path);
  CHECK(backup::check_file(path, entry) == "is missing");
}
