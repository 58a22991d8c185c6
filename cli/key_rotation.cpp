#include "cli/key_rotation.h"

#include "cli/counted.h"
#include "cli/key_actions.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

using storage::KeyRow;

struct Plan {
  Timestamp now;
  Timestamp old_ends;                // of the old key, at the latest
  std::optional<Timestamp> expires;  // of the new one, when it was asked for
};

Plan make_plan(const RotateKeys& options, Timestamp now) {
  Plan plan;
  plan.now = now;
  plan.old_ends = std::chrono::ceil<seconds>(now + check_duration("overlap", options.overlap));
  if (options.overlap == "0" || plan.old_ends - now < seconds(1)) plan.old_ends = now;
  plan.expires = check_expires(options.expires, now);
  return plan;
}

// The same rights and limits, a life of its own.
KeyRow successor_of(const KeyRow& old, const Plan& plan) {
  KeyRow row;
  static_cast<storage::KeyLimits&>(row) = old;
  row.name = old.name;
  row.scopes = old.scopes;
  row.tenant = old.tenant;
  row.only = old.only;
  row.created_at = plan.now;
  row.expires_at = plan.expires;
  if (!plan.expires && old.expires_at) {
    row.expires_at = std::chrono::ceil<seconds>(plan.now + (*old.expires_at - old.created_at));
  }
  return row;
}

// What a newer program knows of scopes is kept in the row; the letter in the key is for people.
auth::Scopes letter_scopes(const KeyRow& row) {
  return auth::parse_scopes(row.scopes).value_or(auth::Scopes());
}

Timestamp end_of(const KeyRow& old, const Plan& plan) {
  return std::min(old.expires_at.value_or(plan.old_ends), plan.old_ends);
}

std::vector<Field> about_old(const KeyRow& old, const Plan& plan) {
  return {{"replaces", old.id}, {"old_expires_at", end_of(old, plan)}};
}

using Print = std::function<void(const auth::NewKey&, const KeyRow&)>;

void rotate(storage::KeyStore& store, const KeyRow& old, const Plan& plan, const Print& print) {
  KeyRow row = successor_of(old, plan);
  const auth::NewKey key = insert_new_key(store, letter_scopes(row), row);
  try {
    print(key, row);
  } catch (...) {
    store.revoke(key.id, plan.now);
    throw;
  }
  try {
    if (!store.retire(old.id, plan.old_ends, key.id)) {
      throw Error(ErrorCode::not_found, fmt::format("key {} is gone", old.id));
    }
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("key {} is made and works, but key {} was not given an end: {}", key.id,
                            old.id, error.message()),
                fmt::format("`logctl keys revoke {}` once nobody uses it", old.id));
  }
}

void check_alive(const KeyRow& key, Timestamp now) {
  if (!key_works(key, now)) {
    throw Error(ErrorCode::conflict,
                fmt::format("key {} ({}) is {}", key.id, key.name, key_state(key, now)),
                "`logctl keys create` makes a new one");
  }
  if (!key.replaced_by.empty()) {
    throw Error(ErrorCode::conflict,
                fmt::format("key {} ({}) was rotated already, key {} takes its place", key.id,
                            key.name, key.replaced_by),
                fmt::format("logctl keys rotate {}", key.replaced_by));
  }
}

int rotate_one(storage::KeyStore& store, Output& out, const RotateKeys& options, const Plan& plan) {
  const KeyRow old = find_key(store, options.id, "rotate");
  check_alive(old, plan.now);
  const std::string until = format_rfc3339(end_of(old, plan));
  if (options.dry_run) {
    out.note(fmt::format("Would make a key in the place of {} ({}), which would end at {}.", old.id,
                         old.name, until));
    preview_key(out, successor_of(old, plan), about_old(old, plan));
    return 0;
  }
  rotate(store, old, plan, [&](const auth::NewKey& key, const KeyRow& row) {
    print_secret(out, options.secret, key, row, about_old(old, plan));
  });
  out.note(fmt::format("Key {} ({}) works until {}.", old.id, old.name, until));
  return 0;
}

