#include "shared/ingest/import_collector.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::ingest {
namespace {

constexpr std::chrono::milliseconds kSaveInterval(200);

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace

ImportCollector::ImportCollector(std::span<ImportPlan> plans, storage::ImportStore* ledger,
                                 const Clock& clock, const ImportOptions& options)
    : plans_(plans),
      ledger_(ledger),
      clock_(clock),
      options_(options),
      saved_at_(std::chrono::steady_clock::now()) {}

void ImportCollector::take(Piece& piece) {
  if (piece.file != file_) leave_file();
  file_ = piece.file;
  if (piece.error) std::rethrow_exception(piece.error);
  if (piece.end_of_file) return end_file();
  ImportPlan& plan = plans_[file_];
  if (!rejects_ && !plan.rejects.empty()) {
    rejects_.emplace(plan.rejects, plan.path.string(), plan.append_rejects);
  }
  if (plan.stream && piece.lines.begin == 0 && plan.recorded && !piece.lines.overlong) {
    plan.import.file.head_sha256 =
        sha256_hex(first_line(*piece.batch.body).substr(0, LineReader::kFirstLine));
  }
  const ImportTotals before = file_totals_;
  count(piece);
  write_rejects(piece);
  if (rejects_) rejects_->flush();
  totals_.read_bytes = read_before_ + piece.lines.read_bytes;
  file_totals_.read_bytes = piece.lines.read_bytes;
  if (std::ranges::count(piece.result.outcomes, Outcome::failed) > 0) {
    throw Error(ErrorCode::unavailable,
                piece.result.failure.empty() ? "the store gave no reason" : piece.result.failure);
  }
  record(piece, before);
  if (options_.max_rejects && totals_.rejected > *options_.max_rejects) {
    throw Error(ErrorCode::invalid_request,
                fmt::format("{} records were rejected, more than the {} of --max-rejects",
                            totals_.rejected, *options_.max_rejects),
                plan.rejects.empty() ? "" : fmt::format("see '{}'", plan.rejects.string()));
  }
}

void ImportCollector::count(Piece& piece) {
  // Refusals of the store join the parser's rejections.
  for (const auto& [position, text] : piece.result.refusals) {
    piece.batch.rejections.push_back(
        {piece.batch.records.at(position).index, "", Reason::refused_by_store, text});
  }
  std::ranges::stable_sort(piece.batch.rejections, {}, &Rejection::index);
  const auto outcomes = [&piece](Outcome outcome) {
    return static_cast<std::uint64_t>(std::ranges::count(piece.result.outcomes, outcome));
  };
  const std::uint64_t stored = outcomes(Outcome::stored);
  const std::uint64_t duplicates = outcomes(Outcome::duplicate);
  const std::uint64_t rejected = piece.batch.rejections.size();
  for (ImportTotals* totals : {&totals_, &file_totals_}) {
    totals->stored += stored;
    totals->duplicates += duplicates;
    totals->rejected += rejected;
    totals->lines += stored + duplicates + rejected;
    totals->bytes += piece.lines.bytes;
  }
}

void ImportCollector::write_rejects(const Piece& piece) {
  if (piece.lines.overlong) {
    return reject(piece.lines.first_line + 1, piece.batch.rejections.at(0),
                  piece.lines.overlong->start, true);
  }
  std::string_view text = *piece.batch.body;
  std::uint32_t line = 0;  // the one that `text` starts with
  for (const Rejection& rejection : piece.batch.rejections) {
    for (; line < rejection.index; ++line) text.remove_prefix(text.find('\n') + 1);
    std::string_view raw = first_line(text);
    if (raw.ends_with('\r')) raw.remove_suffix(1);
    reject(piece.lines.first_line + rejection.index + 1, rejection, raw, false);
  }
}

void ImportCollector::reject(std::uint64_t line, const Rejection& rejection, std::string_view raw,
                             bool truncated) {
  if (options_.rejected) options_.rejected(plans_[file_], line, rejection);
  if (rejects_) rejects_->add(line, rejection, raw, truncated);
}

// A last line without its newline may still grow: it is loaded, but not counted as finished.
void ImportCollector::record(const Piece& piece, const ImportTotals& before) {
  ImportPlan& plan = plans_[file_];
  if (!plan.recorded || ledger_ == nullptr) return;
  std::uint64_t whole = piece.lines.bytes;
  if (!piece.lines.overlong) {
    whole = std::string_view(*piece.batch.body).rfind('\n') + 1;  // 0 without one
  } else if (piece.lines.lines == 0) {
    whole = 0;
  }
  add_range(plan.import.ranges,
            {piece.lines.begin, piece.lines.begin + whole, piece.lines.lines,
             file_totals_.stored - before.stored, file_totals_.duplicates - before.duplicates,
             file_totals_.rejected - before.rejected});
  unsaved_ = true;
  if (std::chrono::steady_clock::now() - saved_at_ >= kSaveInterval) save();
}

void ImportCollector::end_file() {
  ImportPlan& plan = plans_[file_];
  plan.import.finished_at = clock_.now();
  unsaved_ = true;
  const ImportTotals done = file_totals_;
  leave_file();
  if (options_.file_done) options_.file_done(plan, done);
}

// The rejected lines are on disk before the ledger says that their range is finished for good.
void ImportCollector::leave_file() {
  if (rejects_) rejects_->finish();
  rejects_.reset();
  save();
  read_before_ += file_totals_.read_bytes;
  file_totals_ = {};
}

void ImportCollector::save() {
  ImportPlan& plan = plans_[file_];
  if (!unsaved_ || !plan.recorded || ledger_ == nullptr) return;
  plan.import.updated_at = clock_.now();
  ledger_->save(plan.import);
  saved_at_ = std::chrono::steady_clock::now();
  unsaved_ = false;
}

}  // namespace logctl::ingest
