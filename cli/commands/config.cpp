#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "shared/base/json_writer.h"
#include "shared/config/example.h"
#include "shared/config/ignored.h"
#include "shared/config/options.h"
#include "shared/config/target.h"

#include <fmt/format.h>

namespace logctl::cli {
namespace {

using config::Type;

// Numbers, switches and lists keep their form in JSON, and read as one text elsewhere.
Value typed(const config::Option& option, const config::Config& config, bool json) {
  const config::Items items = config::shown_items(option, config);
  if (!json) return config::join_list(items);
  switch (option.binding.type) {
    case Type::boolean:
    case Type::integer:
    case Type::number:
      return Value::json(items.front());
    case Type::list:
      return Value::json_list(items);
    case Type::size:
    case Type::duration:
    case Type::text:
    case Type::choice:
    case Type::path:
      break;
  }
  return items.front();
}

// `common` ones are likely to be meant for another program.
void note_ignored(Context& context, bool with_common) {
  for (const config::IgnoredVariable& variable : config::ignored_variables(context.environment())) {
    if (variable.common && !with_common) continue;
    context.out().note(fmt::format("{} has no effect: {}", variable.name, variable.reason));
  }
}

void note_idle(Context& context) {
  for (const std::string& note : config::idle_database_notes(context.loaded())) {
    context.out().note(note);
  }
}

int show(Context& context) {
  const config::Loaded& loaded = context.loaded();
  note_ignored(context, false);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < config::options().size(); ++i) {
    const config::Option& option = config::options()[i];
    rows.push_back(
        {option.key, typed(option, *loaded.config, context.out().json()), loaded.origins[i].where});
  }
  context.out().table({"key", "value", "origin"}, rows);
  return 0;
}

// One object; a member that is not known is null.
void write(JsonWriter& json, const config::Problem& problem) {
  const auto text = [&json](std::string_view name, std::string_view value) {
    json.key(name);
    if (value.empty()) {
      json.null();
    } else {
      json.value(value);
    }
  };
  const config::Origin& origin = problem.origin;
  json.begin_object();
  if (origin.kind == config::Origin::Kind::file) {
    text("file", std::string_view(origin.where).substr(0, origin.where.rfind(':')));
    json.field("line", origin.line);
  } else {
    text("file", {});
    json.key("line").null();
  }
  text("where", origin.where);
  text("key", problem.key);
  text("found", problem.found);
  text("allowed", problem.allowed);
  text("message", problem.message);
  text("hint", problem.hint);
  json.end_object();
}

std::string problems_json(const Error& error) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  if (const auto* invalid = dynamic_cast<const config::Invalid*>(&error); invalid != nullptr) {
    for (const config::Problem& problem : invalid->problems()) write(json, problem);
  } else {
    config::Problem problem;
    problem.origin.where.clear();
    problem.message = error.message();
    problem.hint = error.hint();
    write(json, problem);
  }
  json.end_array();
  return out;
}

// For programs the problems are the answer; the error says them to people.
const config::Loaded& load_to_check(Context& context) {
  try {
    const config::Loaded& loaded = context.loaded();
    config::acknowledgement(*loaded.config);  // what no single option is wrong about
    return loaded;
  } catch (const Error& error) {
    if (context.out().json()) {
      context.out().object({{"valid", false}, {"problems", Value::json(problems_json(error))}});
    }
    throw;
  }
}

int check(Context& context) {
  note_ignored(context, true);
  const config::Loaded& loaded = load_to_check(context);
  note_idle(context);
  context.out().object({{"valid", true},
                        {"file", loaded.file.empty() ? Value() : Value(loaded.file.string())},
                        {"store", config::store_target(*loaded.config).shown}});
  return 0;
}

int example(Context& context) {
  context.out().raw(config::example_yaml());
  return 0;
}

int path(Context& context) {
  std::vector<Row> rows;
  bool used = false;
  for (const config::Candidate& candidate : config::candidates(context.sources())) {
    std::error_code ignored;
    const bool exists = std::filesystem::exists(candidate.path, ignored);
    const char* state = !exists ? "missing" : used ? "not used" : "used";
    used = used || exists;
    rows.push_back({candidate.path.lexically_normal().string(), state});
  }
  context.out().table({"path", "state"}, rows);
  return 0;
}

void add_leaf(Arguments app, Program& program, const char* name, const char* summary,
              int (*action)(Context&)) {
  app.add_subcommand(name, summary).callback([&program, action] { program.action = action; });
}

}  // namespace

void define_config(Arguments app, Program& program) {
  add_leaf(app, program, "show", "print every option, its value and where it comes from", show);
  add_leaf(app, program, "check", "say whether the configuration is right, and every mistake",
           check);
  add_leaf(app, program, "example", "print a commented configuration file", example);
  add_leaf(app, program, "path", "print where a configuration file is looked for", path);
}

}  // namespace logctl::cli
