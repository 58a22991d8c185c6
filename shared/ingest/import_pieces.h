// The way of an import's pieces: read in order, parsed and appended by several threads, collected
// in order.
//
// At most so many pieces are between reading and collecting, which bounds the memory whatever is
// slow. A piece that failed carries its error to the collector.
#pragma once

#include "shared/base/mutex.h"
#include "shared/ingest/import_plan.h"
#include "shared/ingest/line_reader.h"
#include "shared/record/record.h"
#include "shared/storage/store.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <span>

namespace logctl::ingest {

struct Piece {
  std::uint64_t number = 0;  // in the order of reading
  std::size_t file = 0;      // index of its plan
  LinePiece lines;           // its text goes into the batch once it is parsed
  Batch batch;
  storage::AppendResult result;
  bool end_of_file = false;  // holds nothing, comes behind all others of the file
  std::exception_ptr error;  // why it is not read, parsed or appended
};

// The line pieces of several files, one file after the other. Thread-safe.
class PieceSource {
 public:
  // `plans` must outlive it.
  PieceSource(std::span<const ImportPlan> plans, const LineReader::Limits& limits)
      : plans_(plans), limits_(limits) {}

  // Reads the next one; false at the end, and behind a piece with an error.
  bool next(Piece& piece);
  // Lets a thread that waits for a silent pipe come back soon.
  void cancel() { cancelled_ = true; }

 private:
  void open() REQUIRES_LOCK(mutex_);
  bool next_range() REQUIRES_LOCK(mutex_);

  const std::span<const ImportPlan> plans_;
  const LineReader::Limits limits_;
  std::atomic<bool> cancelled_ = false;
  Mutex mutex_;
  std::optional<LineReader> reader_ GUARDED_BY(mutex_);
  std::size_t file_ GUARDED_BY(mutex_) = 0;
  std::size_t range_ GUARDED_BY(mutex_) = 0;  // of the plan's finished ones, the next to skip
  std::uint64_t next_number_ GUARDED_BY(mutex_) = 0;
};

// Hands pieces from the parsers to the appenders to the collector. Thread-safe.
class Belt {
 public:
  Belt(std::size_t most, std::size_t parsers) : most_(most), parsers_(parsers) {}

  // A parser: waits for room for one more piece; false when it should end.
  bool enter();
  void parsed(std::unique_ptr<Piece> piece);
  // A parser ends; `entered`: with room that it did not use.
  void parser_ends(bool entered);
  // An appender: the next piece, null when it should end.
  std::unique_ptr<Piece> next_to_append();
  void appended(std::unique_ptr<Piece> piece);
  // The collector: the next piece in order, null at the end.
  std::unique_ptr<Piece> collect();
  // Nothing more is parsed or appended from now on.
  void stop();
  // After stop() and the end of all other threads: what they had still done, in order.
  std::unique_ptr<Piece> collect_rest();

 private:
  const std::size_t most_;
  Mutex mutex_;
  Condition changed_;
  std::size_t parsers_ GUARDED_BY(mutex_);
  std::size_t inside_ GUARDED_BY(mutex_) = 0;
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::deque<std::unique_ptr<Piece>> parsed_ GUARDED_BY(mutex_);
  std::map<std::uint64_t, std::unique_ptr<Piece>> appended_ GUARDED_BY(mutex_);
  std::uint64_t next_ GUARDED_BY(mutex_) = 0;
};

}  // namespace logctl::ingest
