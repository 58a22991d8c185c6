// The migration runner's view of a store: its ledger, the journal of a step that is half done, what
// the schema consists of, and the lock under which it is changed. One conformance list
// (tests/conformance/schema_test.cpp) holds every backend to it.
//
// Threads: one at a time. Errors as in store.h; a method that throws has changed nothing, except
// Lock::execute, which runs outside a transaction.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/storage/lock_holder.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

// One step of the schema's history, as recorded in the store.
struct LedgerRow {
  std::int64_t version = 0;
  std::string name;
  // Empty when the step is known to be applied, but not with which text: day files made before
  // they had a ledger.
  std::string sha256;
  Timestamp applied_at{};
  microseconds took{};
  std::string tool_version;
};

enum class Direction { up, down };

// A step outside a transaction that was begun and has not ended. Statement `done` (from 0) may have
// run as well: it had begun.
struct JournalRow {
  std::int64_t version = 0;
  std::string name;
  Direction direction = Direction::up;
  std::string sha256;  // of the text that is being run
  std::size_t done = 0;
  std::size_t statements = 0;
  Timestamp started_at{};
  std::string holder;   // who began it: describe(LockHolder)
  std::string failure;  // the store's words, when it ended by an error
};

// Something that a schema consists of, apart from the ledger itself and the partitions that the
// program makes: equal when kind, name and definition are.
struct SchemaObject {
  std::string kind;  // table, column, index, constraint, function, trigger, view
  std::string name;  // of a column, constraint or trigger with its table: logs.event_id
  std::string definition;
  auto operator<=>(const SchemaObject&) const = default;
};

// The error for an optional part that a store does not have.
Error no_such_feature(const std::string& name);

class SchemaStore {
 public:
  virtual ~SchemaStore() = default;
  // The migration set that belongs to it: "postgres", "postgres-message-db", "sqlite" or
  // "sqlite-day".
  virtual std::string_view migration_set() const = 0;
  // Rows in version order; empty when the ledger does not exist yet.
  virtual std::vector<LedgerRow> ledger() = 0;
  virtual std::optional<JournalRow> journal() = 0;
  // Sorted.
  virtual std::vector<SchemaObject> objects() = 0;
  // The objects that the definitions in these texts, run one after the other, make in an empty
  // place. Leaves nothing behind.
  virtual std::vector<SchemaObject> objects_of(std::span<const std::string_view> texts) = 0;
  // Rows of a table, counted up to `most`; nothing when there is no such table.
  virtual std::optional<std::uint64_t> rows_of(std::string_view table, std::uint64_t most) = 0;
  // Who holds the migration lock at this moment.
  virtual std::optional<LockHolder> lock_holder() = 0;

  // Parts with a schema of their own, oldest first: the day files of SQLite. A name is good for
  // part() as long as nobody removes the part; then Error{not_found}.
  virtual std::vector<std::string> parts() { return {}; }
  virtual std::unique_ptr<SchemaStore> part(const std::string& name);

  // Optional parts of the schema by name, each with a set of steps and a ledger of its own, which
  // is empty until somebody asks for it. feature() throws Error{usage} for a name that is none.
  virtual std::vector<std::string> features() { return {}; }
  virtual std::unique_ptr<SchemaStore> feature(const std::string& name);

  // Holds the migration lock until destroyed. Waits for another holder up to `wait`, then throws
  // Error{locked} that names the holder. No step waits longer than `wait` for a table that somebody
  // else uses.
  class Lock {
   public:
    virtual ~Lock() = default;
    // Runs `sql` and writes the ledger row in one transaction. The store measures `row.took`.
    virtual void apply(std::string_view sql, const LedgerRow& row) = 0;
    // Runs `sql` and removes the ledger row in one transaction.
    virtual void revert(std::string_view sql, std::int64_t version, std::string_view name) = 0;
    // For steps outside a transaction. Runs one statement by itself; what a failed attempt at the
    // same statement left behind is removed before.
    virtual void execute(std::string_view statement) = 0;
    // Replaces the journal by this row.
    virtual void begin(const JournalRow& row) = 0;
    // Empties the journal and writes the ledger row, or removes that of `version`, in one
    // transaction.
    virtual void end(std::int64_t version, const std::optional<LedgerRow>& row) = 0;
    // Puts rows into the ledger, in place of those with the same version, in one transaction.
    virtual void record(std::span<const LedgerRow> rows) = 0;
  };
  virtual std::unique_ptr<Lock> lock(microseconds wait) = 0;
};

}  // namespace logctl::storage
