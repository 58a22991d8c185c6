#include "cli/key_actions.h"

#include "cli/counted.h"
#include "shared/auth/authenticator.h"
#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/ratelimit/rate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace logctl::cli {
namespace {

std::vector<storage::KeyRow> oldest_first(storage::KeyStore& store) {
  std::vector<storage::KeyRow> keys = store.list();
  std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) {
    return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id);
  });
  return keys;
}

// Nobody looks for microseconds in a table; the other formats keep them.
Value time_value(const Output& out, std::optional<Timestamp> t) {
  if (t && out.format() == OutputFormat::table) {
    return Timestamp(std::chrono::floor<seconds>(*t));
  }
  return t;
}

Value text_or_nothing(const std::string& text) { return text.empty() ? Value() : Value(text); }

// What holds, with the defaults filled in; nothing where there is no limit.
std::vector<Field> limit_fields(const Output& out, const storage::KeyLimits& limits,
                                const config::RateLimit& defaults) {
  // 2 a minute is no number a second that people know again.
  const auto shown = [&out](double rate) {
    const ratelimit::RateText text = ratelimit::rate_text(rate);
    const bool for_people =
        out.format() == OutputFormat::table || out.format() == OutputFormat::plain;
    if (!for_people || text.unit == "s") return Value(rate);
    return Value(fmt::format("{}/{}", text.amount, text.unit));
  };
  const auto pair = [&shown](std::optional<double> rate, auto burst) {
    const bool limited = rate && *rate > 0;
    return std::pair<Value, Value>(
        limited ? shown(*rate) : Value(),
        limited ? Value(burst ? static_cast<std::uint64_t>(*burst) : auth::burst_for(*rate))
                : Value());
  };
  const auto requests = pair(std::optional(limits.rps.value_or(defaults.default_rps)),
                             std::optional(limits.burst.value_or(defaults.burst)));
  const auto records = pair(limits.records_rate, limits.records_burst);
  const auto bytes = pair(limits.bytes_rate, limits.bytes_burst);
  return {{"requests_per_second", requests.first}, {"requests_burst", requests.second},
          {"records_per_second", records.first},   {"records_burst", records.second},
          {"bytes_per_second", bytes.first},       {"bytes_burst", bytes.second}};
}

std::optional<Timestamp> ended_at(const storage::KeyRow& row, Timestamp now) {
  std::optional<Timestamp> end = row.revoked_at;
  if (row.expires_at && *row.expires_at <= now) {
    end = std::min(end.value_or(*row.expires_at), *row.expires_at);
  }
  return end;
}

}  // namespace

bool key_works(const storage::KeyRow& row, Timestamp now) {
  return !row.revoked_at && (!row.expires_at || *row.expires_at > now);
}

std::string_view key_state(const storage::KeyRow& row, Timestamp now) {
  if (row.revoked_at) return "revoked";
  if (!key_works(row, now)) return "expired";
  return row.replaced_by.empty() ? "active" : "ending";
}

storage::KeyRow find_key(storage::KeyStore& store, std::string_view id, std::string_view command) {
  if (const auto inside = auth::key_id(id)) {
    throw Error(ErrorCode::usage, "that is a whole key, expected the id of one",
                fmt::format("logctl keys {} {}", command, *inside));
  }
  for (storage::KeyRow& key : store.list()) {
    if (key.id == id) return std::move(key);
  }
  throw Error(
      ErrorCode::not_found, fmt::format("no key has the id '{}'", terminal_safe(id)),
      id.starts_with("static-")
          ? "keys of auth.api_keys are not in the store; `logctl keys import` brings them in"
          : "`logctl keys list` shows the ids");
}

