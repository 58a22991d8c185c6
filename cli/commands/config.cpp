#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "shared/base/json_writer.h"
#include "shared/config/example.h"
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
    case Type::list: {
      std::string out;
      JsonWriter writer(out);
      writer.begin_array();
      for (const std::string& item : items) writer.value(item);
      writer.end_array();
      return Value::json(out);
    }
    case Type::size:
    case Type::duration:
    case Type::text:
    case Type::choice:
    case Type::path:
      break;
  }
  return items.front();
}

int show(Context& context) {
  const config::Loaded& loaded = context.loaded();
  std::vector<Row> rows;
  for (std::size_t i = 0; i < config::options().size(); ++i) {
    const config::Option& option = config::options()[i];
    rows.push_back(
        {option.key, typed(option, *loaded.config, context.out().json()), loaded.origins[i].where});
  }
  context.out().table({"key", "value", "origin"}, rows);
  return 0;
}

int check(Context& context) {
  const config::Loaded& loaded = context.loaded();
  config::acknowledgement(*loaded.config);  // what no single option is wrong about
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
