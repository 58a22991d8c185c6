#include "shared/ingest/import.h"

#include "shared/base/error.h"
#include "shared/ingest/import_collector.h"
#include "shared/ingest/import_pieces.h"
#include "shared/ingest/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace logctl::ingest {
namespace {

// The threads that read, parse and append; they end before this goes away.
class Workers {
 public:
  Workers(std::span<const ImportPlan> plans, ImportTarget& target,
          std::shared_ptr<const Rules> rules, const Clock& clock, const ImportOptions& options)
      : plans_(plans),
        target_(target),
        rules_(std::move(rules)),
        clock_(clock),
        parsers_(std::max<std::size_t>(options.jobs, 1)),
        appenders_(std::clamp<std::size_t>(target.parallel_appends(), 1, parsers_)),
        source_(plans, {options.chunk_bytes, rules_->max_record_bytes, body_padding(),
                        std::max<std::size_t>(options.batch_rows, 1)}),
        belt_(parsers_ + appenders_ + 1, parsers_) {
    for (const ImportPlan& plan : plans) inputs_.push_back(input_name(plan.import));
    for (std::size_t i = 0; i < parsers_; ++i) threads_.emplace_back([this] { parse(); });
    for (std::size_t i = 0; i < appenders_; ++i) threads_.emplace_back([this] { append(); });
  }
  ~Workers() { stop(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::unique_ptr<Piece> collect() { return belt_.collect(); }
  std::unique_ptr<Piece> collect_rest() { return belt_.collect_rest(); }
  void stop() {
    source_.cancel();
    belt_.stop();
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  void parse() {
    Parser parser(rules_, clock_);
    while (belt_.enter()) {
      auto piece = std::make_unique<Piece>();
      if (!source_.next(*piece)) return belt_.parser_ends(true);
      try {
        parse(parser, *piece);
      } catch (...) {
        piece->error = std::current_exception();
      }
      belt_.parsed(std::move(piece));
    }
    belt_.parser_ends(false);
  }

  void parse(Parser& parser, Piece& piece) {
    if (piece.error || piece.end_of_file) return;
    const ImportPlan& plan = plans_[piece.file];
    if (piece.lines.overlong) return reject_overlong(*piece.lines.overlong, plan, piece.batch);
    const LinePlace place{inputs_[piece.file], piece.lines.begin};
    piece.batch = parser.parse_lines(std::move(piece.lines.text), plan.import.tenant, 0,
                                     plan.stable_ids ? &place : nullptr);
  }

  void reject_overlong(const OverlongLine& line, const ImportPlan& plan, Batch& batch) const {
    batch.tenant = plan.import.tenant;
    batch.received = 1;
    batch.rejections.push_back({0, "", Reason::too_large,
                                fmt::format("found a line of {} bytes, at most {} are allowed",
                                            line.bytes, rules_->max_record_bytes)});
  }

  void append() {
    while (std::unique_ptr<Piece> piece = belt_.next_to_append()) {
      try {
        if (!piece->error && piece->batch.received > 0) {
          piece->result = target_.append(piece->batch);
        }
      } catch (...) {
        piece->error = std::current_exception();
      }
      belt_.appended(std::move(piece));
    }
  }

  const std::span<const ImportPlan> plans_;
  ImportTarget& target_;
  const std::shared_ptr<const Rules> rules_;
  const Clock& clock_;
  const std::size_t parsers_;
  const std::size_t appenders_;
  std::vector<std::string> inputs_;  // names, by plan
  PieceSource source_;
  Belt belt_;
  std::vector<std::thread> threads_;
};

// Counts what the threads had under way when the import failed: it is stored. The first failure is
// the one to tell.
void collect_rest(Workers& workers, ImportCollector& collector) {
  workers.stop();
  const auto quietly = [](auto&& action) {
    try {
      action();
    } catch (const Error&) {
    }
  };
  while (std::unique_ptr<Piece> piece = workers.collect_rest()) {
    // What comes before the end of a file may be missing.
    if (piece->error || piece->end_of_file) continue;
    quietly([&] { collector.take(*piece); });
  }
  quietly([&] { collector.leave_file(); });
}

Error with_totals(const Error& error, const ImportPlan& plan, const ImportTotals& totals) {
  return Error(error.code(),
               fmt::format("{}: {} (until then {} records were stored, {} were duplicates, {} were "
                           "rejected)",
                           plan.path == "-" ? "standard input" : plan.path.string(),
                           error.message(), totals.stored, totals.duplicates, totals.rejected),
               error.hint());
}

void check_paths(const ImportPlan& plan) {
  std::error_code missing;
  if (plan.path != "-" && !plan.rejects.empty() &&
      std::filesystem::equivalent(plan.path, plan.rejects, missing)) {
    throw Error(
        ErrorCode::usage,
        fmt::format("the rejected lines would overwrite their own input '{}'", plan.path.string()),
        "give another name with --rejects");
  }
}

}  // namespace

ImportTotals import_files(std::span<ImportPlan> plans, ImportTarget& target,
                          storage::ImportStore* ledger, const std::shared_ptr<const Rules>& rules,
                          const Clock& clock, const ImportOptions& options) {
  if (plans.empty()) return {};
  for (const ImportPlan& plan : plans) check_paths(plan);
  // The collector changes the ranges of its own plans; the threads read those that were there.
  const std::vector<ImportPlan> as_planned(plans.begin(), plans.end());
  ImportCollector collector(plans, ledger, clock, options);
  Workers workers(as_planned, target, rules, clock, options);
  try {
    while (std::unique_ptr<Piece> piece = workers.collect()) {
      collector.take(*piece);
      if (options.progress) options.progress(collector.totals());
    }
  } catch (const Error& error) {
    const ImportPlan& plan = collector.plan();
    collect_rest(workers, collector);
    if (options.progress) options.progress(collector.totals());
    throw with_totals(error, plan, collector.totals());
  }
  return collector.totals();
}

}  // namespace logctl::ingest
