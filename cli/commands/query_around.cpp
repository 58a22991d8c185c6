// `logctl query --around ID`.
#include "cli/commands/query_actions.h"
#include "cli/daemon_call.h"
#include "cli/file_store.h"
#include "cli/records.h"
#include "cli/wire_record.h"
#include "shared/base/error.h"
#include "shared/storage/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

std::uint32_t checked(std::string_view flag, std::uint64_t number) {
  if (number <= storage::kMostAround) return static_cast<std::uint32_t>(number);
  throw Error(ErrorCode::usage,
              fmt::format("{}: expected 0 to {}, found {}", flag, storage::kMostAround, number));
}

int around_at_daemon(Context& context, const QueryOptions& options) {
  require_no_tenant(options.flags.tenant);
  DaemonCall call;
  call.url = options.url;
  call.path = "/api/v1/logs/context";
  call.parameters = {{"id", options.around},
                     {"before", std::to_string(options.before)},
                     {"after", std::to_string(options.after)},
                     {"same", options.same}};
  const std::string data = call_daemon(context, call);
  RecordPrinter printer(context.out());
  Arena arena;
  each_wire_record(data, "logs",
                   [&](std::string_view json) { printer.add(read_wire_record(json, arena)); });
  printer.end();
  return 0;
}

}  // namespace

int query_around(Context& context, const QueryOptions& options) {
  const bool asked = !options.flags.text.empty() ||
                     std::any_of(options.flags.values.begin(), options.flags.values.end(),
                                 [](const std::string& value) { return !value.empty(); });
  if (asked || options.sort_given) {
    throw Error(ErrorCode::usage, "--around goes with no other question",
                "--same service,host leaves out what comes from elsewhere");
  }
  storage::ContextRequest request;
  request.before = checked("--before", options.before);
  request.after = checked("--after", options.after);
  std::string wrong;
  auto same = storage::parse_same(options.same, wrong);
  if (!same) {
    throw Error(
        ErrorCode::usage,
        fmt::format("--same: expected text fields such as service,host, found `{}`", wrong));
  }
  request.same = std::move(*same);
  std::optional<query::Cursor> position = query::parse_cursor(options.around);
  if (!position) {
    throw Error(ErrorCode::usage,
                fmt::format("--around: expected the id of a record, found `{}`", options.around),
                "`logctl query -o jsonl` prints it as `id`");
  }
  request.record = {position->timestamp, std::move(position->event_id)};
  if (!options.url.empty()) return around_at_daemon(context, options);
  const query::View view(options.flags.tenant);
  std::optional<FileStore> of_files;
  if (!options.files.empty()) {
    query::Query all;
    all.tenant = options.flags.tenant;
    of_files.emplace(context, options.files, all);
  }
  storage::Backend& store = of_files ? of_files->backend() : context.existing_backend();
  const auto found = storage::find_context(*store.logs, view, request);
  if (of_files) of_files->tell_bad_lines();
  if (!found) {
    throw Error(ErrorCode::not_found,
                fmt::format("there is no record with the id `{}`", options.around));
  }
  RecordPrinter printer(context.out());
  for (const LogRecord* record : storage::in_order(*found)) printer.add(*record);
  printer.end();
  return 0;
}

}  // namespace logctl::cli
