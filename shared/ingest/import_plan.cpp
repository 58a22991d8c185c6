#include "shared/ingest/import_plan.h"

#include "shared/base/error.h"
#include "shared/base/hash.h"
#include "shared/base/ids.h"
#include "shared/base/time_text.h"
#include "shared/ingest/file_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::ingest {
namespace {

std::string derived_id(const storage::ImportFile& file) {
  return uuid_of(fmt::format("{}\n{}\n{}\n{}\n{}\n{}", file.name, file.size,
                             to_micros(file.modified_at), file.inode, file.head_sha256,
                             file.tail_sha256));
}

Error changed(const ImportPlan& plan, const std::string& difference) {
  return Error(ErrorCode::conflict,
               fmt::format("{}: is not the file any more that import '{}' loaded: {}",
                           plan.path.string(), plan.import.id, difference),
               "load it under another --import-id, or with --again from its start under the same");
}

}  // namespace

ImportPlan plan_import(const std::filesystem::path& path, const ImportRequest& request,
                       storage::ImportStore* store, Timestamp now) {
  ImportPlan plan;
  plan.path = path;
  storage::Import& import = plan.import;
  plan.stream = is_stream(path);
  import.file = plan.stream ? stream_identity(path) : file_identity(path);
  import.tenant = request.tenant;
  import.id = request.id;
  import.started_at = now;
  import.tool_version = LOGCTL_VERSION;
  if (plan.stream && request.id.empty()) return plan;
  if (request.id.empty()) import.id = derived_id(import.file);
  plan.stable_ids = true;
  if (store == nullptr) return plan;
  plan.recorded = true;

  for (storage::Import& earlier : store->find(request.tenant, import.file.name)) {
    if (!request.id.empty() && earlier.id != request.id) continue;
    const std::string difference =
        plan.stream ? std::string() : difference_between(earlier.file, import.file);
    const bool grown = !difference.empty() && has_grown(path, earlier.file, import.file);
    if (!difference.empty() && !grown) {
      if (!request.id.empty() && !request.again) throw changed(plan, difference);
      if (!request.again) plan.state = ImportPlan::State::changed;
      continue;
    }
    import.id = earlier.id;
    if (request.again) break;
    import.started_at = earlier.started_at;
    import.ranges = std::move(earlier.ranges);
    if (plan.stream) import.file.head_sha256 = earlier.file.head_sha256;
    if (grown) {
      plan.state = ImportPlan::State::grown;
    } else if (earlier.finished_at && !plan.stream) {
      plan.state = ImportPlan::State::finished;
      import.finished_at = earlier.finished_at;
    } else {
      plan.state = import.ranges.empty() ? ImportPlan::State::fresh : ImportPlan::State::resumed;
    }
    break;
  }
  return plan;
}

std::string input_name(const storage::Import& import) {
  return import.id + '\n' + import.file.name;
}

void add_range(std::vector<storage::ImportRange>& ranges, const storage::ImportRange& more) {
  if (more.begin == more.end) return;
  const auto join = [](storage::ImportRange& range, const storage::ImportRange& next) {
    range.end = next.end;
    range.lines += next.lines;
    range.stored += next.stored;
    range.duplicates += next.duplicates;
    range.rejected += next.rejected;
  };
  auto next = std::ranges::lower_bound(ranges, more.begin, {}, &storage::ImportRange::begin);
  if (next != ranges.begin() && std::prev(next)->end == more.begin) {
    const auto before = std::prev(next);
    join(*before, more);
    if (next != ranges.end() && before->end == next->begin) {
      join(*before, *next);
      ranges.erase(next);
    }
  } else {
    next = ranges.insert(next, more);
    if (std::next(next) != ranges.end() && next->end == std::next(next)->begin) {
      join(*next, *std::next(next));
      ranges.erase(std::next(next));
    }
  }
}

}  // namespace logctl::ingest
