#include "cli/streams/message_printer.h"

#include "cli/terminal_text.h"
#include "shared/messages/message_json.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace logctl::cli {

Value time_value(const Output& out, storage::MessageTime time) {
  if (out.format() == OutputFormat::table) {
    return Timestamp(std::chrono::floor<microseconds>(time.time_since_epoch()));
  }
  std::string text;
  messages::append_time(text, time);
  return text;
}

Value json_or_null(const std::string& json) { return json.empty() ? Value() : Value::json(json); }

std::vector<Field> message_fields(const Output& out, const storage::Message& message) {
  return {{"stream", message.stream},
          {"position", message.position},
          {"globalPosition", message.global_position},
          {"type", message.type},
          {"time", time_value(out, message.time)},
          {"id", message.id},
          {"data", Value::json(message.data)},
          {"metadata", json_or_null(message.metadata)}};
}

void MessagePrinter::begin() {
  if (std::exchange(begun_, true)) return;
  std::vector<std::string> names;
  for (const auto& [name, value] : message_fields(out_, {})) names.push_back(name);
  out_.begin_table(std::move(names), {{"metadata", "globalPosition", "id", "time"}});
}

void MessagePrinter::add(const storage::Message& message) {
  begin();
  Row row;
  for (auto& [name, value] : message_fields(out_, message)) row.push_back(std::move(value));
  out_.add_row(std::move(row));
}

void MessagePrinter::between_pages() {
  if (out_.format() != OutputFormat::table) return;
  end();
  begun_ = false;
}

void MessagePrinter::end() {
  begin();
  out_.end_table();
}

void LiveMessagePrinter::add(const storage::Message& message) {
  if (out_.json()) return out_.object(message_fields(out_, message));
  if (out_.format() != OutputFormat::table) return rows_.add(message);
  std::string time;
  messages::append_time(time, message.time);
  out_.raw(fmt::format("{}  {} {}  {}  {}\n", time, terminal_safe(message.stream), message.position,
                       terminal_safe(message.type), terminal_safe(message.data)));
}

}  // namespace logctl::cli
