#include "cli/commands/rejects_actions.h"

#include "cli/arguments.h"
#include "shared/base/error.h"
#include "shared/ingest/dead_letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

using ingest::DeadLetter;
using ingest::DeadLetterFiles;

// Calls `each` for the letters that fit, oldest first; says on standard error what cannot be read.
template <typename Each>
void for_each_letter(Context& context, const DeadLetterFilter& filter, const Each& each) {
  const DeadLetterFiles files(ingest::dead_letter_directory(*context.config()));
  for (const auto& file : files.list()) {
    const DeadLetterFiles::Content content = files.read(file);
    if (content.damaged > 0) {
      context.out().note(fmt::format("{}: {} lines are damaged and were passed over", file.string(),
                                     content.damaged));
    }
    for (const DeadLetter& letter : content.letters) {
      if (filter.fits(letter)) each(letter);
    }
  }
}

Value index_of(const DeadLetter& letter) { return letter.index; }

// Writes letters in the format that was asked for. JSON has the shape of the files.
class Writer {
 public:
  explicit Writer(Output& out) : out_(out), brief_(out.format() == OutputFormat::table) {}

  void begin() {
    if (out_.format() == OutputFormat::json) return out_.raw("[");
    if (out_.json()) return;
    std::vector<std::string> headers = {"id",    "at",     "tenant", "source",
                                        "index", "reason", "field",  "message"};
    if (!brief_) headers.insert(headers.end(), {"dialect", "raw"});
    out_.begin_table(std::move(headers), {{"index", "source", "tenant", "field", "at"}});
  }
  void add(const DeadLetter& letter) {
    if (out_.json()) return add_json(letter);
    Row row = {letter.id,        letter.at,     letter.tenant, letter.source,
               index_of(letter), letter.reason, letter.field,  letter.message};
    if (!brief_) {
      row.emplace_back(ingest::dialect_name(letter.dialect));
      row.emplace_back(letter.raw);
    }
    out_.add_row(std::move(row));
  }
  void end() {
    if (out_.format() == OutputFormat::json) return out_.raw(first_ ? "]\n" : "\n]\n");
    if (!out_.json()) out_.end_table();
  }

 private:
  void add_json(const DeadLetter& letter) {
    std::string line;
    append_line(line, letter);
    if (out_.format() == OutputFormat::json) {
      line.pop_back();
      line.insert(0, std::exchange(first_, false) ? "\n" : ",\n");
    }
    out_.raw(line);
  }

  Output& out_;
  const bool brief_;
  bool first_ = true;
};

int count_by_reason(Context& context, const DeadLetterFilter& filter) {
  std::map<std::string, std::uint64_t> counts;
  for_each_letter(context, filter, [&](const DeadLetter& letter) { ++counts[letter.reason]; });
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater<>(),
                           &std::pair<std::string, std::uint64_t>::second);
  std::vector<Row> rows;
  for (const auto& [reason, letters] : sorted) rows.push_back({reason, letters});
  context.out().table({"reason", "letters"}, rows);
  return 0;
}

}  // namespace

int list_rejects(Context& context, ListRejects options) {
  options.filter.check(context.clock().now());
  if (options.count) return count_by_reason(context, options.filter);
  Writer writer(context.out());
  writer.begin();
  if (options.limit == 0) {
    for_each_letter(context, options.filter,
                    [&writer](const DeadLetter& letter) { writer.add(letter); });
  } else {
    std::deque<DeadLetter> newest;
    for_each_letter(context, options.filter, [&](const DeadLetter& letter) {
      newest.push_back(letter);
      if (newest.size() > options.limit) newest.pop_front();
    });
    for (const DeadLetter& letter : newest) writer.add(letter);
  }
  writer.end();
  return 0;
}

int show_reject(Context& context, const ShowReject& options) {
  DeadLetterFilter filter;
  filter.ids = {options.id};
  std::optional<DeadLetter> found;
  for_each_letter(context, filter, [&found](const DeadLetter& letter) { found = letter; });
  if (!found) {
    throw Error(ErrorCode::not_found,
                fmt::format("no dead letter has the id '{}'", terminal_safe(options.id)),
                "`logctl rejects list` shows the ids");
  }
  Output& out = context.out();
  if (options.raw) {
    out.raw(found->raw);
  } else if (out.json()) {
    std::string line;
    append_line(line, *found);
    out.raw(line);
  } else {
    std::vector<Field> fields = {{"id", found->id},
                                 {"at", found->at},
                                 {"tenant", found->tenant},
                                 {"source", found->source},
                                 {"dialect", ingest::dialect_name(found->dialect)},
                                 {"index", index_of(*found)},
                                 {"reason", found->reason},
                                 {"field", found->field},
                                 {"message", found->message},
                                 {"raw", found->raw}};
    if (found->truncated()) fields.emplace_back("raw_bytes", found->raw_bytes);
    out.object(fields);
  }
  return 0;
}

int drop_rejects(Context& context, DropRejects options) {
  if (options.filter.empty()) {
    throw Error(ErrorCode::usage, "nothing says which letters, expected ids or a filter",
                "`--before 0s` means all");
  }
  options.filter.check(context.clock().now());
  const DeadLetterFiles files(ingest::dead_letter_directory(*context.config()));
  std::vector<std::pair<std::filesystem::path, DeadLetterFiles::Changes>> plan;
  std::uint64_t letters = 0;
  for (const auto& file : files.list()) {
    DeadLetterFiles::Changes changes;
    for (const DeadLetter& letter : files.read(file).letters) {
      if (options.filter.fits(letter)) changes.emplace(letter.id, std::nullopt);
    }
    letters += changes.size();
    if (!changes.empty()) plan.emplace_back(file, std::move(changes));
  }
  if (letters > 0 && !options.dry_run) {
    require_confirmation(context, fmt::format("{} dead letters will be gone for good", letters),
                         options.confirmed, "--yes");
    for (const auto& [file, changes] : plan) files.change(file, changes);
  }
  std::vector<Field> answer = {{"dropped", letters}};
  if (options.dry_run) answer.emplace_back("dry_run", true);
  context.out().object(answer);
  return letters == 0 && !options.filter.ids.empty() ? info(ErrorCode::not_found).exit_status : 0;
}

}  // namespace logctl::cli
