// What every backend offers. One conformance list (tests/conformance) holds all of them to these
// promises.
//
// Threads: every method may be called from any thread, except where it says otherwise. Errors:
// Error with `unavailable` when the store cannot be reached (retrying may help), `storage` when it
// refuses, `locked` when another process is in the way. A method that throws has changed nothing,
// unless it says otherwise.
#pragma once

#include "shared/base/clock.h"
#include "shared/query/query.h"
#include "shared/record/record.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::storage {

// A record that the store will never take: its position in the call, and the store's own words.
using Refusal = std::pair<std::size_t, std::string>;

struct AppendResult {
  std::vector<Outcome> outcomes;  // one per record, in order
  std::vector<Refusal> refusals;  // by position
  // Set when some outcomes are `failed`: why, and whether trying those again may help.
  std::string failure;
  bool counted = false;  // Origin::counts are in the books
};

// An entry of the books: so many records of `tenant` were or became `what` (names: books.h).
struct Count {
  std::string_view tenant;
  std::string_view what;
  std::uint64_t count = 0;
};

// In whose name records are appended, and what is committed in the same transaction as their rows.
struct Origin {
  struct Move {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
  };
  std::string_view source;             // a spool, a daemon, an import
  std::span<const Count> counts = {};  // besides what the records themselves add
  std::optional<Move> move = {};       // of the source's position
  // With a move: called before each attempt to commit that refuses records; when it throws, nothing
  // is committed and append throws the same.
  std::function<void(std::span<const Refusal>)> before_commit = {};
};

// A sum of the books. Per source and tenant: received = stored + duplicate + all rejected:*. Per
// tenant: rows = stored - all deleted:*.
struct Account {
  std::string source;
  std::string tenant;
  std::string what;
  std::uint64_t count = 0;
  bool operator==(const Account&) const = default;
};

// What a record is told from its repeats by; without a time: by its id alone, for a while.
struct Identity {
  std::string tenant;
  std::string event_id;
  std::optional<Timestamp> time;
};

// As they were at one moment (on SQLite: one for each day).
struct Balances {
  std::vector<Account> accounts;  // all sums, by source, tenant and name
  // By source: where it has got to by moves. SQLite keeps none.
  std::map<std::string, std::uint64_t> positions;
};

// With the rows of that moment.
struct Audit : Balances {
  std::map<std::string, std::uint64_t> rows;  // by tenant, counted
};

struct Page {
  Batch batch;                        // records in the asked order; owns their text
  std::optional<query::Cursor> next;  // set when more rows follow in keyset order
};

struct EventTypeCount {
  std::string event_type;
  std::uint64_t count = 0;
};

// Change66's statistics of what a view shows.
struct Statistics {
  std::uint64_t total_logs = 0;
  std::uint64_t logs_last_hour = 0;
  std::uint64_t logs_last_day = 0;
  std::uint64_t active_sessions = 0;            // distinct session ids of the last 30 minutes
  std::vector<EventTypeCount> top_event_types;  // of the last 24 hours, at most ten
};

// Connections of a store that is reached over the network.
struct PoolUse {
  std::size_t in_use = 0;
  std::size_t idle = 0;
};

// What an administrator should know about a store, and what to do when it is not well.
struct Symptom {
  enum class Grade { ok, warning, failed };
  std::string check;  // one word
  Grade grade = Grade::ok;
  std::string detail;
  std::string advice = {};
};

class LogStore {
 public:
  virtual ~LogStore() = default;

  // Stores the records durably: when it returns, everything marked stored or duplicate survives a
  // power cut. A record whose (timestamp, event_id, tenant) is present, or that is dedup_by_id with
  // its id seen in the window, is a duplicate; of equal records in one call the first is stored. A
  // record that the store refuses is `rejected` and costs no other. Records of different days may
  // commit separately: those that could not be committed are `failed`. Lost connections and
  // conflicts are retried inside for a bounded time.
  //
  // Every transaction adds its records that did not fail to the books of the source; one of them
  // adds origin.counts as well. With origin.move there is one transaction: it takes the source's
  // position from `from` to `to`, or throws and changes nothing: Error{conflict} when the position
  // is another one. When a commit's outcome could not be found out in time, the message says so and
  // the position tells later. `records` may be empty. PostgreSQL only: else Error{internal}.
  virtual AppendResult append(std::span<const LogRecord* const> records, const Origin& origin) = 0;

  // Adds to the books of `source` without records.
  virtual void count(std::string_view source, std::span<const Count> counts) = 0;
  virtual Balances balances() = 0;
  std::vector<Account> accounts() { return balances().accounts; }
  // Reads everything: for proving that nothing is lost. `at_cut` is called with books and positions
  // soon after the moment that the audit shows, long before the rows are counted.
  using AtCut = std::function<void(const Audit&)>;
  virtual Audit audit(const AtCut& at_cut) = 0;
  // Where `source` has got to by moves; 0 when it never moved.
  virtual std::uint64_t position(std::string_view source) = 0;