int create_key(storage::KeyStore* store, const Clock& clock, Output& out,
               const CreateKey& options) {
  const Timestamp now = clock.now();
  check_name(options.name);
  check_tenant(options.tenant);
  const auth::Scopes scopes = check_scopes(options.scopes);
  storage::KeyRow row;
  row.name = options.name;
  row.scopes = auth::format_scopes(scopes);
  row.tenant = options.tenant;
  row.only = check_only(options.only, scopes);
  static_cast<storage::KeyLimits&>(row) = check_limits(options.limits, {});
  row.created_at = now;
  row.expires_at = check_expires(options.expires, now);
  check_secret_name(options.secret);
  if (options.dry_run) {
    out.note(fmt::format("Would make a key '{}' with the scopes {}.", row.name, row.scopes));
    preview_key(out, row);
    return 0;
  }
  const auth::NewKey key = insert_new_key(*store, scopes, row);
  try {
    print_secret(out, options.secret, key, row);
  } catch (...) {
    store->revoke(key.id, now);
    throw;
  }
  return 0;
}

int list_keys(storage::KeyStore& store, const Clock& clock, Output& out) {
  const Timestamp now = clock.now();
  out.begin_table(
      {"id", "state", "scopes", "tenant", "only", "created_at", "expires_at", "last_used_at",
       "uses", "replaced_by", "name"},
      {{"uses", "replaced_by", "created_at", "last_used_at", "only", "tenant", "expires_at"}});
  for (const storage::KeyRow& key : oldest_first(store)) {
    out.add_row({key.id, key_state(key, now), key.scopes, key.tenant, only_value(out, key),
                 time_value(out, key.created_at), time_value(out, key.expires_at),
                 time_value(out, key.last_used_at), key.use_count, text_or_nothing(key.replaced_by),
                 key.name});
  }
  out.end_table();
  return 0;
}

int show_key(storage::KeyStore& store, const Clock& clock, Output& out,
             const config::RateLimit& defaults, std::string_view id) {
  const storage::KeyRow key = find_key(store, id, "show");
  std::string replaces;
  for (const storage::KeyRow& other : oldest_first(store)) {
    if (other.replaced_by == key.id) replaces = other.id;
  }
  std::vector<Field> fields = {{"id", key.id},
                               {"name", key.name},
                               {"state", key_state(key, clock.now())},
                               {"scopes", key.scopes},
                               {"tenant", key.tenant},
                               {"only", only_value(out, key)},
                               {"created_at", time_value(out, key.created_at)},
                               {"expires_at", time_value(out, key.expires_at)},
                               {"revoked_at", time_value(out, key.revoked_at)},
                               {"last_used_at", time_value(out, key.last_used_at)},
                               {"uses", key.use_count},
                               {"replaces", text_or_nothing(replaces)},
                               {"replaced_by", text_or_nothing(key.replaced_by)}};
  const std::vector<Field> limits = limit_fields(out, key, defaults);
  fields.insert(fields.end(), limits.begin(), limits.end());
  out.object(fields);
  return 0;
}

int revoke_key(storage::KeyStore& store, const Clock& clock, Output& out, std::string_view id,
               bool dry_run) {
  storage::KeyRow key = find_key(store, id, "revoke");
  const bool before = key.revoked_at.has_value();
  if (!before && !dry_run) {
    store.revoke(id, clock.now());
    key = find_key(store, id, "revoke");
  }
  if (before) {
    out.note(fmt::format("Key {} ({}) was revoked already, at {}.", key.id, key.name,
                         format_rfc3339(*key.revoked_at)));
  } else if (dry_run) {
    out.note(fmt::format("Would revoke key {} ({}).", key.id, key.name));
  } else {
    out.note(fmt::format("Key {} ({}) is revoked; running daemons refuse it within a second.",
                         key.id, key.name));
  }
  if (!out.json()) return 0;
  std::vector<Field> fields = {{"id", key.id},
                               {"name", key.name},
                               {"state", key_state(key, clock.now())},
                               {"revoked_at", key.revoked_at},
                               {"already_revoked", before}};
  if (dry_run) fields.emplace_back("dry_run", true);
  out.object(fields);
  return 0;
}

