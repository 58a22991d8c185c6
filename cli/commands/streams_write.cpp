// `logctl streams write`.
#include "cli/as_usage.h"
#include "cli/commands/streams_actions.h"
#include "shared/base/error.h"
#include "shared/base/ids.h"
#include "shared/messages/json_object.h"
#include "shared/messages/message_reader.h"
#include "shared/query/text.h"

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
    messages::append_object(out, text, name);
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
  if (!text.empty() && query::is_storable_text(text)) return;
  throw Error(ErrorCode::usage, fmt::format("{}: expected a name in UTF-8", what));
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

// What write() would answer.
int show_plan(Context& context, StreamSource& source, const WriteMessage& options) {
  const std::int64_t last = source.version(options.stream).value_or(-1);
  if (options.expected_version && *options.expected_version != last) {
    throw wrong_version(options.stream, *options.expected_version, last);
  }
  context.out().object({{"stream", options.stream}, {"position", last + 1}, {"dryRun", true}});
  return 0;
}

}  // namespace

int write_message(Context& context, const WriteMessage& options) {
  check_name("STREAM", options.stream);
  check_name("TYPE", options.type);
  if (options.expected_version && *options.expected_version < -1) {
    throw Error(ErrorCode::usage, fmt::format("--expected-version: found {}, expected -1 or more",
                                              *options.expected_version));
  }
  const std::string id = id_of(context, options);
  const std::string data = data_of(options);
  const std::string metadata =
      options.metadata.empty() ? std::string() : object_of("--metadata", options.metadata);
  const auto source = open_source(context, options.target);
  if (options.target.url.empty()) check_size(context, data, metadata);
  if (options.dry_run) return show_plan(context, *source, options);

  storage::MessageWrite write;
  write.stream = options.stream;
  write.id = id;
  write.type = options.type;
  write.data = data;
  write.metadata = metadata;
  write.expected_version = options.expected_version;
  write.id_assigned = options.id.empty();
  const storage::WriteResult result = source->write(write);
  context.out().object({{"stream", options.stream},
                        {"position", result.position},
                        {"globalPosition", result.global_position},
                        {"id", id}});
  return 0;
}

}  // namespace logctl::cli
