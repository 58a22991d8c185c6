#include "shared/storage/postgres/sqlstate.h"

#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::storage::postgres;

TEST_CASE("sqlstate: every kind of failure has one meaning", "[storage]") {
  struct Row {
    const char* state;
    Fault fault;
    ErrorCode code;
  };
  const Row rows[] = {
      {"", Fault::connection, ErrorCode::unavailable},
      {"08006", Fault::connection, ErrorCode::unavailable},
      {"57P01", Fault::connection, ErrorCode::unavailable},
      {"57P03", Fault::connection, ErrorCode::unavailable},
      {"25006", Fault::connection, ErrorCode::unavailable},
      {"40001", Fault::transient, ErrorCode::unavailable},
      {"40P01", Fault::transient, ErrorCode::unavailable},
      {"53100", Fault::transient, ErrorCode::disk_full},
      {"53300", Fault::transient, ErrorCode::unavailable},
      {"55P03", Fault::transient, ErrorCode::locked},
      {"57014", Fault::timeout, ErrorCode::timeout},
      {"23505", Fault::duplicate, ErrorCode::conflict},
      {"23514", Fault::data, ErrorCode::storage},
      {"22021", Fault::data, ErrorCode::storage},
      {"22P05", Fault::data, ErrorCode::storage},
      {"54000", Fault::data, ErrorCode::storage},
      {"42P01", Fault::refused, ErrorCode::storage},
      {"42501", Fault::refused, ErrorCode::storage},
  };
  for (const Row& row : rows) {
    INFO("SQLSTATE '" << row.state << "'");
    CHECK(classify(row.state) == row.fault);
    CHECK(to_error("test", row.state, "x").code() == row.code);
  }
  CHECK(classify("23514", false) == Fault::no_partition);
}

TEST_CASE("sqlstate: messages say what was tried, in one line, and what to do", "[storage]") {
  const Error missing =
      to_error("search", "42P01", "ERROR:  relation \"logs\" does not exist\nLINE 1: SELECT 1\n");
  CHECK(missing.message() == "search: relation \"logs\" does not exist");
  CHECK(missing.hint() == "run `logctl migrate up`");
  CHECK(to_error("ping", "", "Connection refused").hint().find("database.*") != std::string::npos);
  CHECK(to_error("search", "57014", "canceling statement").hint().find("statement_timeout") !=
        std::string::npos);
  CHECK(first_line("FATAL:  the database system is shutting down\n") ==
        "the database system is shutting down");
}
