#include "shared/auth/authenticator.h"

#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/query/row_filter.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace logctl::auth {
namespace {

// A newer program may have stored scopes that this one does not know; the known ones still count.
Scopes known_scopes(std::string_view text) {
  Scopes scopes;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (const auto scope = parse_scopes(text.substr(0, comma))) scopes = scopes | *scope;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return scopes;
}

// A rule that this program cannot read hides every row.
void bind_rows(Principal& principal, std::string_view rules) {
  try {
    principal.only = query::parse_row_filter(rules);
  } catch (const Error&) {
    principal.scopes = principal.scopes.without(Scope::read).without(Scope::admin);
  }
}

Allowance allowance(std::optional<double> rate, std::optional<std::uint64_t> burst) {
  if (!rate) return {};
  return {*rate, burst.value_or(burst_for(*rate))};
}

std::shared_ptr<const Principal> principal_of(const storage::KeyRow& row, double default_rps,
                                              std::uint32_t default_burst) {
  auto principal = std::make_shared<Principal>();
  principal->key_id = row.id;
  principal->name = row.name;
  principal->tenant = row.tenant;
  principal->scopes = known_scopes(row.scopes);
  bind_rows(*principal, row.only);
  principal->rps = row.rps.value_or(default_rps);
  principal->burst = row.burst.value_or(default_burst);
  principal->records = allowance(row.records_rate, row.records_burst);
  principal->bytes = allowance(row.bytes_rate, row.bytes_burst);
  principal->expires_at = row.expires_at;
  return principal;
}

// Of the right length and equal to no hash: an unknown id costs the same comparison as a known one.
constexpr std::string_view kNoHash =
    "----------------------------------------------------------------";

}  // namespace

std::uint64_t burst_for(double rate) {
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(2 * rate)));
}

// Shared by all snapshots that hold the key, so that no use is lost when they are replaced.
struct Authenticator::Usage {
  std::atomic<std::uint64_t> count = 0;
  std::atomic<std::int64_t> last = 0;  // microseconds

  void add(std::uint64_t uses, std::int64_t when) {
    std::int64_t seen = last.load(std::memory_order_relaxed);
    while (seen < when && !last.compare_exchange_weak(seen, when, std::memory_order_relaxed)) {
    }
    count.fetch_add(uses, std::memory_order_relaxed);
  }
};

struct Authenticator::Entry {
  std::string hash;
  bool revoked = false;
  std::shared_ptr<const Principal> principal;
  std::shared_ptr<Usage> usage;
};

struct Authenticator::Snapshot {
  std::unordered_map<std::string, Entry> keys;                                // by public id
  std::unordered_map<std::string_view, const Entry*> by_hash;                 // into `keys`
  std::unordered_map<std::string, std::shared_ptr<const Principal>> statics;  // by hash
};

Authenticator::Authenticator(storage::KeyStore& store, const config::Config& config,
                             const Clock& clock)
    : store_(store), clock_(clock), snapshot_(std::make_shared<Snapshot>()) {
  configure(config);
}

Authenticator::~Authenticator() = default;

Answer Authenticator::check(std::string_view token) {
  if (token.empty()) return {Verdict::missing, nullptr};
  const std::shared_ptr<const Snapshot> keys = snapshot();
  const std::string hash = hash_key(token);
  // A look-up by hash tells a listening clock only about hashes, which cannot be chosen.
  if (const auto found = keys->statics.find(hash); found != keys->statics.end()) {
    return {Verdict::ok, found->second};
  }
  const std::optional<std::string_view> id = key_id(token);
  const auto found = id ? keys->keys.find(std::string(*id)) : keys->keys.end();
  const bool known = found != keys->keys.end();
  const bool equal = equal_constant_time(hash, known ? found->second.hash : kNoHash);
  if (known && equal) return admit(found->second);
  if (known) return {Verdict::unknown, nullptr};
  // Imported: of another form, or only its hash was known.
  const auto imported = keys->by_hash.find(hash);
  if (imported != keys->by_hash.end()) return admit(*imported->second);
  // One of another form costs no look-up in the store: what is imported now is known here in a
  // moment.
  return {id ? Verdict::not_in_snapshot : Verdict::unknown, nullptr};
}

