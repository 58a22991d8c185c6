#include "cli/file_patterns.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <filesystem>
#include <string>
#include <vector>

using namespace logctl;
using Names = std::vector<std::string>;

TEST_CASE("file patterns: files are found in order, without what was refused before", "[cli]") {
  const test::TempDir folder;
  const auto name = [&](const std::string& file) { return (folder.path() / file).string(); };
  for (const char* file :
       {"b.jsonl", "a.jsonl", "B.jsonl", "a.jsonl.rejects.jsonl", "c.gz", "[x]"}) {
    replace_file(name(file), "");
  }
  std::filesystem::create_directory(name("folder.jsonl"));
  CHECK(cli::expand_files({name("*.jsonl")}) ==
        Names{name("B.jsonl"), name("a.jsonl"), name("b.jsonl")});
  CHECK(cli::expand_files({name("?.gz"), name("[ab].jsonl"), name("a.jsonl")}) ==
        Names{name("c.gz"), name("a.jsonl"), name("b.jsonl")});
  CHECK(cli::expand_files({name("[x]"), "-", name("absent")}) ==
        Names{name("[x]"), "-", name("absent")});
}

TEST_CASE("file patterns: one that nothing matches is named", "[cli]") {
  const test::TempDir folder;
  const std::string pattern = (folder.path() / "*.gz").string();
  try {
    cli::expand_files({pattern});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::not_found);
    CHECK(error.message() == "no file matches '" + pattern + "'");
  }
}
