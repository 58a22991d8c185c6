// `logctl streams write`.
#include "cli/as_usage.h"
#include "cli/commands/streams_actions.h"
#include "shared/base/error.h"
#include "shared/base/ids.h"
#include "shared/ingest/json_object.h"
#include "shared/messages/message_reader.h"
#include "shared/query/text.h"
#include "shared/storage/message_names.h"

#include <fmt/format.h>

#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

namespace logctl::cli {
namespace {

// Compact, as it is stored.
std::string object_of(std::string_view name, std::string_view text) {
  std::string out;
  try {
    ingest::append_object(out, text, name);
  } catch (const Error& error) {
    throw Error(ErrorCode::usage, error.message(),
                R"(expected a JSON object such as {"amount":1})");
  }
  return out;
}

std::string data_of(const WriteMessage& options) {
  if (options.data != "-") return object_of("DATA", options.data);
  if (options.target.token_file == "-") {
    throw Error(ErrorCode::usage, "standard input (-) can be read only once",
                "give DATA as an argument, or --token-file a file");
  }
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  return object_of("standard input", text);
}

void check_name(std::string_view what, std::string_view text) {
  if (text.empty()) throw Error(ErrorCode::usage, fmt::format("{} must not be empty", what));
  if (query::is_storable_text(text)) return;
  throw Error(ErrorCode::usage, fmt::format("{}: expected a name in UTF-8", what));
}

void check_stream(std::string_view stream) {
  check_name("STREAM", stream);
  if (stream.size() <= storage::kMostStreamBytes) return;
  throw Error(ErrorCode::usage,
              fmt::format("STREAM: found a name of {} bytes, at most {} are allowed", stream.size(),
                          storage::kMostStreamBytes));
}

std::string id_of(Context& context, const WriteMessage& options) {
  if (options.id.empty()) return uuid_v7(context.clock().now());
  std::string id = options.id;
  if (messages::normalize_uuid(id)) return id;
  throw Error(ErrorCode::usage,
              fmt::format("--id: found '{}', expected a UUID", terminal_safe(options.id)));
}

void check_size(Context& context, const std::string& data, const std::string& metadata) {
  const std::uint64_t most = context.config()->messages.max_message_bytes;
  const std::uint64_t bytes = data.size() + metadata.size();
  if (bytes <= most) return;
  throw Error(ErrorCode::usage,
              fmt::format("data and metadata have {} bytes, at most {} are allowed", bytes, most),
              "messages.max_message_bytes allows more");
}

// What write() would answer. Only an id of the user's own can be there already.
int show_plan(Context& context, StreamSource& source, const storage::MessageWrite& write) {
  const std::string stream(write.stream);
  std::int64_t last = -1;
  if (write.id_assigned) {
    last = source.version(stream).value_or(-1);
  } else {
    const storage::WriteResult found = source.look(write);
    if (found.kind == storage::WriteResult::Kind::repeated) {
      context.out().object({{"stream", stream},
                            {"position", found.position},
                            {"globalPosition", found.global_position},
                            {"id", std::string(write.id)},
                            {"dryRun", true}});
      return 0;
    }
    last = found.position;
  }
  if (write.expected_version && *write.expected_version != last) {
    throw wrong_version(stream, *write.expected_version, last);
  }
  context.out().object({{"stream", stream}, {"position", last + 1}, {"dryRun", true}});
  return 0;
}

}  // namespace

int write_message(Context& context, const WriteMessage& options) {
  check_stream(options.stream);
  check_name("TYPE", options.type);
  const std::string id = id_of(context, options);
  const std::string data = data_of(options);
  const std::string metadata =
      options.metadata.empty() ? std::string() : object_of("--metadata", options.metadata);
  const auto source = open_source(context, options.target);
  if (options.target.url.empty()) check_size(context, data, metadata);
  storage::MessageWrite write;
  write.stream = options.stream;
  write.id = id;
  write.type = options.type;
  write.data = data;
  write.metadata = metadata;
  write.expected_version = options.expected_version;
  write.id_assigned = options.id.empty();
  if (options.dry_run) return show_plan(context, *source, write);
  const storage::WriteResult result = source->write(write);
  context.out().object({{"stream", options.stream},
                        {"position", result.position},
                        {"globalPosition", result.global_position},
                        {"id", id}});
  return 0;
}

}  // namespace logctl::cli