// The right key was sent: whether it is still one.
Answer Authenticator::admit(const Entry& entry) const {
  if (entry.revoked) return {Verdict::unknown, nullptr};
  const Timestamp now = clock_.now();
  if (entry.principal->expires_at && now >= *entry.principal->expires_at) {
    return {Verdict::expired, nullptr};
  }
  entry.usage->add(1, to_micros(now));
  return {Verdict::ok, entry.principal};
}

void Authenticator::refresh() {
  // Callers that arrive while a refresh runs wait for the next one and share it: a flood of made-up
  // keys costs the store one question after the other, not one each.
  const std::uint64_t seen = begun_.load();
  const Lock one_at_a_time(refresh_mutex_);
  if (finished_ > seen) return;
  const std::uint64_t number = ++begun_;
  // The version is read before the rows: a key added in between is found again by the next call.
  std::string version = store_.version();
  bool changed = false;
  {
    const Lock lock(mutex_);
    changed = !loaded_ || version != version_;
  }
  if (changed) {
    std::vector<storage::KeyRow> rows = store_.list();
    const Lock lock(mutex_);
    rows_ = std::move(rows);
    version_ = std::move(version);
    loaded_ = true;
    rebuild();
  }
  finished_ = number;
}

void Authenticator::flush_use() {
  std::vector<storage::KeyUse> uses;
  const std::shared_ptr<const Snapshot> keys = snapshot();
  for (const auto& [id, entry] : keys->keys) {
    const std::uint64_t count = entry.usage->count.exchange(0, std::memory_order_relaxed);
    if (count == 0) continue;
    uses.push_back({id, count, from_micros(entry.usage->last.load(std::memory_order_relaxed))});
  }
  if (uses.empty()) return;
  try {
    store_.record_use(uses);
  } catch (...) {
    for (const storage::KeyUse& use : uses) {
      keys->keys.at(use.id).usage->add(use.count, to_micros(use.last));
    }
    throw;
  }
}

Census Authenticator::census(Timestamp now, microseconds notice) const {
  const std::shared_ptr<const Snapshot> keys = snapshot();
  Census census;
  for (const auto& [id, entry] : keys->keys) {
    const std::optional<Timestamp> ends = entry.principal->expires_at;
    if (entry.revoked) {
      ++census.revoked;
    } else if (ends && *ends <= now) {
      ++census.expired;
    } else {
      ++(ends && *ends - now <= notice ? census.ending : census.active);
      if (ends) census.next_end = std::min(census.next_end.value_or(*ends), *ends);
    }
  }
  return census;
}

void Authenticator::configure(const config::Config& config) {
  std::vector<std::string> hashes;
  hashes.reserve(config.auth.api_keys.size());
  for (const std::string& key : config.auth.api_keys) hashes.push_back(hash_key(key));
  const Lock lock(mutex_);
  static_hashes_ = std::move(hashes);
  default_rps_ = config.ratelimit.default_rps;
  default_burst_ = config.ratelimit.burst;
  rebuild();
}

std::shared_ptr<const Authenticator::Snapshot> Authenticator::snapshot() const {
  const Lock lock(mutex_);
  return snapshot_;
}

void Authenticator::rebuild() {
  auto next = std::make_shared<Snapshot>();
  for (const storage::KeyRow& row : rows_) {
    // Revoked keys stay in: they are known, so nobody asks the store about them again.
    const auto before = snapshot_->keys.find(row.id);
    Entry entry{row.secret_hash, row.revoked_at.has_value(),
                principal_of(row, default_rps_, default_burst_),
                before != snapshot_->keys.end() ? before->second.usage : std::make_shared<Usage>()};
    const auto [added, is_new] = next->keys.emplace(row.id, std::move(entry));
    if (is_new) next->by_hash.emplace(added->second.hash, &added->second);
  }
  for (std::size_t i = 0; i < static_hashes_.size(); ++i) {
    auto principal = std::make_shared<Principal>();
    principal->key_id = "static-" + std::to_string(i + 1);
    principal->name = principal->key_id;
    principal->tenant = "default";
    principal->scopes = Scope::ingest | Scope::read;
    principal->rps = default_rps_;
    principal->burst = default_burst_;
    next->statics.emplace(static_hashes_[i], std::move(principal));
  }
  snapshot_ = std::move(next);
}

}  // namespace logctl::auth
