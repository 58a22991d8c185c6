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
using Options = std::unique_ptr<PQconninfoOption, FreeOptions>;

Options parse(const std::string& conninfo, std::string_view option = "the database settings") {
  char* problem = nullptr;
  Options options(PQconninfoParse(conninfo.c_str(), &problem));
  if (options) return options;
  std::string text = problem != nullptr ? problem : "out of memory";
  PQfreemem(problem);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  throw Error(ErrorCode::config, fmt::format("{} cannot be read: {}", option, text),
              "expected postgresql://USER@HOST:PORT/DBNAME?sslmode=... or the parts of `database`");
}

// A setting of libpq and the option that said so.
struct Setting {
  std::string keyword;
  std::string value;
  std::string_view option;
};

void add_settings(std::vector<Setting>& said, const config::ConnectionPart& part) {
  const Options options = parse(part.text, part.option);
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    const auto earlier = std::ranges::find(said, keyword, &Setting::keyword);
    if (earlier == said.end()) {
      said.push_back({std::string(keyword), option->val, part.option});
      continue;
    }
    if (earlier->value == option->val) continue;
    const auto quoted = [&](std::string_view value) {
      return keyword.ends_with("password") ? std::string() : fmt::format(" ('{}')", value);
    };
    const std::string text =
        fmt::format("{}{} and {}{} disagree on {}, allowed is one of them", earlier->option,
                    quoted(earlier->value), part.option, quoted(option->val), keyword);
    throw Disagreement(Error(ErrorCode::config, text), earlier->option, part.option,
                       std::string(keyword));
  }
}

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

std::string connection_string(const std::vector<config::ConnectionPart>& parts,
                              const config::Database& settings) {
  std::vector<Setting> said;
  for (const config::ConnectionPart& part : parts) add_settings(said, part);

  const auto wait = std::chrono::ceil<std::chrono::seconds>(settings.connect_timeout).count();
  // libpq reads 1 as 2, and 0 as for ever. A peer that vanished is noticed within a minute.
  const std::vector<std::pair<std::string_view, std::string>> defaults = {
      {"application_name", "logctl"},
      {"connect_timeout", std::to_string(std::max<std::int64_t>(wait, 2))},
      {"keepalives_idle", "30"},
      {"keepalives_interval", "10"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "60000"},
  };
  std::string result;
  for (const Setting& one : said) append(result, one.keyword, one.value);
  for (const auto& [keyword, value] : defaults) {
    if (std::ranges::find(said, keyword, &Setting::keyword) == said.end()) {
      append(result, keyword, value);
    }
  }
  // Whatever was said: records are UTF-8, and their sizes are compared with the server's.
  append(result, "client_encoding", "UTF8");
  return result;
}

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
