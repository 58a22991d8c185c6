// The end of an import's belt: counts what became of the pieces, writes the rejected lines, keeps
// the ledger.
//
// One thread. The ledger is brought up to date some times a second and when a file is done: it may
// lag behind what is stored, never run ahead.
#pragma once

#include "shared/ingest/import.h"
#include "shared/ingest/import_pieces.h"
#include "shared/ingest/rejects_file.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>

namespace logctl::ingest {

class ImportCollector {
 public:
  // All must outlive it; `ledger` may be null.
  ImportCollector(std::span<ImportPlan> plans, storage::ImportStore* ledger, const Clock& clock,
                  const ImportOptions& options);

  // Throws the error that the piece brings, or what its records met, after everything of it that
  // can be counted was.
  void take(Piece& piece);
  // Saves what is known of the file in work: at its end, and whatever ended the import.
  void leave_file();
  const ImportTotals& totals() const { return totals_; }
  // Of the piece that was taken last.
  const ImportPlan& plan() const { return plans_[file_]; }

 private:
  void count(Piece& piece);
  void write_rejects(const Piece& piece);
  void reject(std::uint64_t line, const Rejection& rejection, std::string_view raw, bool truncated);
  void record(const Piece& piece, const ImportTotals& before);
  void end_file();
  void save();

  const std::span<ImportPlan> plans_;
  storage::ImportStore* const ledger_;
  const Clock& clock_;
  const ImportOptions& options_;
  std::size_t file_ = 0;
  std::optional<RejectsFile> rejects_;  // of the file in work
  ImportTotals totals_;
  ImportTotals file_totals_;
  std::uint64_t read_before_ = 0;  // of the files that are done
  std::chrono::steady_clock::time_point saved_at_;
  bool unsaved_ = false;
};

}  // namespace logctl::ingest