// Oldest first: those that work and whose place nobody takes yet.
std::vector<KeyRow> overdue(storage::KeyStore& store, microseconds age, Timestamp now) {
  std::vector<KeyRow> keys = store.list();
  std::erase_if(keys, [&](const KeyRow& key) {
    return !key_works(key, now) || !key.replaced_by.empty() || key.created_at > now - age;
  });
  std::sort(keys.begin(), keys.end(), [](const KeyRow& a, const KeyRow& b) {
    return std::tie(a.created_at, a.id) < std::tie(b.created_at, b.id);
  });
  return keys;
}

void check_format(const RotateKeys& options) {
  const bool one_each = options.secret.format == SecretFormat::env ||
                        options.secret.format == SecretFormat::systemd_credential;
  if (!one_each && options.secret.name.empty()) return;
  throw Error(ErrorCode::usage,
              one_each ? "-o env and -o systemd-credential hold one key, --all-older-than may give "
                         "several"
                       : "--secret-name is for one key, --all-older-than may give several",
              "use -o json, -o jsonl or -o k8s-secret");
}

// Each key is on its way to its reader before its predecessor is given an end.
void print_row(Output& out, const RotateKeys& options, const auth::NewKey& key, const KeyRow& row,
               const std::vector<Field>& more) {
  if (options.secret.format != SecretFormat::none) {
    print_secret(out, options.secret, key, row);
    return;
  }
  const std::vector<Field> fields = secret_fields(out, key, row, more);
  if (out.format() == OutputFormat::table) {
    // A table would come out at the end only.
    out.object(fields);
    out.raw("\n");
  } else {
    Row cells;
    for (const auto& [name, value] : fields) cells.push_back(value);
    out.add_row(std::move(cells));
  }
  out.flush();
}

int rotate_all(storage::KeyStore& store, Output& out, const RotateKeys& options, const Plan& plan) {
  check_format(options);
  const std::vector<KeyRow> keys =
      overdue(store, check_duration("all-older-than", options.all_older_than), plan.now);
  if (options.dry_run) {
    out.begin_table({"id", "created_at", "name"});
    for (const KeyRow& key : keys) out.add_row({key.id, key.created_at, key.name});
    out.end_table();
    out.note(fmt::format("Would rotate {}.", counted(keys.size(), "key")));
    return 0;
  }
  const bool rows =
      options.secret.format == SecretFormat::none && out.format() != OutputFormat::table;
  if (rows) {
    out.begin_table({"key", "id", "name", "scopes", "tenant", "only", "expires_at", "replaces",
                     "old_expires_at"},
                    {{"only", "tenant", "scopes", "old_expires_at", "expires_at", "name"}});
  }
  const auto finish = [&] {
    if (!rows) return;
    out.end_table();
    out.flush();
  };
  try {
    for (const KeyRow& old : keys) {
      rotate(store, old, plan, [&](const auth::NewKey& key, const KeyRow& row) {
        print_row(out, options, key, row, about_old(old, plan));
      });
    }
  } catch (const Error& error) {
    // What was printed before must be readable: those keys are in force.
    if (error.code() != ErrorCode::io) finish();
    throw;
  }
  finish();
  out.note(fmt::format("Rotated {} older than {}.", counted(keys.size(), "key"),
                       options.all_older_than));
  return 0;
}

}  // namespace

int rotate_keys(storage::KeyStore& store, const Clock& clock, Output& out,
                const RotateKeys& options) {
  if (options.id.empty() == options.all_older_than.empty()) {
    throw Error(ErrorCode::usage, "expected either the ID of a key or --all-older-than DURATION",
                "see `logctl keys rotate --help`");
  }
  const Plan plan = make_plan(options, clock.now());
  check_secret_name(options.secret);
  return options.id.empty() ? rotate_all(store, out, options, plan)
                            : rotate_one(store, out, options, plan);
}

}  // namespace logctl::cli
