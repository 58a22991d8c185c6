#include "shared/messages/message_reader.h"

#include "shared/base/error.h"
#include "shared/messages/message_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <optional>

namespace logctl::messages {
namespace {

namespace dom = simdjson::dom;
using storage::Message;

[[noreturn]] void wrong(std::string_view field, std::string_view expected) {
  throw Error(ErrorCode::validation_error, fmt::format("field `{}`: expected {}", field, expected));
}

std::string text_field(const dom::object& line, std::string_view name, std::string_view expected) {
  std::string_view text;
  if (line.at_key(name).get(text) != simdjson::SUCCESS || text.empty()) wrong(name, expected);
  return std::string(text);
}

std::int64_t position_field(const dom::object& line, std::string_view name, std::int64_t least) {
  std::int64_t number = 0;
  if (line.at_key(name).get(number) != simdjson::SUCCESS || number < least) {
    wrong(name, fmt::format("a whole number from {}", least));
  }
  return number;
}

}  // namespace

// The line is read twice: by the DOM, which checks all of it, and on demand, which knows where the
// text of a value stands.
struct MessageReader::State {
  dom::parser whole;
  simdjson::ondemand::parser slices;
  std::string padded;
  std::string data;
  std::string metadata;

  std::optional<std::string_view> slice(std::string_view name) {
    const simdjson::padded_string_view view(padded.data(), padded.size() - simdjson::SIMDJSON_PADDING,
                                            padded.size());
    auto document = slices.iterate(view);
    for (auto field : document.get_object()) {
      if (field.unescaped_key().value() != name) continue;
      simdjson::ondemand::value value = field.value();
      if (value.type() != simdjson::ondemand::json_type::object) return std::nullopt;
      return std::string_view(value.get_object().value().raw_json());
    }
    return std::nullopt;
  }
};

MessageReader::MessageReader() : state_(std::make_unique<State>()) {}
MessageReader::~MessageReader() = default;

void MessageReader::read(std::string_view text, Message& message) {
  State& state = *state_;
  state.padded.assign(text);
  state.padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
  dom::element root;
  const auto failed = state.whole.parse(state.padded.data(), text.size(), false).get(root);
  if (failed != simdjson::SUCCESS) {
    throw Error(ErrorCode::invalid_json, simdjson::error_message(failed));
  }
  dom::object line;
  if (root.get(line) != simdjson::SUCCESS) {
    throw Error(ErrorCode::validation_error, "expected an object");
  }
  message.id = text_field(line, "id", "a UUID");
  if (!normalize_uuid(message.id)) wrong("id", "a UUID");
  message.stream = text_field(line, "stream", "the name of a stream");
  message.type = text_field(line, "type", "a text that is not empty");
  message.position = position_field(line, "pos", 0);
  message.global_position = position_field(line, "gpos", 1);
  const auto time = parse_time(text_field(line, "time", "a time such as 2026-01-15T10:30:00Z"));
  if (!time) wrong("time", "a time such as 2026-01-15T10:30:00Z");
  message.time = *time;

  const auto data = state.slice("data");
  if (!data) wrong("data", "an object");
  message.data.clear();
  append_compact(message.data, *data);
  message.metadata.clear();
  dom::element meta;
  if (line.at_key("meta").get(meta) == simdjson::SUCCESS && !meta.is_null()) {
    const auto metadata = state.slice("meta");
    if (!metadata) wrong("meta", "an object or null");
    append_compact(message.metadata, *metadata);
  }
}

void append_compact(std::string& out, std::string_view json) {
  const std::size_t begin = out.size();
  out.resize(begin + json.size());
  std::size_t size = 0;
  if (simdjson::minify(json.data(), json.size(), out.data() + begin, size) != simdjson::SUCCESS) {
    throw Error(ErrorCode::invalid_json, "the text is not JSON");
  }
  out.resize(begin + size);
}

bool normalize_uuid(std::string& text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char& c = text[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return false;
      continue;
    }
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + ('a' - 'A'));
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

}  // namespace logctl::messages