int verify_key(storage::KeyStore& store, const Clock& clock, Output& out,
               const config::Config& config, std::string_view key, auth::Scopes scopes) {
  // Asked of the same code that a daemon asks, so that the answer is the daemon's.
  auth::Authenticator authenticator(store, config, clock);
  authenticator.refresh();
  const auth::Answer answer = authenticator.check(key);
  const std::string hash = auth::hash_key(key);
  storage::KeyRow row;
  for (storage::KeyRow& known : store.list()) {
    if (known.secret_hash == hash) row = std::move(known);
  }
  if (answer.verdict != auth::Verdict::ok) {
    if (row.revoked_at) {
      throw Error(ErrorCode::unauthorized, fmt::format("key {} ({}) was revoked at {}", row.id,
                                                       row.name, format_rfc3339(*row.revoked_at)));
    }
    if (!row.id.empty()) {
      throw Error(ErrorCode::unauthorized, fmt::format("key {} ({}) ended at {}", row.id, row.name,
                                                       format_rfc3339(*row.expires_at)));
    }
    const bool ours = key.starts_with("lgc_");
    throw Error(ErrorCode::unauthorized, "the store does not know this key",
                ours && !auth::key_id(key) ? "its check sum is wrong: it was cut or mistyped" : "");
  }
  const auth::Principal& principal = *answer.principal;
  for (const auth::Scope scope : {auth::Scope::ingest, auth::Scope::read, auth::Scope::admin}) {
    if (!scopes.has(scope) || principal.scopes.has(scope)) continue;
    throw Error(
        ErrorCode::forbidden,
        fmt::format("key '{}' lacks the scope '{}'", principal.key_id, auth::scope_name(scope)),
        fmt::format("it has: {}", auth::format_scopes(principal.scopes)));
  }
  out.object({{"id", principal.key_id},
              {"name", principal.name},
              {"state", row.id.empty() ? "static" : key_state(row, clock.now())},
              {"scopes", auth::format_scopes(principal.scopes)},
              {"tenant", principal.tenant},
              {"only", only_value(out, row)},
              {"expires_at", row.expires_at},
              {"replaced_by", text_or_nothing(row.replaced_by)}});
  return 0;
}

int limit_key(storage::KeyStore& store, Output& out, const config::RateLimit& defaults,
              std::string_view id, const TypedLimits& typed, bool dry_run) {
  storage::KeyRow key = find_key(store, id, "limits");
  if (key.revoked_at && !typed.empty()) {
    throw Error(
        ErrorCode::conflict,
        fmt::format("key {} ({}) is revoked: limits would hold for nobody", key.id, key.name));
  }
  static_cast<storage::KeyLimits&>(key) = check_limits(typed, key);
  if (!typed.empty() && !dry_run) {
    if (!store.set_limits(id, key)) (void)find_key(store, id, "limits");
    out.note(
        fmt::format("Key {} ({}) has new limits; running daemons keep to them within a second.",
                    key.id, key.name));
  }
  std::vector<Field> fields = {{"id", key.id}, {"name", key.name}};
  const std::vector<Field> limits = limit_fields(out, key, defaults);
  fields.insert(fields.end(), limits.begin(), limits.end());
  out.object(fields);
  return 0;
}

int prune_keys(storage::KeyStore& store, const Clock& clock, Output& out,
               std::string_view older_than, bool dry_run) {
  const Timestamp now = clock.now();
  const Timestamp limit = now - check_duration("older-than", older_than);
  std::vector<std::string> ids;
  out.begin_table({"id", "state", "ended_at", "name"});
  for (const storage::KeyRow& key : oldest_first(store)) {
    const std::optional<Timestamp> end = ended_at(key, now);
    if (!end || *end > limit) continue;
    ids.push_back(key.id);
    out.add_row({key.id, key_state(key, now), time_value(out, end), key.name});
  }
  const std::size_t removed = dry_run ? ids.size() : store.remove(ids);
  out.end_table();
  out.note(fmt::format("{} {} that ended more than {} ago.", dry_run ? "Would forget" : "Forgot",
                       counted(removed, "key"), older_than));
  return 0;
}

}  // namespace logctl::cli
