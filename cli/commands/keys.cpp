#include "cli/api_key.h"
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/key_actions.h"
#include "cli/key_import.h"
#include "cli/key_rotation.h"
#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/query/row_filter.h"

#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {
namespace {

constexpr const char* kIdHelp = "the key's id, as `logctl keys list` shows it";

storage::KeyStore& keys_of(Context& context) { return *context.existing_backend().keys; }
// A first key may come before the first record. Nothing when a dry run finds no store.
storage::KeyStore* keys_to_add_to(Context& context, bool dry_run) {
  storage::Backend* store = dry_run ? context.backend_if_made() : &context.migrated_backend();
  return store == nullptr ? nullptr : store->keys.get();
}

std::string standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

void add_limits(Arguments app, TypedLimits& limits) {
  app.add_option("--requests,--rps", limits.requests,
                 "requests: 100/s, none, or default for ratelimit.default_rps")
      .type_name("RATE");
  app.add_option("--burst", limits.burst,
                 "requests at once after a rest, or default for ratelimit.burst")
      .type_name("N");
  app.add_option("--records", limits.records, "records taken in: 5000/s, or none")
      .type_name("RATE");
  app.add_option("--records-burst", limits.records_burst,
                 "records at once; default twice the rate of a second")
      .type_name("N");
  app.add_option("--bytes", limits.bytes, "bytes of bodies as sent: 10MB/s, or none")
      .type_name("RATE");
  app.add_option("--bytes-burst", limits.bytes_burst,
                 "bytes at once; default twice the rate of a second")
      .type_name("SIZE");
}

std::vector<std::string> rule_starts() {
  std::vector<std::string> starts;
  for (const std::string_view name : query::row_rule_names()) {
    starts.push_back(std::string(name) + "=");
  }
  return starts;
}

// What a key may do, for `create` and `import`.
template <typename Options>
void add_rights(Arguments app, Options& options) {
  app.add_option("--scopes", options.scopes, "what it may do: a comma list of ingest, read, admin")
      .type_name("LIST")
      .show_default()
      .offers_list({"ingest", "read", "admin"});
  app.add_option("--tenant", options.tenant, "whose records it writes and reads")
      .type_name("NAME")
      .show_default();
  app.add_option("--only", options.only,
                 "read only rows where this holds, such as service=payments; repeatable, all hold")
      .type_name("FIELD=VALUE")
      .offers_starts(rule_starts());
  app.add_option("--expires", options.expires,
                 "when it ends: a duration such as 90d, or an RFC 3339 time; default never")
      .type_name("WHEN");
  add_limits(app, options.limits);
}

void add_secret_name(Arguments app, SecretOutput& secret) {
  app.add_option("--secret-name", secret.name,
                 "name of the variable, the Kubernetes Secret or the credential")
      .type_name("NAME");
}

void define_create(Arguments keys, Program& program) {
  auto options = std::make_shared<CreateKey>();
  Arguments create = keys.add_subcommand("create", "make a key and print it, this once");
  create.add_option("--name", options->name, "what people call it").type_name("NAME").required();
  add_rights(create, *options);
  add_secret_name(create, options->secret);
  create.add_dry_run(options->dry_run);
  create.callback([&program, options] {
    program.prints_secret = true;
    program.action = [options](Context& context) {
      options->secret.format = context.globals().secret;
      return create_key(keys_to_add_to(context, options->dry_run), context.clock(), context.out(),
                        *options);
    };
  });
}

void define_list_and_show(Arguments keys, Program& program) {
  Arguments list = keys.add_subcommand("list", "all keys, with their use and state");
  list.callback([&program] {
    program.action = [](Context& context) {
      return list_keys(keys_of(context), context.clock(), context.out());
    };
  });

  auto id = std::make_shared<std::string>();
  Arguments show = keys.add_subcommand("show", "all about one key, except the key itself");
  show.add_option("ID", *id, kIdHelp).required();
  show.callback([&program, id] {
    program.action = [id](Context& context) {
      return show_key(keys_of(context), context.clock(), context.out(), context.config()->ratelimit,
                      *id);
    };
  });
}

void define_rotate(Arguments keys, Program& program) {
  auto options = std::make_shared<RotateKeys>();
  Arguments rotate = keys.add_subcommand(
      "rotate", "make a key in the place of another; both work until the old one ends");
  rotate.add_option("ID", options->id, kIdHelp);
  rotate
      .add_option("--all-older-than", options->all_older_than,
                  "every key made longer ago than this that nothing takes the place of yet")
      .type_name("DURATION");
  rotate.add_option("--overlap", options->overlap, "how long the old key goes on working")
      .type_name("DURATION")
      .show_default();
  rotate
      .add_option("--expires", options->expires,
                  "when the new key ends; default: it lives as long as the old one was made for")
      .type_name("WHEN");
  add_secret_name(rotate, options->secret);
  rotate.add_dry_run(options->dry_run);
  rotate.callback([&program, options] {
    program.prints_secret = true;
    program.action = [options](Context& context) {
      options->secret.format = context.globals().secret;
      return rotate_keys(keys_of(context), context.clock(), context.out(), *options);
    };
  });
}

void define_revoke(Arguments keys, Program& program) {
  struct Options {
    std::string id;
    bool dry_run = false;
  };
  auto options = std::make_shared<Options>();
  Arguments revoke = keys.add_subcommand("revoke", "end a key for good");
  revoke.add_option("ID", options->id, kIdHelp).required();
  revoke.add_dry_run(options->dry_run);
  revoke.callback([&program, options] {
    program.action = [options](Context& context) {
      return revoke_key(keys_of(context), context.clock(), context.out(), options->id,
                        options->dry_run);
    };
  });
}

// Not from the command line, where everybody on the machine could read it.
std::string key_to_verify(Context& context, const std::string& file) {
  if (auth::key_id(file)) {
    throw Error(ErrorCode::usage, "a key on the command line can be read by everybody",
                "put it into LOGCTL_API_KEY or a file, or give - and write it to standard input");
  }
  std::string key = file.empty()  ? api_key(context.environment())
                    : file == "-" ? standard_input()
                                  : read_file(file);
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  if (key.empty()) {
    throw Error(ErrorCode::usage, "expected a key, found nothing",
                "it is read from FILE, from - for standard input, from LOGCTL_API_KEY or the file "
                "in LOGCTL_API_KEY_FILE");
  }
  return key;
}

void define_verify(Arguments keys, Program& program) {
  struct Options {
    std::string file;
    std::string scopes;
  };
  auto options = std::make_shared<Options>();
  Arguments verify =
      keys.add_subcommand("verify", "say whether a key would be let in; exit status 4 if not");
  verify.add_option("FILE", options->file,
                    "file with the key, - for standard input; default LOGCTL_API_KEY");
  verify.add_option("--scopes", options->scopes, "also require these: a comma list")
      .type_name("LIST")
      .offers_list({"ingest", "read", "admin"});
  verify.callback([&program, options] {
    program.action = [options](Context& context) {
      const auth::Scopes scopes =
          options->scopes.empty() ? auth::Scopes() : check_scopes(options->scopes);
      const std::string key = key_to_verify(context, options->file);
      return verify_key(keys_of(context), context.clock(), context.out(), *context.config(), key,
                        scopes);
    };
  });
}

void define_prune(Arguments keys, Program& program) {
  struct Options {
    std::string older_than = "30d";
    bool dry_run = false;
  };
  auto options = std::make_shared<Options>();
  Arguments prune = keys.add_subcommand("prune", "forget keys that ended long ago");
  prune.add_option("--older-than", options->older_than, "since their end")
      .type_name("DURATION")
      .show_default();
  prune.add_dry_run(options->dry_run);
  prune.callback([&program, options] {
    program.action = [options](Context& context) {
      return prune_keys(keys_of(context), context.clock(), context.out(), options->older_than,
                        options->dry_run);
    };
  });
}

void define_limits(Arguments keys, Program& program) {
  struct Options {
    std::string id;
    TypedLimits limits;
    bool dry_run = false;
  };
  auto options = std::make_shared<Options>();
  Arguments limits = keys.add_subcommand("limits", "show or set what a key may use in a second");
  limits.add_option("ID", options->id, kIdHelp).required();
  add_limits(limits, options->limits);
  limits.add_dry_run(options->dry_run);
  limits.callback([&program, options] {
    program.action = [options](Context& context) {
      return limit_key(keys_of(context), context.out(), context.config()->ratelimit, options->id,
                       options->limits, options->dry_run);
    };
  });
}

void define_import(Arguments keys, Program& program) {
  auto options = std::make_shared<ImportKeys>();
  Arguments leaf = keys.add_subcommand("import", "take over keys that another server handed out");
  leaf.add_option("FILE", options->file,
                  "one key a line or with commas, API_KEYS=a,b, or YAML with auth.api_keys; - is "
                  "standard input")
      .required();
  leaf.add_option("--name", options->name, "what people call them; several get a number")
      .type_name("NAME")
      .show_default();
  add_rights(leaf, *options);
  leaf.add_dry_run(options->dry_run);
  leaf.callback([&program, options] {
    program.action = [options](Context& context) {
      const std::string text = options->file == "-" ? standard_input() : read_file(options->file);
      return import_keys(keys_to_add_to(context, options->dry_run), context.clock(), context.out(),
                         *options, text);
    };
  });
}

}  // namespace

void define_keys(Arguments app, Program& program) {
  define_create(app, program);
  define_list_and_show(app, program);
  define_rotate(app, program);
  define_limits(app, program);
  define_revoke(app, program);
  define_verify(app, program);
  define_import(app, program);
  define_prune(app, program);
}

}  // namespace logctl::cli
