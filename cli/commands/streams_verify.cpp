// `logctl streams verify`.
#include "cli/commands/streams_actions.h"
#include "cli/streams/source.h"
#include "shared/base/error.h"

#include <fmt/format.h>

namespace logctl::cli {

int verify_streams(Context& context, const std::string& name_space) {
  storage::MessageStore& store = *context.existing_backend().messages;
  Output& out = context.out();
  std::vector<std::string> names;
  if (name_space.empty()) {
    for (const storage::Namespace& row : store.namespaces()) names.push_back(row.id);
  } else if (store.find_namespace(name_space)) {
    names.push_back(name_space);
  } else {
    throw no_namespace(name_space);
  }

  std::vector<std::string> headers = {"namespace", "streams", "messages", "problems", "digest"};
  if (out.json()) headers.emplace_back("found");
  out.begin_table(headers);
  std::vector<std::string> problems;
  std::int64_t count = 0;
  for (const std::string& name : names) {
    const storage::MessageAudit audit = store.verify(name, [&](std::int64_t read) {
      out.progress(fmt::format("{}: {} messages", terminal_safe(name), read));
    });
    out.progress("");
    Row row = {name, audit.streams, audit.messages, audit.problem_count, audit.digest};
    if (out.json()) row.push_back(Value::json_list(audit.problems));
    out.add_row(std::move(row));
    count += audit.problem_count;
    for (const std::string& problem : audit.problems) {
      problems.push_back(
          fmt::format("namespace '{}': {}", terminal_safe(name), terminal_safe(problem)));
    }
    if (audit.problem_count > static_cast<std::int64_t>(audit.problems.size())) {
      problems.push_back(fmt::format("namespace '{}': these are the first {} of {}",
                                     terminal_safe(name), audit.problems.size(),
                                     audit.problem_count));
    }
  }
  out.end_table();
  for (const std::string& problem : problems) out.error(problem);
  return count == 0 ? 0 : info(ErrorCode::check_failed).exit_status;
}

}  // namespace logctl::cli
