// `logctl namespaces`: who has streams of their own, and their tokens.
#include "cli/streams/namespaces.h"

#include "cli/api_key.h"
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/streams_actions.h"
#include "cli/counted.h"
#include "cli/streams/message_printer.h"
#include "shared/base/error.h"
#include "shared/ingest/json_object.h"
#include "shared/messages/token.h"
#include "shared/query/text.h"

#include <fmt/format.h>

#include <memory>
#include <string>

namespace logctl::cli {
namespace {

constexpr const char* kId = "the namespace";
constexpr std::size_t kMaxId = 255;

struct Options {
  std::string id;
  std::string url;
  std::string description;
  std::string metadata;
  std::string token_file;
  std::string confirm;
  bool dry_run = false;
};

void add_url(Arguments leaf, Options& options) {
  leaf.add_option("--url", options.url,
                  "ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE "
                  "gives a key with the scope admin")
      .type_name("URL");
}

void on_call(Arguments leaf, Program& program, const std::shared_ptr<Options>& options,
             int (*action)(Context&, const Options&)) {
  leaf.callback([&program, options, action] {
    program.action = [options, action](Context& context) { return action(context, *options); };
  });
}

// In plain the token and nothing else, for scripts. Flushed, because it is shown this once.
void print_token(Output& out, const std::string& id, const NamespaceToken& made) {
  if (out.format() == OutputFormat::plain) {
    out.raw(made.token + "\n");
  } else {
    out.object({{"namespace", id}, {"token", made.token}, {"createdAt", made.created_at}});
  }
  out.flush();
  if (out.err_is_terminal()) {
    out.note("The token is shown this once; the store keeps only its hash.");
  }
}

NewNamespace wanted_by(const Options& options) {
  NewNamespace wanted;
  wanted.id = options.id;
  wanted.description = options.description;
  if (wanted.id.empty() || wanted.id.size() > kMaxId || !query::is_storable_text(wanted.id) ||
      !query::is_storable_text(wanted.description)) {
    throw Error(ErrorCode::usage,
                fmt::format("ID: expected a name in UTF-8 of at most {} bytes", kMaxId));
  }
  if (!options.metadata.empty()) {
    try {
      ingest::append_object(wanted.metadata, options.metadata, "--metadata");
    } catch (const Error& error) {
      throw Error(ErrorCode::usage, error.message());
    }
  }
  if (options.token_file.empty()) return wanted;
  wanted.token = read_secret(options.token_file);
  if (messages::namespace_of(wanted.token) != wanted.id) {
    throw Error(ErrorCode::usage,
                fmt::format("the token in --token-file is none for namespace '{}'",
                            terminal_safe(wanted.id)),
                "expected ns_, the namespace in base64url, _ and 64 hex digits");
  }
  return wanted;
}

int create(Context& context, const Options& options) {
  const NewNamespace wanted = wanted_by(options);
  if (options.dry_run) {
    // A store that was never made holds none.
    if (!options.url.empty() || context.backend_if_made() != nullptr) {
      for (const auto& row : open_namespaces(context, options.url, false)->list()) {
        if (row.id != wanted.id) continue;
        throw Error(ErrorCode::conflict,
                    fmt::format("namespace '{}' is there already", terminal_safe(wanted.id)));
      }
    }
    context.out().object({{"namespace", wanted.id}, {"dryRun", true}});
    return 0;
  }
  const NamespaceToken made = open_namespaces(context, options.url, true)->create(wanted);
  print_token(context.out(), wanted.id, made);
  return 0;
}

int list(Context& context, const Options& options) {
  Output& out = context.out();
  const auto rows = open_namespaces(context, options.url, false)->list();
  out.begin_table({"namespace", "messageCount", "createdAt", "description"});
  for (const storage::NamespaceFigures& row : rows) {
    out.add_row({row.id, row.messages, row.created_at, row.description});
  }
  out.end_table();
  return 0;
}

int show(Context& context, const Options& options) {
  Output& out = context.out();
  const auto row = open_namespaces(context, options.url, false)->info(options.id);
  out.object({{"namespace", row.id},
              {"description", row.description},
              {"metadata", json_or_null(row.metadata)},
              {"createdAt", row.created_at},
              {"messageCount", row.messages},
              {"streamCount", row.streams},
              {"lastGlobalPosition", row.last_global_position},
              {"lastActivity", row.last_activity ? time_value(out, *row.last_activity) : Value()}});
  return 0;
}

int remove(Context& context, const Options& options) {
  const auto namespaces = open_namespaces(context, options.url, false);
  const storage::NamespaceFigures row = namespaces->info(options.id);
  if (options.dry_run) {
    context.out().object(
        {{"namespace", row.id}, {"messagesDeleted", row.messages}, {"dryRun", true}});
    return 0;
  }
  confirm_by_name(context,
                  fmt::format("namespace '{}' will be gone for good, with {}",
                              terminal_safe(row.id), counted(row.messages, "message")),
                  options.confirm, row.id);
  const std::int64_t messages = namespaces->remove(options.id);
  context.out().object({{"namespace", row.id}, {"messagesDeleted", messages}});
  return 0;
}

int rotate_token(Context& context, const Options& options) {
  const auto namespaces = open_namespaces(context, options.url, false);
  if (options.dry_run) {
    context.out().object({{"namespace", namespaces->info(options.id).id}, {"dryRun", true}});
    return 0;
  }
  print_token(context.out(), options.id, namespaces->rotate_token(options.id));
  return 0;
}

}  // namespace

void define_namespaces(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  Arguments leaf = app.add_subcommand("create", "make a namespace and print its token, this once");
  leaf.add_option("ID", options->id, "its name").required();
  leaf.add_option("--description", options->description, "what it is for").type_name("TEXT");
  leaf.add_option("--metadata", options->metadata, "a JSON object").type_name("JSON");
  leaf.add_option("--token-file", options->token_file,
                  "a file with the token it shall have, - for standard input; without it one is "
                  "made")
      .type_name("FILE");
  add_url(leaf, *options);
  leaf.add_dry_run(options->dry_run);
  on_call(leaf, program, options, create);

  leaf = app.add_subcommand("list", "all namespaces, newest first");
  add_url(leaf, *options);
  on_call(leaf, program, options, list);

  leaf = app.add_subcommand("info", "all about one namespace, except its token");
  leaf.add_option("ID", options->id, kId).required();
  add_url(leaf, *options);
  on_call(leaf, program, options, show);

  leaf = app.add_subcommand("delete", "remove a namespace with all of its messages");
  leaf.add_option("ID", options->id, kId).required();
  leaf.add_option("--confirm", options->confirm, "its name again, which does it without asking")
      .type_name("NAME");
  add_url(leaf, *options);
  leaf.add_dry_run(options->dry_run);
  on_call(leaf, program, options, remove);

  leaf = app.add_subcommand("rotate-token",
                            "make another token and print it, this once; the old one ends at once");
  leaf.add_option("ID", options->id, kId).required();
  add_url(leaf, *options);
  leaf.add_dry_run(options->dry_run);
  on_call(leaf, program, options, rotate_token);
}

}  // namespace logctl::cli
