#include "shared/config/target.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::config;

namespace {

StoreTarget url_target(const std::string& url) {
  Config config;
  config.database.url = url;
  config.storage.data_dir = "/data";
  return store_target(config);
}

// One a line.
std::string text_of(const std::vector<ConnectionPart>& parts) {
  std::string text;
  for (const ConnectionPart& part : parts) {
    text.append(part.option).append(": ").append(part.text).append("\n");
  }
  return text;
}

}  // namespace

TEST_CASE("target: without a database it is SQLite in the data directory", "[config]") {
  Config config;
  config.storage.data_dir = "/data";
  config.database.dbname = "analytics_logs";  // a name alone names no server
  const StoreTarget target = store_target(config);
  CHECK(target.kind == StoreKind::sqlite);
  CHECK(target.directory == "/data");
  CHECK(target.shown == "sqlite:///data");
}

TEST_CASE("target: URLs", "[config]") {
  CHECK(url_target("sqlite:///var/lib/x").directory == "/var/lib/x");
  CHECK(url_target("sqlite:////var/lib/x").directory == "/var/lib/x");
  const StoreTarget postgres = url_target("postgres://u:p%40w@h:1/d?sslmode=require");
  CHECK(postgres.kind == StoreKind::postgres);
  CHECK(postgres.connection.at(0).text == "postgres://u:p%40w@h:1/d?sslmode=require");
  CHECK(postgres.shown == "postgres://u:********@h:1/d?sslmode=require");
  CHECK(url_target("postgresql://h/d").kind == StoreKind::postgres);

  for (const char* url :
       {"sqlite://relative", "sqlite:///", "sqlite://", "mysql://h/d", "h:5432"}) {
    INFO(url);
    try {
      url_target(url);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::config);
      CHECK(error.message().starts_with(std::string("found '") + url + "', allowed"));
    }
  }
}

TEST_CASE("target: the URL decides on the kind of store, the other options complete it",
          "[config]") {
  Config config;
  config.database.host = "h";
  config.database.url = "sqlite:///x";
  CHECK(store_target(config).kind == StoreKind::sqlite);

  use_store(config, "postgresql://ann@h/d");
  CHECK(text_of(store_target(config).connection) == "database.url: postgresql://ann@h/d\n");
  config.database.password = "p";
  config.database.sslmode = "require";
  config.database.options = "target_session_attrs=read-write";
  CHECK(text_of(store_target(config).connection) ==
        "database.url: postgresql://ann@h/d\n"
        "database.password: password='p'\n"
        "database.sslmode: sslmode='require'\n"
        "database.options: target_session_attrs=read-write\n");
  use_store(config, "postgresql:///other");
  CHECK(text_of(store_target(config).connection) == "database.url: postgresql:///other\n");
}

TEST_CASE("target: the parts become quoted settings", "[config]") {
  Config config;
  config.database.host = "db.example.org";
  config.database.port = 5433;
  config.database.user = "o'brien";
  config.database.password = "a b\\c'd";
  config.database.dbname = "my logs";
  config.database.sslmode = "require";
  config.database.options = "application_name=logs";
  const StoreTarget target = store_target(config);
  CHECK(target.kind == StoreKind::postgres);
  CHECK(text_of(target.connection) ==
        "database.host: host='db.example.org'\n"
        "database.port: port='5433'\n"
        "database.user: user='o\\'brien'\n"
        "database.password: password='a b\\\\c\\'d'\n"
        "database.dbname: dbname='my logs'\n"
        "database.sslmode: sslmode='require'\n"
        "database.options: application_name=logs\n");
  CHECK(target.shown == "postgresql://o'brien@db.example.org:5433/my logs");
}

TEST_CASE("target: sockets and IPv6 addresses are shown as such, empty parts are left to libpq",
          "[config]") {
  Config config;
  config.database.user.clear();
  config.database.host = "/run/postgresql";
  CHECK(text_of(store_target(config).connection) ==
        "database.host: host='/run/postgresql'\n"
        "database.port: port='5432'\n"
        "database.dbname: dbname='logs'\n");
  CHECK(store_target(config).shown == "postgresql:///logs?host=/run/postgresql&port=5432");
  config.database.user = "u";
  config.database.host = "::1";
  CHECK(store_target(config).shown == "postgresql://u@[::1]:5432/logs");
}

TEST_CASE("target: files beside the store go where the store is, if that is a directory",
          "[config]") {
  Config config;
  config.storage.data_dir = "/data";
  CHECK(home_directory(config) == "/data");
  config.database.url = "sqlite:///x";
  CHECK(home_directory(config) == "/x");
  config.database.url = "postgres://h/d";
  CHECK(home_directory(config) == "/data");
}

TEST_CASE("target: who acknowledges follows the store, and a spool needs PostgreSQL", "[config]") {
  Config config;
  config.storage.data_dir = "/data";
  CHECK(acknowledgement(config) == Ack::stored);
  config.ingest.ack = "stored";
  CHECK(acknowledgement(config) == Ack::stored);
  config.ingest.ack = "spooled";
  try {
    acknowledgement(config);
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::config);
    CHECK_THAT(error.message(), Catch::Matchers::Contains("SQLite"));
  }
  config.database.url = "postgres://h/d";
  CHECK(acknowledgement(config) == Ack::spooled);
  config.ingest.ack = "stored";
  CHECK(acknowledgement(config) == Ack::stored);
  config.ingest.ack = "auto";
  CHECK(acknowledgement(config) == Ack::spooled);
}