  // A page in keyset order that reaches kMostPageBytes (page_limit.h) ends there, with `next` set;
  // one by offset or in another order throws Error{validation_error}.
  virtual Page search(const query::Query& query) = 0;
  virtual std::uint64_t count(const query::Query& query) = 0;
  // Nothing as well when the record is outside of the view.
  virtual std::optional<Page> find(const query::View& view, const RecordKey& key) = 0;
  // Which of these are stored already, one answer for each. False says nothing: append has the last
  // word. Only asked where records are acknowledged before they are stored.
  virtual std::vector<bool> knows(std::span<const Identity> records) {
    return std::vector<bool>(records.size(), false);
  }
  virtual Statistics statistics(const query::View& view, Timestamp now) = 0;
  // All rows of all tenants, as the store counts them; Error{timeout} when that takes too long.
  virtual std::uint64_t total_rows() = 0;

  // Regular upkeep (partitions made ahead, old ids forgotten). Called by one housekeeper thread.
  virtual void maintain(Timestamp now) = 0;
  // Cheap: can the store be reached just now? Throws Error{unavailable} if not.
  virtual void ping() = 0;
  // Version, clock, partitions, indexes, ...: whatever can be wrong with this kind of store. Reads
  // little.
  virtual std::vector<Symptom> examine(Timestamp /*now*/) { return {}; }
  virtual PoolUse pool_use() { return {}; }
  // How many appends can make progress at once.
  virtual std::size_t parallel_appends() const { return 1; }
};

// What a key may use: so much a second, and so much at once after a rest.
struct KeyLimits {
  std::optional<double> rps;  // requests; nothing: the configured default, 0: no limit
  std::optional<std::uint32_t> burst;
  std::optional<double> records_rate;  // of records taken in; nothing or 0: no limit
  std::optional<std::uint64_t> records_burst;
  std::optional<double> bytes_rate;  // of request bodies as sent; nothing or 0: no limit
  std::optional<std::uint64_t> bytes_burst;
  bool operator==(const KeyLimits&) const = default;
};

struct KeyRow : KeyLimits {
  std::string id;           // public, 8 characters
  std::string secret_hash;  // SHA-256 of the whole key, hex
  std::string name;
  std::string scopes;  // comma list: ingest,read,admin
  std::string tenant = "default";
  std::string only;         // the rows it may read (query/row_filter.h); empty: all of its tenant
  std::string replaced_by;  // the id of the key that takes its place; empty: none
  Timestamp created_at{};
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> revoked_at;
  std::optional<Timestamp> last_used_at;
  std::uint64_t use_count = 0;
};

struct KeyUse {
  std::string id;
  std::uint64_t count = 0;  // uses since the last report
  Timestamp last{};
};

class KeyStore {
 public:
  virtual ~KeyStore() = default;
  // Throws Error{conflict} when the id exists.
  virtual void insert(const KeyRow& key) = 0;
  virtual std::vector<KeyRow> list() = 0;
  // False when there is no such key; revoking twice keeps the first time.
  virtual bool revoke(std::string_view id, Timestamp when) = 0;
  // Ends a key at `ends`, or when it ends anyway if that is sooner, because `replaced_by` takes its
  // place. False when there is no such key.
  virtual bool retire(std::string_view id, Timestamp ends, std::string_view replaced_by) = 0;
  // Sets all limits of a key. False when there is no such key.
  virtual bool set_limits(std::string_view id, const KeyLimits& limits) = 0;
  // Forgets keys and says how many of them there were.
  virtual std::size_t remove(std::span<const std::string> ids) = 0;
  // Adds to the counters; unknown ids are ignored.
  virtual void record_use(std::span<const KeyUse> uses) = 0;
  // A value that changes whenever a key is added, changed or revoked (not when it is used). Cheap
  // to ask.
  virtual std::string version() = 0;
};

// A file as it was when it was last loaded from. Offsets and sizes of a stream are 0, and its head
// is its first line.
struct ImportFile {
  std::string name;  // absolute path, or - for standard input
  std::uint64_t size = 0;
  Timestamp modified_at{};
  std::uint64_t inode = 0;
  std::string head_sha256;  // of the first 64 KiB
  std::string tail_sha256;  // of the last 64 KiB
};

// Whole lines that are loaded, and what became of their records.
struct ImportRange {
  std::uint64_t begin = 0;  // offsets in the text, after decompression
  std::uint64_t end = 0;
  std::uint64_t lines = 0;
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
};

// What the store remembers about the load of one file, so that it can go on where it stopped. It
// only saves work: a range that is loaded again adds nothing.
struct Import {
  std::string id;
  std::string tenant;
  ImportFile file;
  std::vector<ImportRange> ranges;  // in order, apart from each other
  Timestamp started_at{};
  Timestamp updated_at{};
  std::optional<Timestamp> finished_at;
  std::string tool_version;
};

class ImportStore {
 public:
  virtual ~ImportStore() = default;
  // Every import of the file for this tenant, the one that was saved last first.
  virtual std::vector<Import> find(std::string_view tenant, std::string_view file) = 0;
  // Adds it, or replaces the one with the same tenant, file name and id.
  virtual void save(const Import& import) = 0;
};

}  // namespace logctl::storage
