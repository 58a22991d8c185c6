#include "shared/messages/message_json.h"

#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <iterator>

namespace logctl::messages {
namespace {

using std::chrono::nanoseconds;
using storage::Message;
using storage::MessageTime;

void append_number(std::string& out, std::int64_t number) {
  fmt::format_to(std::back_inserter(out), "{}", number);
}

void append_json(std::string& out, std::string_view json) {
  out.append(json.empty() ? std::string_view("null") : json);
}

void append_rest(std::string& out, const Message& message) {
  append_json_string(out, message.type);
  out.push_back(',');
  append_number(out, message.position);
  out.push_back(',');
  append_number(out, message.global_position);
  out.push_back(',');
  append_json(out, message.data);
  out.push_back(',');
  append_json(out, message.metadata);
  out.append(",\"");
  append_time(out, message.time);
  out.append("\"]");
}

}  // namespace

void append_stream_message(std::string& out, const Message& message) {
  out.push_back('[');
  append_json_string(out, message.id);
  out.push_back(',');
  append_rest(out, message);
}

void append_category_message(std::string& out, const Message& message) {
  out.push_back('[');
  append_json_string(out, message.id);
  out.push_back(',');
  append_json_string(out, message.stream);
  out.push_back(',');
  append_rest(out, message);
}

void append_export_line(std::string& out, const Message& message) {
  out.append("{\"id\":");
  append_json_string(out, message.id);
  out.append(",\"stream\":");
  append_json_string(out, message.stream);
  out.append(",\"type\":");
  append_json_string(out, message.type);
  out.append(",\"pos\":");
  append_number(out, message.position);
  out.append(",\"gpos\":");
  append_number(out, message.global_position);
  out.append(",\"data\":");
  append_json(out, message.data);
  out.append(",\"meta\":");
  append_json(out, message.metadata);
  out.append(",\"time\":\"");
  append_time(out, message.time);
  out.append("\"}");
}

void append_time(std::string& out, MessageTime time) {
  const auto whole = std::chrono::floor<seconds>(time);
  const std::int64_t fraction = (time - whole).count();
  append_rfc3339(out, Timestamp(whole.time_since_epoch()));
  if (fraction == 0) return;
  out.pop_back();  // the Z
  std::string digits = fmt::format(".{:09}", fraction);
  digits.erase(digits.find_last_not_of('0') + 1);
  out.append(digits).push_back('Z');
}

std::optional<MessageTime> parse_time(std::string_view text) {
  const auto micros = parse_rfc3339(text);
  if (!micros) return std::nullopt;
  constexpr auto kFirst = std::chrono::sys_days(std::chrono::year(1678) / 1 / 1);
  constexpr auto kEnd = std::chrono::sys_days(std::chrono::year(2262) / 1 / 1);
  if (*micros < kFirst || *micros >= kEnd) return std::nullopt;
  // The three digits behind the six that were kept.
  std::int64_t rest = 0;
  if (const std::size_t dot = text.find('.'); dot != std::string_view::npos) {
    const std::string_view fraction = text.substr(dot + 1);
    const std::string_view digits = fraction.substr(0, fraction.find_first_not_of("0123456789"));
    std::int64_t unit = 100;
    for (std::size_t i = 6; i < digits.size(); ++i, unit /= 10) rest += unit * (digits[i] - '0');
  }
  return MessageTime(nanoseconds(micros->time_since_epoch()) + nanoseconds(rest));
}

}  // namespace logctl::messages
