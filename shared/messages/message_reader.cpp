#include "shared/messages/message_reader.h"

#include "shared/base/error.h"
#include "shared/ingest/json_object.h"
#include "shared/messages/message_json.h"
#include "shared/query/text.h"
#include "shared/storage/message_names.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace logctl::messages {
namespace {

namespace ondemand = simdjson::ondemand;
using storage::Message;

constexpr std::string_view kTime = "a time such as 2026-01-15T10:30:00Z";

[[noreturn]] void wrong(std::string_view field, std::string_view expected) {
  throw Error(ErrorCode::validation_error, fmt::format("field `{}`: expected {}", field, expected));
}

// Each of these throws for another kind of value.
std::string_view text_of(ondemand::value value, std::string_view name, std::string_view expected) {
  if (value.type() != ondemand::json_type::string) wrong(name, expected);
  const std::string_view text = value.get_string();
  if (text.empty() || !query::is_storable_text(text)) wrong(name, expected);
  return text;
}

// What every reader of JSON can hold, and far enough from where counting on would overflow.
constexpr std::int64_t kMostPosition = (std::int64_t{1} << 53) - 1;

std::int64_t position_of(ondemand::value value, std::string_view name, std::int64_t least) {
  std::int64_t number = 0;
  if (value.type() != ondemand::json_type::number ||
      value.get_int64().get(number) != simdjson::SUCCESS || number < least ||
      number > kMostPosition) {
    wrong(name, fmt::format("a whole number from {} to {}", least, kMostPosition));
  }
  return number;
}

// simdjson finds where it ends, what is in it is checked on the way.
void append_member(std::string& out, ondemand::value value, std::string_view name,
                   std::string_view expected) {
  if (value.type() != ondemand::json_type::object) wrong(name, expected);
  const std::string_view raw = value.get_object().value().raw_json();
  out.clear();  // of equal names the last counts
  ingest::append_object(out, raw, name);
}

}  // namespace

struct MessageReader::State {
  ondemand::parser parser;
  std::string padded;

  // Which of the members were there.
  struct Seen {
    bool id = false, stream = false, type = false, position = false, global_position = false,
         data = false, time = false;
  };

  void member(std::string_view name, ondemand::value value, Message& message, Seen& seen) {
    if (name == "id") {
      message.id = text_of(value, name, "a UUID");
      if (!normalize_uuid(message.id)) wrong(name, "a UUID");
      seen.id = true;
    } else if (name == "stream") {
      message.stream = text_of(value, name, "the name of a stream");
      if (message.stream.size() > storage::kMostStreamBytes) {
        wrong(name, fmt::format("at most {} bytes", storage::kMostStreamBytes));
      }
      seen.stream = true;
    } else if (name == "type") {
      message.type = text_of(value, name, "a text that is not empty");
      seen.type = true;
    } else if (name == "pos") {
      message.position = position_of(value, name, 0);
      seen.position = true;
    } else if (name == "gpos") {
      message.global_position = position_of(value, name, 1);
      seen.global_position = true;
    } else if (name == "data") {
      append_member(message.data, value, name, "an object");
      seen.data = true;
    } else if (name == "meta") {
      message.metadata.clear();
      if (value.type() != ondemand::json_type::null) {
        append_member(message.metadata, value, name, "an object or null");
      }
    } else if (name == "time") {
      const auto time = parse_time(text_of(value, name, kTime));
      if (!time) wrong(name, kTime);
      message.time = *time;
      seen.time = true;
    }
  }
};

MessageReader::MessageReader() : state_(std::make_unique<State>()) {}
MessageReader::~MessageReader() = default;

void MessageReader::read(std::string_view text, Message& message) {
  State& state = *state_;
  state.padded.assign(text);
  state.padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
  message.data.clear();
  message.metadata.clear();
  State::Seen seen;
  try {
    ondemand::document document = state.parser.iterate(
        simdjson::padded_string_view(state.padded.data(), text.size(), state.padded.size()));
    if (document.type() != ondemand::json_type::object) {
      throw Error(ErrorCode::validation_error, "expected an object");
    }
    for (ondemand::field field : document.get_object()) {
      const std::string_view name = field.unescaped_key();
      state.member(name, field.value(), message, seen);
    }
    // At the end there is no location any more.
    if (document.current_location().error() == simdjson::SUCCESS) {
      throw simdjson::simdjson_error(simdjson::TRAILING_CONTENT);
    }
  } catch (const simdjson::simdjson_error& error) {
    const std::string fault = ingest::json_fault(text);
    throw Error(ErrorCode::invalid_json,
                fmt::format("not JSON: {}", fault.empty() ? error.what() : fault));
  }
  if (!seen.id) wrong("id", "a UUID");
  if (!seen.stream) wrong("stream", "the name of a stream");
  if (!seen.type) wrong("type", "a text that is not empty");
  if (!seen.position) wrong("pos", "a whole number from 0");
  if (!seen.global_position) wrong("gpos", "a whole number from 1");
  if (!seen.data) wrong("data", "an object");
  if (!seen.time) wrong("time", kTime);
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
