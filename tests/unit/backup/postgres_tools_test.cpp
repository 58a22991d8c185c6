#include "shared/backup/postgres_tools.h"

#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

using namespace logctl;
using backup::PostgresTools;

TEST_CASE("backup: the programs of the server's version are taken, or those of PATH", "[backup]") {
  const test::TempDir folder;
  const auto install = [&](const char* version, const char* program) {
    const auto bin = folder.path() / version / "bin";
    std::filesystem::create_directories(bin);
    File::create(bin / program).close();
  };
  for (const char* program : {"pg_dump", "pg_restore"}) {
    install("15", program);
    install("17", program);
  }
  install("16", "pg_dump");  // half of it
  CHECK(PostgresTools::folder_of(15, folder.path()) == folder.path() / "15" / "bin");
  CHECK(PostgresTools::folder_of(17, folder.path()) == folder.path() / "17" / "bin");
  // A newer one might write what the server cannot read.
  CHECK(PostgresTools::folder_of(16, folder.path()).empty());
  CHECK(PostgresTools::folder_of(14, folder.path()).empty());
  CHECK(PostgresTools::folder_of(15, folder.path() / "nothing").empty());
}

TEST_CASE("backup: the version of a program is read from what it says", "[backup]") {
  CHECK(PostgresTools::major_of("pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)") == 15);
  CHECK(PostgresTools::major_of("pg_restore (PostgreSQL) 9.6.24") == 9);
  CHECK(PostgresTools::major_of("nothing of the kind") == 0);
}
