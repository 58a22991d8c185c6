#include "shared/storage/postgres/connection_string.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

using namespace logctl;

namespace {

std::string connection_string(const std::string& url, const config::Database& settings) {
  return storage::postgres::connection_string({{"database.url", url}}, settings);
}

// The complaint about two parts; empty when they go together.
std::string complaint(const std::string& url, std::string_view option, const std::string& text) {
  try {
    storage::postgres::connection_string({{"database.url", url}, {option, text}},
                                         config::Database{});
    return {};
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::config);
    return error.message();
  }
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("connection string: our defaults stand below what was asked for", "[storage]") {
  config::Database settings;
  settings.connect_timeout = milliseconds(2500);
  const std::string plain = connection_string("postgresql://ann@db.example:5433/logs", settings);
  CHECK(holds(plain, "user='ann'"));
  CHECK(holds(plain, "host='db.example'"));
  CHECK(holds(plain, "port='5433'"));
  CHECK(holds(plain, "dbname='logs'"));
  CHECK(holds(plain, "application_name='logctl'"));
  CHECK(holds(plain, "client_encoding='UTF8'"));
  CHECK(holds(plain, "connect_timeout='3'"));
  CHECK(holds(plain, "keepalives_idle='30'"));

  const std::string own = connection_string(
      "host=a,b dbname=logs sslmode=verify-full target_session_attrs=read-write "
      "application_name=mine connect_timeout=17",
      settings);
  CHECK(holds(own, "host='a,b'"));
  CHECK(holds(own, "sslmode='verify-full'"));
  CHECK(holds(own, "target_session_attrs='read-write'"));
  CHECK(holds(own, "application_name='mine'"));
  CHECK(holds(own, "connect_timeout='17'"));
  CHECK_FALSE(holds(own, "'logctl'"));
  const std::string latin = connection_string("host=h client_encoding=LATIN1", settings);
  CHECK(storage::postgres::setting_of(latin, "client_encoding") == "UTF8");
}

TEST_CASE("connection string: quotes and backslashes in values are kept", "[storage]") {
  const std::string text =
      connection_string(R"(password='it\'s \\ me' host=h)", config::Database{});
  CHECK(holds(text, R"(password='it\'s \\ me')"));
  const std::string again = connection_string(text, config::Database{});
  CHECK(connection_string(again, config::Database{}) == again);
}

TEST_CASE("connection string: one that libpq cannot read is a configuration error", "[storage]") {
  try {
    connection_string("postgresql://h/db?sslmod=require", config::Database{});
    FAIL("expected an error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::config);
    CHECK(holds(error.message(), "sslmod"));
    CHECK(holds(error.hint(), "postgresql://"));
  }
}

TEST_CASE("connection string: parts complete the URL, of which every setting is kept",
          "[storage]") {
  const std::string text = storage::postgres::connection_string(
      {{"database.url", "postgresql://h1,h2/d?target_session_attrs=read-write&sslmode=require"},
       {"database.user", "user='ann'"},
       {"database.password", "password='it\\'s'"},
       {"database.sslmode", "sslmode='require'"},
       {"database.options", "sslrootcert=/ca.pem"}},
      config::Database{});
  CHECK(holds(text, "host='h1,h2'"));
  CHECK(holds(text, "target_session_attrs='read-write'"));
  CHECK(holds(text, "user='ann'"));
  CHECK(holds(text, "password='it\\'s'"));
  CHECK(holds(text, "sslmode='require'"));
  CHECK(holds(text, "sslrootcert='/ca.pem'"));
}

TEST_CASE("connection string: parts that say something else than the URL are refused",
          "[storage]") {
  CHECK(complaint("postgresql://h/d?sslmode=disable", "database.sslmode", "sslmode='require'") ==
        "database.url ('disable') and database.sslmode ('require') disagree on sslmode, allowed is "
        "one of them");
  CHECK(complaint("postgresql://h/d", "database.options", "dbname=e host=h") ==
        "database.url ('d') and database.options ('e') disagree on dbname, allowed is one of them");
  CHECK(complaint("postgresql://u:secret@h/d", "database.password", "password='other'") ==
        "database.url and database.password disagree on password, allowed is one of them");
  CHECK(complaint("postgresql://u@h:5432/d", "database.port", "port='5432'").empty());
  CHECK(holds(complaint("postgresql://h/d", "database.options", "nonsense"),
              "database.options cannot be read: "));
}
