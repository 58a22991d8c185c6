#include "shared/storage/postgres/connection_string.h"

#include "shared/base/error.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace logctl::storage::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

void append(std::string& out, std::string_view key, std::string_view value) {
  if (!out.empty()) out += ' ';
  out += key;
  out += "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  out += '\'';
}

}  // namespace

std::string connection_string(const std::string& connection, const config::Database& settings) {
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(
      PQconninfoParse(connection.c_str(), &problem));
  if (!options) {
    std::string text = problem != nullptr ? problem : "out of memory";
    PQfreemem(problem);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    throw Error(
        ErrorCode::config, "the database settings are not understood: " + text,
        "expected postgresql://USER@HOST:PORT/DBNAME?sslmode=... or the parts of `database`");
  }

  const auto wait = std::chrono::ceil<std::chrono::seconds>(settings.connect_timeout).count();
  // libpq reads 1 as 2, and 0 as for ever. A peer that vanished is noticed within a minute.
  std::vector<std::pair<std::string, std::string>> defaults = {
      {"application_name", "logctl"},
      {"client_encoding", "UTF8"},
      {"connect_timeout", std::to_string(std::max<std::int64_t>(wait, 2))},
      {"keepalives_idle", "30"},
      {"keepalives_interval", "10"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "60000"},
  };
  std::string result;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    append(result, option->keyword, option->val);
    std::erase_if(defaults, [&](const auto& row) { return row.first == option->keyword; });
  }
  for (const auto& [key, value] : defaults) append(result, key, value);
  return result;
}

namespace {

using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Options parse(const std::string& conninfo) {
  Options options(PQconninfoParse(conninfo.c_str(), nullptr));
  if (!options) throw Error(ErrorCode::config, "the database settings are not understood");
  return options;
}

}  // namespace

ForProgram for_program(const std::string& conninfo) {
  const Options options = parse(conninfo);
  ForProgram result;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    if (std::string_view(option->keyword) == "password") {
      result.password = option->val;
    } else {
      append(result.connection, option->keyword, option->val);
    }
  }
  return result;
}

std::string setting_of(const std::string& conninfo, std::string_view keyword) {
  const Options options = parse(conninfo);
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->keyword == keyword && option->val != nullptr) return option->val;
  }
  return {};
}

std::string with_database(const std::string& conninfo, std::string_view database) {
  // Of a setting that is given twice the last one counts.
  std::string result = conninfo;
  append(result, "dbname", database);
  return result;
}

}  // namespace logctl::storage::postgres
