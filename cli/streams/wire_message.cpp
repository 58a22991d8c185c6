#include "cli/streams/wire_message.h"

#include "shared/base/error.h"
#include "shared/ingest/json_object.h"
#include "shared/messages/message_json.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace logctl::cli {
namespace {

namespace ondemand = simdjson::ondemand;
using storage::Message;

[[noreturn]] void not_a_message(std::string_view why) {
  throw Error(ErrorCode::unavailable, fmt::format("the daemon sent what is no message: {}", why));
}

// Null is nothing.
void take_object(std::string& out, ondemand::value value) {
  out.clear();
  if (value.type() == ondemand::json_type::null) return;
  const std::string_view raw = value.get_object().value().raw_json();
  ingest::append_object(out, raw, "data");
}

}  // namespace

struct WireMessages::State {
  ondemand::parser parser;
  std::string padded;

  void read(std::string_view json, bool with_stream, Message& message) {
    padded.assign(json);
    padded.resize(json.size() + simdjson::SIMDJSON_PADDING);
    const std::size_t missing = with_stream ? 0 : 1;
    try {
      ondemand::document document =
          parser.iterate(simdjson::padded_string_view(padded.data(), json.size(), padded.size()));
      std::size_t element = 0;
      for (ondemand::value value : document.get_array()) {
        // Without its stream an answer has one element less, behind the id.
        take(element == 0 ? 0 : element + missing, value, message);
        ++element;
      }
      if (element + missing != 8) not_a_message(fmt::format("it has {} elements", element));
    } catch (const simdjson::simdjson_error& error) {
      not_a_message(error.what());
    }
  }

  static void take(std::size_t element, ondemand::value value, Message& message) {
    switch (element) {
      case 0:
        message.id = std::string_view(value.get_string());
        return;
      case 1:
        message.stream = std::string_view(value.get_string());
        return;
      case 2:
        message.type = std::string_view(value.get_string());
        return;
      case 3:
        message.position = value.get_int64();
        return;
      case 4:
        message.global_position = value.get_int64();
        return;
      case 5:
        return take_object(message.data, value);
      case 6:
        return take_object(message.metadata, value);
      case 7: {
        const auto time = messages::parse_time(std::string_view(value.get_string()));
        if (!time) not_a_message("its time is none");
        message.time = *time;
        return;
      }
      default:
        return;
    }
  }
};

WireMessages::WireMessages() : state_(std::make_unique<State>()) {}
WireMessages::~WireMessages() = default;

void WireMessages::read_of_stream(std::string_view json, Message& message) {
  state_->read(json, false, message);
}

void WireMessages::read_of_category(std::string_view json, Message& message) {
  state_->read(json, true, message);
}

}  // namespace logctl::cli
