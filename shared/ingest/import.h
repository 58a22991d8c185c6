// Loads NDJSON files straight into the store (or another target): plain, gzip or zstd by magic
// number, any size in bounded memory, resumable.
#pragma once

#include "shared/base/clock.h"
#include "shared/ingest/import_plan.h"
#include "shared/ingest/import_target.h"
#include "shared/ingest/rules.h"
#include "shared/record/record.h"
#include "shared/storage/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace logctl::ingest {

struct ImportTotals {
  std::uint64_t lines = 0;  // records seen: stored + duplicates + rejected
  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
  std::uint64_t bytes = 0;       // of JSON text, after decompression
  std::uint64_t read_bytes = 0;  // of the files, as they lie there, with what was skipped
};

struct ImportOptions {
  std::size_t jobs = 1;  // threads that parse, and that append as far as the target can use them
  std::uint64_t chunk_bytes = 8 * 1024 * 1024;  // parsed and appended as one piece
  std::size_t batch_rows = 20'000;              // at most, of a piece
  std::optional<std::uint64_t> max_rejects;     // more of them end the import
  // All are called by the caller's thread. After each piece, with the totals of this run:
  std::function<void(const ImportTotals&)> progress;
  // For each rejected line, in order; lines count from 1.
  std::function<void(const ImportPlan&, std::uint64_t line, const Rejection&)> rejected;
  // When all of a file is done, with its own totals.
  std::function<void(const ImportPlan&, const ImportTotals&)> file_done;
};

// Loads what the plans, none of which is finished, leave to do, and keeps them up to date in
// `ledger` (null: nowhere). Throws Error when a file cannot be read or is damaged, or the target
// fails: what was counted as stored until then is durable, and the message says how much it was.
// `rules`: as for HTTP except that the batch limit does not apply; must hold while it runs.
ImportTotals import_files(std::span<ImportPlan> plans, ImportTarget& target,
                          storage::ImportStore* ledger, const std::shared_ptr<const Rules>& rules,
                          const Clock& clock, const ImportOptions& options);

}  // namespace logctl::ingest
