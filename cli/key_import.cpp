#include "cli/key_import.h"

#include "cli/counted.h"
#include "cli/key_list_file.h"
#include "shared/auth/key.h"
#include "shared/base/error.h"

#include <fmt/format.h>

#include <map>

namespace logctl::cli {
namespace {

constexpr int kAttempts = 3;

// Under the id inside the key, or one of its own.
std::string insert_listed(storage::KeyStore& store, const ListedKey& key, auth::Scopes scopes,
                          storage::KeyRow row) {
  row.secret_hash = key.hash;
  for (int attempt = 1;; ++attempt) {
    row.id = key.id.empty() ? auth::generate_key(scopes).id : key.id;
    try {
      store.insert(row);
      return row.id;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict || !key.id.empty() || attempt == kAttempts) throw;
    }
  }
}

}  // namespace

int import_keys(storage::KeyStore* store, const Clock& clock, Output& out,
                const ImportKeys& options, const std::string& text) {
  const Timestamp now = clock.now();
  check_name(options.name);
  check_tenant(options.tenant);
  const auth::Scopes scopes = check_scopes(options.scopes);
  storage::KeyRow row;
  row.scopes = auth::format_scopes(scopes);
  row.tenant = options.tenant;
  row.only = check_only(options.only, scopes);
  static_cast<storage::KeyLimits&>(row) = check_limits(options.limits, {});
  row.created_at = now;
  row.expires_at = check_expires(options.expires, now);

  const std::vector<ListedKey> listed =
      read_key_list(text, options.file == "-" ? "standard input" : options.file);
  std::map<std::string, std::string> known;  // hash -> id
  if (store != nullptr) {
    for (const storage::KeyRow& key : store->list()) known.emplace(key.secret_hash, key.id);
  }

  std::size_t imported = 0;
  std::size_t refused = 0;
  std::size_t weak = 0;
  out.begin_table({"line", "state", "id", "name", "detail"});
  for (const ListedKey& key : listed) {
    if (!key.problem.empty()) {
      ++refused;
      out.add_row({key.line, "refused", nullptr, nullptr, key.problem});
      continue;
    }
    if (const auto found = known.find(key.hash); found != known.end()) {
      out.add_row({key.line, "known", found->second, nullptr, nullptr});
      continue;
    }
    ++imported;
    if (key.weak) ++weak;
    row.name = listed.size() == 1 ? options.name : fmt::format("{}-{}", options.name, imported);
    const std::string id = options.dry_run ? key.id : insert_listed(*store, key, scopes, row);
    known.emplace(key.hash, id);
    out.add_row({key.line, options.dry_run ? "new" : "imported", id.empty() ? Value() : Value(id),
                 row.name, key.weak ? Value("short: can be guessed") : Value()});
  }
  out.end_table();
  out.note(fmt::format("{} {}, {} of {} known before, {} refused.",
                       options.dry_run ? "Would import" : "Imported", counted(imported, "key"),
                       listed.size() - imported - refused, listed.size(), refused));
  if (weak > 0) {
    out.note(fmt::format("{} of less than 16 characters: rotate soon with `logctl keys rotate`.",
                         counted(weak, "key")));
  }
  if (refused == 0) return 0;
  if (refused < listed.size()) return info(ErrorCode::partial).exit_status;
  throw Error(ErrorCode::validation_error, "no key could be taken");
}

}  // namespace logctl::cli
