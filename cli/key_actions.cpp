#include "cli/key_actions.h"

#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxTenant = 64;
constexpr microseconds kMaxLife = std::chrono::days(36525);
constexpr int kAttempts = 3;  // at an id that is not taken; one collision is a wonder already

Error wrong(std::string_view option, std::string_view what, std::string hint = {}) {
  return Error(ErrorCode::usage, fmt::format("--{}: {}", option, what), std::move(hint));
}

void check_name(std::string_view name) {
  if (name.empty()) throw wrong("name", "is empty, expected a name for people");
  if (name.size() > kMaxName) {
    throw wrong("name", fmt::format("has {} bytes, allowed are {}", name.size(), kMaxName));
  }
  if (terminal_safe(name) != name) {
    throw wrong("name", "holds control characters or is not UTF-8");
  }
}

void check_tenant(std::string_view tenant) {
  const bool good = std::all_of(tenant.begin(), tenant.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  if (tenant.empty() || tenant.size() > kMaxTenant || !good) {
    throw wrong("tenant", fmt::format("found '{}', expected 1 to {} of letters, digits, '.', '_' "
                                      "and '-'",
                                      terminal_safe(tenant), kMaxTenant));
  }
}

auth::Scopes check_scopes(std::string_view text) {
  static constexpr std::array<std::string_view, 3> kKnown = {"ingest", "read", "admin"};
  if (const auto scopes = auth::parse_scopes(text)) return *scopes;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    if (!auth::parse_scopes(item)) {
      const std::string_view guess = nearest_name(item, kKnown);
      throw wrong("scopes",
                  fmt::format("found '{}', expected a list such as ingest,read out of {}",
                              terminal_safe(item), fmt::join(kKnown, ", ")),
                  guess.empty() ? std::string() : fmt::format("did you mean '{}'?", guess));
    }
    rest.remove_prefix(comma + 1);
  }
}

std::optional<Timestamp> check_expires(std::string_view text, Timestamp now) {
  if (text.empty()) return std::nullopt;
  std::optional<Timestamp> at = parse_rfc3339(text);
  if (const auto duration = parse_duration(text)) at = now + std::min(*duration, 2 * kMaxLife);
  if (!at) {
    throw wrong("expires", fmt::format("found '{}', expected a duration such as 90d or a time "
                                       "such as 2030-01-31T00:00:00Z",
                                       terminal_safe(text)));
  }
  if (*at <= now) {
    throw wrong("expires", fmt::format("{} is not in the future", format_rfc3339(*at)));
  }
  if (*at - now > kMaxLife) {
    throw wrong("expires", "is more than 100 years ahead",
                "leave it out for a key that does not expire");
  }
  return std::chrono::ceil<seconds>(*at);
}

std::string_view state_of(const storage::KeyRow& row, Timestamp now) {
  if (row.revoked_at) return "revoked";
  return row.expires_at && *row.expires_at <= now ? "expired" : "active";
}

// Makes a key and stores it under an id of its own.
auth::NewKey insert_new(storage::KeyStore& store, auth::Scopes scopes, storage::KeyRow row) {
  for (int attempt = 1;; ++attempt) {
    auth::NewKey key = auth::generate_key(scopes);
    row.id = key.id;
    row.secret_hash = key.hash;
    try {
      store.insert(row);
      return key;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::conflict || attempt == kAttempts) throw;
    }
  }
}

}  // namespace

int create_key(storage::KeyStore& store, const Clock& clock, Output& out,
               const CreateKey& options) {
  const Timestamp now = clock.now();
  check_name(options.name);
  check_tenant(options.tenant);
  const auth::Scopes scopes = check_scopes(options.scopes);
  if (options.rps && !(std::isfinite(*options.rps) && *options.rps > 0)) {
    throw wrong("rps", "expected a number of requests a second above 0");
  }
  if (options.burst && *options.burst == 0) {
    throw wrong("burst", "expected a whole number of requests, at least 1");
  }

  storage::KeyRow row;
  row.name = options.name;
  row.scopes = auth::format_scopes(scopes);
  row.tenant = options.tenant;
  row.rps = options.rps;
  row.burst = options.burst;
  row.created_at = now;
  row.expires_at = check_expires(options.expires, now);
  const auth::NewKey key = insert_new(store, scopes, row);
  try {
    if (out.format() == OutputFormat::plain) {
      out.raw(key.secret + "\n");
    } else {
      out.object({{"key", key.secret},
                  {"id", key.id},
                  {"name", row.name},
                  {"scopes", row.scopes},
                  {"tenant", row.tenant},
                  {"expires_at", row.expires_at}});
    }
    out.flush();
  } catch (...) {
    store.revoke(key.id, now);
    throw;
  }
  if (out.err_is_terminal()) {
    out.note("The key is shown this once; the store keeps only its hash.");
  }
  return 0;
}

int list_keys(storage::KeyStore& store, const Clock& clock, Output& out) {
  const Timestamp now = clock.now();
  std::vector<storage::KeyRow> keys = store.list();
  std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) {
    return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id);
  });
  // Nobody looks for microseconds in a table; the other formats keep them.
  const bool brief = out.format() == OutputFormat::table;
  const auto time = [brief](std::optional<Timestamp> t) -> Value {
    if (t && brief) return Timestamp(std::chrono::floor<seconds>(*t));
    return t;
  };
  out.begin_table({"id", "state", "scopes", "tenant", "created_at", "expires_at", "last_used_at",
                   "uses", "name"});
  for (const storage::KeyRow& key : keys) {
    out.add_row({key.id, state_of(key, now), key.scopes, key.tenant, time(key.created_at),
                 time(key.expires_at), time(key.last_used_at), key.use_count, key.name});
  }
  out.end_table();
  return 0;
}

int revoke_key(storage::KeyStore& store, const Clock& clock, Output& out, std::string_view id) {
  if (const auto inside = auth::key_id(id)) {
    throw Error(ErrorCode::usage, "that is a whole key, expected the id of one",
                fmt::format("logctl keys revoke {}", *inside));
  }
  const auto find = [&] {
    std::vector<storage::KeyRow> keys = store.list();
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.id == id; });
    if (found == keys.end()) {
      throw Error(ErrorCode::not_found, fmt::format("no key has the id '{}'", terminal_safe(id)),
                  "`logctl keys list` shows the ids");
    }
    return *found;
  };
  storage::KeyRow key = find();
  const bool before = key.revoked_at.has_value();
  if (!before) {
    store.revoke(id, clock.now());
    key = find();
  }
  if (before) {
    out.note(fmt::format("Key {} ({}) was revoked already, at {}.", key.id, key.name,
                         format_rfc3339(*key.revoked_at)));
  } else {
    out.note(fmt::format("Key {} ({}) is revoked; running daemons refuse it within a second.",
                         key.id, key.name));
  }
  if (out.json()) {
    out.object({{"id", key.id},
                {"name", key.name},
                {"state", state_of(key, clock.now())},
                {"revoked_at", key.revoked_at},
                {"already_revoked", before}});
  }
  return 0;
}

}  // namespace logctl::cli
