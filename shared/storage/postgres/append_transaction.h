// One transaction that stores records: deduplication, binary COPY, what to do when the server
// refuses rows, and with them the books and the source's position.
//
// Lives on one connection for one attempt; the caller retries with a new one. The outcomes in the
// rows hold only once `commit` has returned. Failures throw ServerError; the connection is then in
// an unknown state inside the transaction.
#pragma once

#include "shared/record/record.h"
#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/copy_encoder.h"
#include "shared/storage/store.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace logctl::storage::postgres {

struct Row {
  const LogRecord* record = nullptr;
  std::size_t position = 0;  // in the caller's batch
  Outcome outcome = Outcome::failed;
  std::string refusal;    // when rejected: the server's words
  Row* leader = nullptr;  // an equal row before it in the call; itself when there is none
  std::size_t group = 0;  // the transaction that it belongs to
};

// Order of the key: (timestamp, event_id, tenant). All writers go through the keys in this order,
// so that they cannot deadlock.
bool identity_less(const LogRecord& a, const LogRecord& b);

// The connection was lost while committing: the server knows what became of `transaction`.
struct CommitInDoubt {
  std::string transaction;
};

class AppendTransaction {
 public:
  AppendTransaction(Connection& connection, CopyEncoder& encoder);

  void begin();
  // Throws Error{conflict} when `source` is not at move.from.
  void move(std::string_view source, const Origin::Move& move);

  struct RecentIds {
    Timestamp now;
    Timestamp window_start;
  };
  // `rows` are in key order, without equal keys and without two dedup_by_id records of one id.
  // Marks records duplicate whose id was seen after the window's start, and copies what is left.
  // `staged`: expect duplicates, find them one by one.
  void store(std::span<Row* const> rows, const RecentIds& recent, bool staged);

  // Adds to the books of `source`, in the lane that belongs to this connection, runs `also` in the
  // same round trip (further statements, each with its semicolon) and commits. Throws
  // CommitInDoubt when the connection breaks here.
  void commit(std::string_view source, int lane, std::span<const Count> counts,
              const std::string& also);

  // The server's number of this transaction; empty before `begin`.
  const std::string& id() const { return id_; }
  bool met_duplicates() const { return met_duplicates_; }

 private:
  using Range = std::pair<std::size_t, std::size_t>;  // of todo_

  std::string savepoint();
  void rollback_to_savepoint();
  void filter_recent(std::span<Row* const> rows, const RecentIds& recent);
  void note_recent(std::span<Row* const> rows, const RecentIds& recent);
  void forget_rejected();
  void copy(Range range, const std::string& start, std::string_view what);
  void copy_direct(Range range);
  void copy_staged(Range range);
  void reject(Row& row, const ServerError& error);
  static void split(std::vector<Range>& pending, Range range, const ServerError& error);

  Connection& connection_;
  CopyEncoder& encoder_;
  std::vector<Row*> todo_;
  std::vector<Row*> noted_;  // of the rows being stored, those whose ids are new in recent_ids
  std::string id_;
  bool has_savepoint_ = false;
  bool met_duplicates_ = false;
};

}  // namespace logctl::storage::postgres
