#include "cli/commands/index_actions.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/migrations/runner.h"
#include "shared/storage/index_field.h"
#include "shared/storage/index_upkeep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <vector>

namespace logctl::cli {
namespace {

using storage::DayIndex;
using storage::IndexState;
using storage::IndexWork;

std::string_view state_name(IndexState state) {
  switch (state) {
    case IndexState::valid:
      return "valid";
    case IndexState::building:
      return "building";
    case IndexState::missing:
      break;
  }
  return "missing";
}

storage::IndexSettings settings_of(Context& context) {
  const auto& store = context.config()->storage;
  return {store.indexes, store.index_delay};
}

std::optional<std::chrono::sys_days> read_day(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto day = parse_day(text);
  if (!day) {
    throw Error(ErrorCode::usage,
                fmt::format("--day: expected a day in UTC like 2026-01-31, found `{}`", text));
  }
  return day;
}

// The store for looking at it: it is neither made nor changed.
storage::Backend open_to_look(Context& context) {
  storage::Backend store =
      storage::open_backend(*context.config(), context.clock(), storage::Access::read_only);
  migrations::require_current(*store.schema);
  return store;
}

std::vector<IndexWork> plan_for(Context& context, storage::IndexStore& indexes,
                                const std::optional<std::chrono::sys_days>& day) {
  storage::IndexSettings settings = settings_of(context);
  // Who asks for it does not want to wait for late records.
  settings.delay = microseconds(0);
  std::vector<IndexWork> plan = storage::plan_indexes(indexes, settings, context.clock().now());
  if (day) std::erase_if(plan, [&](const IndexWork& work) { return work.day != *day; });
  return plan;
}

// Wanted fields that the store cannot have: said once, with what to do about it.
void note_obstacles(Context& context, storage::IndexStore& indexes,
                    const std::vector<std::string>& fields) {
  for (const std::string& field : fields) {
    if (const auto why = indexes.obstacle(field)) {
      context.out().note(fmt::format("no index on {}: {}", field, *why));
    }
  }
}

int choose(Context& context, const ChooseIndex& options, bool wanted) {
  const storage::IndexField field = storage::parse_index_field(options.field);
  const auto day = read_day(options.day);
  std::optional<storage::Backend> looked_at;
  if (options.dry_run) looked_at = open_to_look(context);
  storage::IndexStore& indexes =
      looked_at ? *looked_at->indexes : *context.migrated_backend().indexes;

  std::set<std::chrono::sys_days> there;
  for (const DayIndex& index : indexes.indexes()) {
    if (index.field == field.name && (!day || index.day == *day)) there.insert(index.day);
  }
  std::vector<Field> answer = {{"field", field.name},
                               {"day", day ? Value(format_day(*day)) : Value(nullptr)},
                               {"wanted", wanted}};
  if (options.dry_run) {
    if (!wanted) answer.emplace_back("dropped", there.size());
    answer.emplace_back("dry_run", true);
    context.out().object(answer);
    return 0;
  }
  indexes.choose({field.name, day, wanted});
  if (wanted) {
    note_obstacles(context, indexes, {field.name});
    context.out().object(answer);
    context.out().note("a running daemon makes it on closed days; `logctl index build` does now");
    return 0;
  }
  const auto pass = indexes.try_pass();
  if (!pass) {
    context.out().object(answer);
    context.out().note("another process is making indexes and drops it when it is done");
    return 0;
  }
  for (const std::chrono::sys_days one : there) pass->drop(one, field.name);
  answer.emplace_back("dropped", there.size());
  context.out().object(answer);
  return 0;
}

Row row_of(const IndexWork& work, std::optional<double> took) {
  Row row = {format_day(work.day), fmt::format("{}", fmt::join(work.build, ",")),
             fmt::format("{}", fmt::join(work.drop, ","))};
  if (took) row.emplace_back(*took);
  return row;
}

}  // namespace

int list_index(Context& context, const ListIndexes& options) {
  const auto day = read_day(options.day);
  std::string field;
  if (!options.field.empty()) field = storage::parse_index_field(options.field).name;
  const storage::Backend store = open_to_look(context);
  std::vector<Row> rows;
  std::set<std::string> missing;
  for (const DayIndex& index :
       storage::list_indexes(*store.indexes, settings_of(context), context.clock().now())) {
    if ((day && index.day != *day) || (!field.empty() && index.field != field)) continue;
    rows.push_back({format_day(index.day), index.field, state_name(index.state), index.bytes});
    if (index.state == IndexState::missing) missing.insert(index.field);
  }
  context.out().table({"day", "field", "state", "bytes"}, rows);
  note_obstacles(context, *store.indexes, {missing.begin(), missing.end()});
  return 0;
}

int add_index(Context& context, const ChooseIndex& options) {
  return choose(context, options, true);
}

int drop_index(Context& context, const ChooseIndex& options) {
  return choose(context, options, false);
}

int build_index(Context& context, const BuildIndexes& options) {
  const auto day = read_day(options.day);
  Output& out = context.out();
  if (options.dry_run) {
    const storage::Backend store = open_to_look(context);
    out.begin_table({"day", "build", "drop"});
    for (const IndexWork& work : plan_for(context, *store.indexes, day)) {
      out.add_row(row_of(work, std::nullopt));
    }
    out.end_table();
    return 0;
  }
  storage::IndexStore& indexes = *context.existing_backend().indexes;
  const std::vector<IndexWork> plan = plan_for(context, indexes, day);
  note_obstacles(context, indexes, context.config()->storage.indexes);
  out.begin_table({"day", "built", "dropped", "seconds"});
  auto begin = std::chrono::steady_clock::now();
  const storage::IndexResult result =
      storage::build_indexes(indexes, plan, [&](const IndexWork& work) {
        const auto now = std::chrono::steady_clock::now();
        out.add_row(row_of(work, std::chrono::duration<double>(now - begin).count()));
        begin = now;
      });
  out.end_table();
  if (result.locked) {
    throw Error(ErrorCode::locked, "another process is making the indexes of this store",
                "a daemon does it by itself; `logctl index list` shows how far it is");
  }
  return 0;
}

}  // namespace logctl::cli
