#include "cli/commands/commands.h"
#include "cli/key_actions.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <memory>
#include <string>

namespace logctl::cli {

void define_keys(CLI::App& app, Program& program) {
  auto options = std::make_shared<CreateKey>();
  CLI::App* create = app.add_subcommand("create", "make a key and print it, this once");
  create->add_option("--name", options->name, "what people call it")->type_name("NAME")->required();
  create
      ->add_option("--scopes", options->scopes,
                   "what it may do: a comma list of ingest, read, admin")
      ->type_name("LIST")
      ->capture_default_str();
  create->add_option("--tenant", options->tenant, "whose records it writes and reads")
      ->type_name("NAME")
      ->capture_default_str();
  create
      ->add_option("--expires", options->expires,
                   "when it ends: a duration such as 90d, or an RFC 3339 time; default never")
      ->type_name("WHEN");
  create
      ->add_option("--rps", options->rps,
                   "requests a second; default ratelimit.default_rps of the configuration")
      ->type_name("N");
  create
      ->add_option("--burst", options->burst,
                   "requests at once; default ratelimit.burst of the configuration")
      ->type_name("N");
  create->callback([&program, options] {
    program.action = [options](Context& context) {
      return create_key(*context.migrated_backend().keys, context.clock(), context.out(), *options);
    };
  });

  CLI::App* list = app.add_subcommand("list", "all keys, with their use and state");
  list->callback([&program] {
    program.action = [](Context& context) {
      return list_keys(*context.migrated_backend().keys, context.clock(), context.out());
    };
  });

  auto id = std::make_shared<std::string>();
  CLI::App* revoke = app.add_subcommand("revoke", "end a key for good");
  revoke->add_option("ID", *id, "the key's id, as `keys list` shows it")->required();
  revoke->callback([&program, id] {
    program.action = [id](Context& context) {
      return revoke_key(*context.migrated_backend().keys, context.clock(), context.out(), *id);
    };
  });
}

}  // namespace logctl::cli
