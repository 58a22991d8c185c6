// `logctl delete`: deletes what a query matches, in two steps.
#include "cli/arguments.h"
#include "cli/as_usage.h"
#include "cli/commands/commands.h"
#include "cli/daemon_call.h"
#include "cli/query_flags.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/maintenance/deletion.h"
#include "shared/storage/lock_holder.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <memory>
#include <pwd.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace logctl::cli {
namespace {

// A daemon answers when everything is deleted.
constexpr microseconds kLongest = std::chrono::hours(1);

struct Options {
  QueryFlags flags;
  std::string confirm;
  std::string resume;
  bool list = false;
  bool dry_run = false;
  std::string url;
};

// alice (root) on db1
std::string person(Context& context) {
  const struct passwd* const entry = ::getpwuid(::geteuid());
  std::string name = entry != nullptr ? entry->pw_name : fmt::format("user {}", ::geteuid());
  const auto sudo = context.environment().find("SUDO_USER");
  if (sudo != context.environment().end() && !sudo->second.empty() && sudo->second != name) {
    name = fmt::format("{} ({})", sudo->second, name);
  }
  return fmt::format("{} on {}", name, storage::this_process(context.clock().now()).host);
}

int list_deletions(Context& context) {
  Output& out = context.out();
  out.begin_table(
      {"id", "started_at", "finished_at", "tenant", "query", "planned", "deleted", "ran_by"},
      {{"ran_by", "planned", "finished_at", "tenant", "started_at"}});
  for (const storage::Deletion& one : context.existing_backend().retention->deletions()) {
    out.add_row({one.id, one.started_at, one.finished_at, one.tenant, one.query, one.planned,
                 one.deleted, one.ran_by});
  }
  out.end_table();
  return 0;
}

void print_done(Context& context, const storage::Deletion& deletion) {
  context.out().object({{"id", deletion.id},
                        {"query", deletion.query},
                        {"tenant", deletion.tenant},
                        {"planned", deletion.planned},
                        {"deleted", deletion.deleted}});
}

// `token` stands for the plan; it is empty when there is nothing to delete.
void tell_next_step(Output& out, const std::string& token) {
  if (token.empty()) {
    out.note("nothing matches");
  } else {
    out.note(fmt::format("nothing was deleted; the same with --confirm {} deletes them", token));
  }
}

void print_plan(Context& context, const maintenance::DeletionPlan& plan) {
  Output& out = context.out();
  out.object({{"query", plan.text},
              {"tenant", plan.query.tenant},
              {"rows", plan.rows},
              {"days", plan.days.size()},
              {"first_day", plan.days.empty() ? Value() : Value(format_day(plan.days.front().day))},
              {"last_day", plan.days.empty() ? Value() : Value(format_day(plan.days.back().day))},
              {"confirm", plan.rows == 0 ? Value() : Value(plan.token())}});
  tell_next_step(out, plan.rows == 0 ? std::string() : plan.token());
}

Value value_of(simdjson::dom::element element) {
  if (element.is_string()) return std::string_view(element);
  return Value::json(simdjson::minify(element));
}

int delete_at_daemon(Context& context, const Options& options, const std::string& query) {
  require_no_tenant(options.flags.tenant);
  DaemonCall call;
  call.url = options.url;
  call.method = "DELETE";
  call.path = "/api/v1/logs";
  call.timeout = kLongest;
  call.parameters = {{"q", query}};
  if (!options.dry_run && !options.confirm.empty()) {
    call.parameters.emplace_back("confirm", options.confirm);
  }
  const std::string data = call_daemon(context, call);
  simdjson::dom::parser parser;
  const simdjson::padded_string text(data);
  std::vector<Field> members;
  std::string token;
  for (const auto& [name, value] : simdjson::dom::object(parser.parse(text))) {
    members.push_back({std::string(name), value_of(value)});
    if (name == "confirm" && value.is_string()) token = std::string_view(value);
  }
  context.out().object(members);
  if (call.parameters.size() == 1) tell_next_step(context.out(), token);
  return 0;
}

int delete_records(Context& context, const Options& options) {
  if (options.list) return list_deletions(context);
  const maintenance::Note note = [&context](std::string_view text) { context.out().detail(text); };
  if (!options.resume.empty()) {
    print_done(context, maintenance::resume_deletion(context.existing_backend(), options.resume,
                                                     context.clock(), note));
    return 0;
  }
  const Timestamp now = context.clock().now();
  // Which types of events there are, the daemon knows.
  const std::string query = text_of(
      options.flags,
      options.url.empty() ? context.config()->ingest.event_types : std::vector<std::string>(), now);
  if (query.empty()) {
    throw Error(ErrorCode::usage, "what to delete is not said",
                "give a query, such as 'service:shop until:30d'");
  }
  if (!options.url.empty()) return delete_at_daemon(context, options, query);
  std::optional<maintenance::Agreement> agreement;
  if (!options.confirm.empty()) agreement = maintenance::parse_agreement(options.confirm);
  storage::Backend& store = context.existing_backend();
  // Times before now mean what they meant when it was agreed to.
  const Timestamp moment = agreement ? agreement->made_at.value_or(now) : now;
  const maintenance::DeletionPlan plan = as_usage(
      [&] { return maintenance::plan_deletion(store, options.flags.tenant, query, moment); });
  if (agreement) maintenance::require_agreed(plan, *agreement);
  if (!agreement || options.dry_run) {
    print_plan(context, plan);
    return 0;
  }
  print_done(context,
             maintenance::run_deletion(store, plan, person(context), context.clock(), note));
  return 0;
}

}  // namespace

void define_delete(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  add_query_flags(app, options->flags,
                  "what to delete, as for `logctl query`: service:shop level:debug until:30d");
  app.add_option("--confirm", options->confirm,
                 "delete: what the first step, without it, printed as `confirm`, or the number of "
                 "records")
      .type_name("TOKEN");
  app.add_dry_run(options->dry_run, "only say what would be deleted");
  Option list = app.add_flag("--list", options->list, "who deleted what, the last first");
  Option resume =
      app.add_option("--resume", options->resume, "go on with a deletion that was cut off")
          .type_name("ID");
  add_url(app, options->url).excludes(list).excludes(resume);
  app.callback([&program, options] {
    program.action = [options](Context& context) { return delete_records(context, *options); };
  });
}

}  // namespace logctl::cli
