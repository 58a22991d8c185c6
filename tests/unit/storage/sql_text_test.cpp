#include "shared/storage/sql_text.h"

#include "shared/storage/steps.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace logctl::storage;
using Texts = std::vector<std::string>;

namespace {

Texts split(std::string_view text) {
  Texts result;
  for (const std::string_view one : statements_of(text)) result.emplace_back(one);
  return result;
}

Texts lost(std::string_view text) {
  Texts result;
  for (const Destroyed& one : destroyed_by(text)) {
    result.push_back((one.some_rows ? "some of " : "") +
                     (one.column.empty() ? one.table : one.table + "." + one.column));
  }
  return result;
}

}  // namespace

TEST_CASE("sql text: statements end at semicolons that are not inside something", "[storage]") {
  struct Row {
    const char* text;
    Texts expected;
  };
  const std::vector<Row> rows = {
      {"", {}},
      {" ; ;\n-- only a comment\n", {}},
      {"a; b", {"a", "b"}},
      {"-- why; not\na /* ; /* ; */ ; */ b;\n", {"a /* ; /* ; */ ; */ b"}},
      {"SELECT ';', 'it''s;', \"a;\"\"b\"; x", {"SELECT ';', 'it''s;', \"a;\"\"b\"", "x"}},
      {"CREATE FUNCTION f() AS $$ a; b $$; x", {"CREATE FUNCTION f() AS $$ a; b $$", "x"}},
      {"DO $do$ a; $$; b $do$; x", {"DO $do$ a; $$; b $do$", "x"}},
      {"SELECT $1; x", {"SELECT $1", "x"}},
      {"BEGIN; x; END;", {"BEGIN", "x", "END"}},
      {"CREATE TRIGGER t BEGIN SELECT CASE WHEN 1 THEN 2 END; y; END; x",
       {"CREATE TRIGGER t BEGIN SELECT CASE WHEN 1 THEN 2 END; y; END", "x"}},
      {"'never closed; x", {"'never closed; x"}},
      {"a $$ never closed; x", {"a $$ never closed; x"}},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(split(row.text) == row.expected);
  }
}

TEST_CASE("sql text: the marker counts in the comments at the top only", "[storage]") {
  CHECK(is_transactional("CREATE TABLE x;"));
  CHECK_FALSE(is_transactional("-- logctl:no-transaction\nx"));
  CHECK_FALSE(is_transactional("-- why\n-- logctl:no-transaction  \r\nx"));
  CHECK(is_transactional("x;\n-- logctl:no-transaction\n"));
  CHECK(is_transactional("-- not logctl:no-transaction\nx"));
}

TEST_CASE("sql text: a headline is one short line", "[storage]") {
  CHECK(headline("a\n   b\t c") == "a b c");
  CHECK(headline(std::string(80, 'x')) == std::string(57, 'x').append("..."));
  CHECK(headline("12345\xC3\xA4xyz", 9) == "12345...");
}

TEST_CASE("sql text: an index made beside the writers is known by its name", "[storage]") {
  CHECK(concurrent_index("CREATE INDEX CONCURRENTLY i ON t (x)") == "i");
  CHECK(concurrent_index("create unique index concurrently if not exists \"I x\" on t (x)") ==
        "I x");
  CHECK(concurrent_index("CREATE INDEX i ON t (x)").empty());
  CHECK(concurrent_index("CREATE INDEX CONCURRENTLY ON t (x)").empty());
}

TEST_CASE("sql text: definitions are what is left without rows", "[storage]") {
  CHECK(definitions_of("CREATE INDEX concurrently i ON t (x); insert into t values (1);\n"
                       "COMMENT ON t IS 'CONCURRENTLY'; WITH x AS (y) DELETE FROM z; SELECT 1") ==
        "CREATE INDEX  i ON t (x);\nCOMMENT ON t IS 'CONCURRENTLY';\n");
  CHECK(definitions_of("-- nothing\n").empty());
}

TEST_CASE("sql text: what a step destroys", "[storage]") {
  CHECK(lost("DROP TABLE a, b CASCADE; drop table if exists \"C\";") == Texts{"a", "b", "C"});
  CHECK(lost("ALTER TABLE t DROP COLUMN x, DROP y, DROP COLUMN IF EXISTS z, DROP CONSTRAINT c") ==
        Texts{"t.x", "t.y", "t.z"});
  CHECK(lost("ALTER TABLE IF EXISTS ONLY t ALTER COLUMN x DROP DEFAULT, ALTER y DROP NOT NULL")
            .empty());
  CHECK(lost("DELETE FROM t WHERE x; TRUNCATE u; TRUNCATE TABLE v;") == Texts{"some of t", "u", "v"});
  CHECK(lost("DROP INDEX i; DROP FUNCTION f(); -- DROP TABLE x;\nSELECT 'DROP TABLE y'").empty());
}

TEST_CASE("sql text: no step of this binary leaves something that a second run trips over",
          "[storage]") {
  for (const EmbeddedFile& file : embedded_files()) {
    if (is_transactional(file.text)) continue;
    for (const std::string_view statement : statements_of(file.text)) {
      INFO(std::string(file.name) + ": " + std::string(statement));
      const bool repeatable = statement.find("IF NOT EXISTS") != std::string_view::npos ||
                              statement.find("IF EXISTS") != std::string_view::npos ||
                              statement.find("OR REPLACE") != std::string_view::npos ||
                              statement.starts_with("UPDATE ") || statement.starts_with("VACUUM") ||
                              statement.starts_with("ANALYZE");
      CHECK(repeatable);
    }
  }
}
