#include "shared/backup/postgres_tools.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/storage/postgres/connection_string.h"
#include "shared/storage/postgres/index_names.h"
#include "shared/storage/postgres/table_copy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <system_error>

namespace logctl::backup {
namespace {

constexpr std::string_view kHint =
    "install postgresql-client in a version not older than the server, or set backup.pg_bin";

// Of what a program said, the lines that say what is wrong.
std::string essence(const std::string& said) {
  std::string text = said.size() > 800 ? "..." + said.substr(said.size() - 800) : said;
  std::replace(text.begin(), text.end(), '\n', ';');
  return text;
}

std::filesystem::path contents_of(const std::filesystem::path& dump) {
  return dump.string() + ".list";
}
std::filesystem::path ledger_of(const std::filesystem::path& dump) {
  return dump.string() + ".ledger";
}
std::filesystem::path key_of(const std::filesystem::path& dump) { return dump.string() + ".key"; }

}  // namespace

int PostgresTools::major_of(const std::string& version) {
  const std::size_t digit = version.find_first_of("0123456789");
  return digit == std::string::npos ? 0 : std::atoi(version.c_str() + digit);
}

std::string PostgresTools::folder_of(int major, const std::filesystem::path& versions) {
  const std::filesystem::path folder = versions / std::to_string(major) / "bin";
  std::error_code none;
  for (const char* name : {"pg_dump", "pg_restore"}) {
    if (!std::filesystem::exists(folder / name, none)) return {};
  }
  return folder.string();
}

PostgresTools::PostgresTools(std::string folder, const std::string& conninfo)
    : folder_(std::move(folder)) {
  storage::postgres::ForProgram split = storage::postgres::for_program(conninfo);
  connection_ = std::move(split.connection);
  // Not as an argument, which every user of the machine can see.
  if (!split.password.empty()) environment_.emplace_back("PGPASSWORD", std::move(split.password));
  environment_.emplace_back("PGTZ", "UTC");
}

std::string PostgresTools::program(std::string_view name) const {
  return folder_.empty() ? std::string(name) : (std::filesystem::path(folder_) / name).string();
}

std::string PostgresTools::dump_version() const { return version_of("pg_dump"); }

std::string PostgresTools::require_restores(const std::string& dump_tool) const {
  std::string found = version_of("pg_restore");
  if (major_of(found) >= major_of(dump_tool)) return found;
  throw Error(ErrorCode::conflict,
              fmt::format("the backup was made with {}, which {} may not read", dump_tool, found),
              "install a newer postgresql-client, or set backup.pg_bin");
}

std::string PostgresTools::version_of(std::string_view name) const {
  try {
    return program_version(program(name));
  } catch (const Error& error) {
    throw Error(error.code(), error.message(), std::string(kHint));
  }
}

void PostgresTools::run(const std::string& name, std::vector<std::string> arguments) const {
  ProgramCall call;
  call.arguments = std::move(arguments);
  call.arguments.insert(call.arguments.begin(), program(name));
  call.environment = environment_;
  ProgramEnd end;
  try {
    end = run_program(call);
  } catch (const Error& error) {
    throw Error(error.code(), error.message(), std::string(kHint));
  }
  if (end.status == 0) return;
  const bool no_space = end.said.find("No space left on device") != std::string::npos;
  const bool away = end.said.find("connection to server") != std::string::npos &&
                    end.said.find("failed") != std::string::npos;
  const ErrorCode code = no_space ? ErrorCode::disk_full
                         : away   ? ErrorCode::unavailable
                                  : ErrorCode::storage;
  throw Error(code,
              fmt::format("{} ended with status {}: {}", name, end.status, essence(end.said)));
}

void PostgresTools::dump(const std::filesystem::path& target, const std::string& schema,
                         const std::string& snapshot, const LeftOut& left_out,
                         std::size_t jobs) const {
  using storage::postgres::quoted_name;
  std::vector<std::string> arguments = {"--format=directory",
                                        "--compress=0",
                                        "--no-sync",  // what it writes is packed and thrown away
                                        fmt::format("--jobs={}", jobs),
                                        fmt::format("--snapshot={}", snapshot),
                                        fmt::format("--schema={}", quoted_name(schema)),
                                        fmt::format("--file={}", target.string())};
  const auto leave_out = [&](std::string_view option, const std::vector<std::string>& tables) {
    for (const std::string& table : tables) {
      arguments.push_back(fmt::format("{}={}.{}", option, quoted_name(schema), quoted_name(table)));
    }
  };
  leave_out("--exclude-table-data", left_out.rows);
  leave_out("--exclude-table", left_out.tables);
  arguments.push_back("--dbname=" + connection_);
  run("pg_dump", std::move(arguments));
}

// Upkeep makes these again: restoring is quicker without them, and they may need an extension that
// the server has not.
bool is_day_index(std::string_view line) {
  return line.find(" INDEX ") != std::string_view::npos && storage::postgres::names_day_index(line);
}

// A hypertable's key must be there before it becomes one, and it brings a trigger of its own.
bool is_key(std::string_view line) {
  return line.find(" logs logs_pkey ") != std::string_view::npos;
}
bool is_own_trigger(std::string_view line) {
  return line.find(" logs ts_insert_blocker ") != std::string_view::npos;
}

// What is in the dump, as lists for pg_restore.
void PostgresTools::list(const std::filesystem::path& source, bool hypertable) const {
  const std::filesystem::path contents = contents_of(source);
  run("pg_restore", {"--list", "--file=" + contents.string(), source.string()});
  std::string kept;
  std::string ledger;
  std::string key;
  std::istringstream lines(read_file(contents));
  for (std::string line; std::getline(lines, line);) {
    const bool rows = line.find(" TABLE DATA ") != std::string::npos;
    if (rows && line.find(" schema_migrations ") != std::string::npos) {
      ledger += line + "\n";
    } else if (hypertable && is_key(line)) {
      key += line + "\n";
    } else if (hypertable && is_own_trigger(line)) {
      continue;
    } else if (line.find(" SCHEMA - ") == std::string::npos && !is_day_index(line)) {
      kept += line + "\n";
    }
  }
  replace_file(contents, kept);
  replace_file(ledger_of(source), ledger);
  replace_file(key_of(source), key);
}

void PostgresTools::restore(const std::filesystem::path& source, std::string_view section,
                            std::size_t jobs) const {
  load(source, contents_of(source), section, jobs);
}

void PostgresTools::restore_ledger(const std::filesystem::path& source) const {
  load(source, ledger_of(source), "data", 1);
}

void PostgresTools::restore_key(const std::filesystem::path& source) const {
  load(source, key_of(source), "post-data", 1);
}

void PostgresTools::load(const std::filesystem::path& source, const std::filesystem::path& list,
                         std::string_view section, std::size_t jobs) const {
  run("pg_restore", {"--exit-on-error", "--no-owner", "--no-privileges",
                     "--use-list=" + list.string(), fmt::format("--section={}", section),
                     fmt::format("--jobs={}", jobs), "--dbname=" + connection_, source.string()});
}

}  // namespace logctl::backup
