// `logctl rejects replay`: letters into the store, and out of their files once they are there.
#include "cli/commands/rejects_actions.h"
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ingest/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

using ingest::DeadLetter;
using ingest::DeadLetterFiles;

constexpr std::uint64_t kMostNotes = 20;

void check(const ReplayRejects& options) {
  const bool some = !options.filter.empty() || !options.file.empty();
  if (options.all && !options.filter.empty()) {
    throw Error(ErrorCode::usage, "--all and a choice of letters exclude each other");
  }
  if (!some && !options.all) {
    throw Error(ErrorCode::usage,
                "nothing says which letters, expected ids, a filter, --file or "
                "--all");
  }
}

// Lines of an edited export; damage in it is an error, because somebody just wrote it.
std::vector<DeadLetter> read_export(const std::string& path) {
  const std::string text = read_file(path);
  std::vector<DeadLetter> letters;
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty()) continue;
    std::optional<DeadLetter> letter = ingest::read_letter(line);
    if (!letter) {
      throw Error(ErrorCode::validation_error,
                  fmt::format("{}: line {} is no dead letter", path, number),
                  "expected lines as `logctl rejects list -o jsonl` prints them");
    }
    letters.push_back(std::move(*letter));
  }
  return letters;
}

// What the rules of retention in the store would delete at once is not taken.
std::shared_ptr<const ingest::Rules> rules_of(Context& context, const ReplayRejects& options) {
  auto rules = std::make_shared<ingest::Rules>(*context.config());
  if (!options.dry_run) {
    rules->limit_ages(maintenance::Policy(context.existing_backend().retention->rules(),
                                          context.config()->retention.default_age));
  }
  return rules;
}

class Replaying {
 public:
  Replaying(Context& context, const ReplayRejects& options)
      : out_(context.out()),
        clock_(context.clock()),
        options_(options),
        files_(ingest::dead_letter_directory(*context.config())),
        store_(options.dry_run ? nullptr : context.existing_backend().logs.get()),
        rules_(rules_of(context, options)) {}

  // Letters where they lie: what passes is taken out, the rest stays with today's reason.
  void in_place() {
    for (const auto& file : files_.list()) {
      const std::vector<DeadLetter> letters = chosen(files_.read(file).letters);
      DeadLetterFiles::Changes changes;
      const std::optional<Error> failure = attempt(letters, changes, true);
      if (!options_.dry_run) files_.change(file, changes);
      if (failure) throw stopped(*failure);
    }
  }

  // Edited letters: what passes is taken out of the files, the rest stays there as it was.
  void from_file() {
    const std::vector<DeadLetter> letters = chosen(read_export(options_.file));
    DeadLetterFiles::Changes changes;
    const std::optional<Error> failure = attempt(letters, changes, false);
    if (!options_.dry_run) {
      for (const auto& file : files_.list()) files_.change(file, changes);
    }
    if (failure) throw stopped(*failure);
  }

  int finish() {
    for (const std::string& id : options_.filter.ids) {
      if (!seen_.contains(id))
        out_.error(fmt::format("no dead letter has the id '{}'", terminal_safe(id)));
    }
    if (failed_ > kMostNotes) out_.note(fmt::format("and {} more", failed_ - kMostNotes));
    std::vector<Field> answer = {{"letters", letters_},
                                 {"stored", stored_},
                                 {"duplicates", duplicates_},
                                 {"failed", failed_}};
    if (options_.dry_run) answer.emplace_back("dry_run", true);
    out_.object(answer);
    const bool missing = seen_.size() < options_.filter.ids.size();
    if (missing && letters_ == 0) return info(ErrorCode::not_found).exit_status;
    return failed_ > 0 || missing ? info(ErrorCode::partial).exit_status : 0;
  }

 private:
  std::vector<DeadLetter> chosen(std::vector<DeadLetter> letters) {
    std::erase_if(letters, [this](const DeadLetter& one) { return !options_.filter.fits(one); });
    return letters;
  }

  std::optional<Error> attempt(const std::vector<DeadLetter>& letters,
                               DeadLetterFiles::Changes& changes, bool keep_reason) {
    const ingest::ReplayResult result = ingest::replay(letters, store_, rules_, clock_);
    for (std::size_t i = 0; i < result.letters.size(); ++i) {
      const DeadLetter& letter = letters[i];
      const ingest::Replayed& replayed = result.letters[i];
      ++letters_;
      stored_ += replayed.stored;
      duplicates_ += replayed.duplicates;
      if (!options_.filter.ids.empty()) seen_.insert(letter.id);
      if (!replayed.refusal) {
        changes.emplace(letter.id, std::nullopt);
        continue;
      }
      tell(letter, *replayed.refusal);
      if (!keep_reason) continue;
      DeadLetter left = letter;
      left.field = replayed.refusal->field;
      left.reason = reason_name(replayed.refusal->reason);
      left.message = replayed.refusal->message;
      changes.emplace(letter.id, std::move(left));
    }
    return result.failure;
  }

  void tell(const DeadLetter& letter, const Rejection& refusal) {
    if (++failed_ > kMostNotes) return;
    out_.note(fmt::format("{}: {}{}: {}", letter.id, reason_name(refusal.reason),
                          refusal.field.empty() ? "" : " " + terminal_safe(refusal.field),
                          terminal_safe(refusal.message)));
  }

  Error stopped(const Error& failure) const {
    return {failure.code(),
            fmt::format("{} (until then {} letters were done with)", failure.message(),
                        letters_ - failed_),
            "run the same command again: nothing is stored twice"};
  }

  Output& out_;
  const Clock& clock_;
  const ReplayRejects& options_;
  const DeadLetterFiles files_;
  storage::LogStore* const store_;
  const std::shared_ptr<const ingest::Rules> rules_;
  std::set<std::string, std::less<>> seen_;  // of the ids that were asked for
  std::uint64_t letters_ = 0;
  std::uint64_t stored_ = 0;      // records
  std::uint64_t duplicates_ = 0;  // records
  std::uint64_t failed_ = 0;      // letters
};

}  // namespace

int replay_rejects(Context& context, ReplayRejects options) {
  check(options);
  options.filter.check(context.clock().now());
  Replaying work(context, options);
  options.file.empty() ? work.in_place() : work.from_file();
  return work.finish();
}

}  // namespace logctl::cli
