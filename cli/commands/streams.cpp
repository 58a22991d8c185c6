// `logctl streams`: messages in streams, of the store or of a daemon.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/streams_actions.h"

#include <memory>
#include <string>
#include <utility>

namespace logctl::cli {
namespace {

constexpr std::uint64_t kDefaultLimit = 1000;
constexpr const char* kStream = "the stream, such as order-123";

template <typename Options>
void on_call(Arguments leaf, Program& program, const std::shared_ptr<Options>& options,
             int (*action)(Context&, const Options&)) {
  leaf.callback([&program, options, action] {
    program.action = [options, action](Context& context) { return action(context, *options); };
  });
}

void add_namespace(Arguments leaf, std::string& target) {
  leaf.add_option("--namespace", target, "the namespace (default `default`)").type_name("NAME");
}

void add_target(Arguments leaf, StreamTarget& target) {
  add_namespace(leaf, target.name_space);
  leaf.add_option("--url", target.url,
                  "ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or "
                  "--token-file gives the token, which decides on the namespace")
      .type_name("URL");
  leaf.add_option("--token-file", target.token_file,
                  "with --url: a file with the token, - for standard input")
      .type_name("FILE");
}

void define_write(Arguments app, Program& program) {
  auto options = std::make_shared<WriteMessage>();
  Arguments leaf = app.add_subcommand("write", "append a message to a stream");
  leaf.add_option("STREAM", options->stream, kStream).required();
  leaf.add_option("TYPE", options->type, "the message's type, such as OrderPlaced").required();
  leaf.add_option("DATA", options->data, "a JSON object; - and nothing are standard input");
  leaf.add_option("--metadata", options->metadata, "a JSON object").type_name("JSON");
  leaf.add_option("--id", options->id,
                  "the message's UUID: with the same content it is written once, however often "
                  "this is called")
      .type_name("UUID");
  leaf.add_option("--expected-version", options->expected_version,
                  "refuse unless the stream's last message has this position; -1: unless there "
                  "is none")
      .whole_number(-1)
      .type_name("N");
  leaf.add_dry_run(options->dry_run);
  add_target(leaf, options->target);
  on_call(leaf, program, options, write_message);
}

// A stream, a category or everything.
void add_which(Arguments leaf, ReadMessages& options) {
  Option stream = leaf.add_option("STREAM", options.stream, kStream);
  Option category =
      leaf.add_option("--category", options.category, "every stream of it, by global position")
          .type_name("NAME")
          .excludes(stream);
  leaf.add_flag("--all", options.all, "every stream, by global position")
      .excludes(stream)
      .excludes(category);
}

void define_read(Arguments app, Program& program) {
  auto options = std::make_shared<ReadMessages>();
  options->limit = kDefaultLimit;
  Arguments leaf = app.add_subcommand("read", "show messages of a stream or a category");
  add_which(leaf, *options);
  leaf.add_option("--from", options->from,
                  "from this position on; with --category and --all from this global position")
      .whole_number(0)
      .type_name("N");
  leaf.add_option("--limit", options->limit, "at most so many messages; 0: all")
      .whole_number(0)
      .type_name("N")
      .show_default();
  leaf.add_option("--group", options->group,
                  "with --category: only the streams of member M, from 0, of a group of SIZE")
      .type_name("M/SIZE");
  leaf.add_option("--correlation", options->correlation,
                  "with --category: only messages whose metadata.correlationStreamName is of this "
                  "category")
      .type_name("NAME");
  add_target(leaf, options->target);
  on_call(leaf, program, options, read_messages);
}

void define_last_and_version(Arguments app, Program& program) {
  auto last = std::make_shared<ReadMessages>();
  Arguments leaf = app.add_subcommand("last", "show the newest message of a stream");
  leaf.add_option("STREAM", last->stream, kStream).required();
  leaf.add_option("--type", last->type, "the newest one of this type").type_name("TYPE");
  add_target(leaf, last->target);
  on_call(leaf, program, last, show_last);

  auto version = std::make_shared<ReadMessages>();
  leaf = app.add_subcommand("version", "print the position of a stream's newest message");
  leaf.add_option("STREAM", version->stream, kStream).required();
  add_target(leaf, version->target);
  on_call(leaf, program, version, show_version);
}

void define_lists(Arguments app, Program& program) {
  auto list = std::make_shared<ListStreams>();
  list->limit = kDefaultLimit;
  Arguments leaf = app.add_subcommand("list", "list streams by name");
  leaf.add_option("--prefix", list->prefix, "only names that begin with this").type_name("TEXT");
  leaf.add_option("--limit", list->limit, "at most so many streams; 0: all")
      .whole_number(0)
      .type_name("N")
      .show_default();
  add_target(leaf, list->target);
  on_call(leaf, program, list, list_streams);

  auto categories = std::make_shared<ListStreams>();
  leaf = app.add_subcommand("categories", "list categories with their streams and messages");
  add_target(leaf, categories->target);
  on_call(leaf, program, categories, list_categories);
}

void define_stream_tail(Arguments app, Program& program) {
  auto options = std::make_shared<ReadMessages>();
  Arguments leaf = app.add_subcommand("tail", "show messages as they come, until interrupted");
  add_which(leaf, *options);
  leaf.add_option("--from", options->from,
                  "begin at this position, with --category and --all at this global one; "
                  "without it with what comes")
      .whole_number(0)
      .type_name("N");
  add_target(leaf, options->target);
  on_call(leaf, program, options, follow_messages);
}

void define_stream_export(Arguments app, Program& program) {
  auto options = std::make_shared<ExportMessages>();
  Arguments leaf = app.add_subcommand("export", "write messages as JSON lines");
  leaf.add_option("--to", options->to,
                  "the file, which appears when it is complete; - is standard output")
      .not_empty("a file or -")
      .type_name("FILE")
      .show_default();
  leaf.add_option("--categories", options->categories, "only these: a comma list")
      .not_empty("names of categories")
      .type_name("LIST");
  leaf.add_option("--since", options->since, "from this time on: RFC 3339 or YYYY-MM-DD")
      .type_name("TIME");
  leaf.add_option("--until", options->until, "before this time: the same forms").type_name("TIME");
  Option gzip = leaf.add_flag("--gzip", options->gzip, "compress; also when FILE ends in .gz");
  leaf.add_flag("--zstd", options->zstd, "compress; also when FILE ends in .zst").excludes(gzip);
  Option resume = leaf.add_flag("--resume", options->resume,
                                "go on where an export of the same into FILE was stopped; without "
                                "one, begin");
  leaf.add_flag("--overwrite", options->overwrite, "replace FILE, and what a stopped export left")
      .excludes(resume);
  add_target(leaf, options->target);
  on_call(leaf, program, options, export_messages);
}

void define_import(Arguments app, Program& program) {
  auto options = std::make_shared<ImportMessages>();
  Arguments leaf = app.add_subcommand(
      "import", "store messages of an export at the positions that they have there");
  leaf.add_option("FILE", options->file,
                  "JSON lines, plain or compressed with gzip or zstd; - is standard input")
      .required();
  Option force =
      leaf.add_flag("--force", options->force, "remove every message of the namespace before");
  leaf.add_option("--confirm", options->confirm, "with --force: the name of the namespace")
      .type_name("NAME")
      .needs(force);
  leaf.add_dry_run(options->dry_run, "check the lines, change nothing");
  add_target(leaf, options->target);
  on_call(leaf, program, options, import_messages);
}

void define_verify(Arguments app, Program& program) {
  auto name_space = std::make_shared<std::string>();
  Arguments leaf = app.add_subcommand(
      "verify",
      "read everything: positions without gaps, order, counters, a digest; exit status 8 if "
      "something is wrong");
  leaf.add_option("--namespace", *name_space, "this one (default: all)").type_name("NAME");
  leaf.callback([&program, name_space] {
    program.action = [name_space](Context& context) {
      return verify_streams(context, *name_space);
    };
  });
}

}  // namespace

void define_streams(Arguments app, Program& program) {
  define_write(app, program);
  define_read(app, program);
  define_last_and_version(app, program);
  define_lists(app, program);
  define_stream_tail(app, program);
  define_stream_export(app, program);
  define_import(app, program);
  define_verify(app, program);
}

}  // namespace logctl::cli
