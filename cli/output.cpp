#include "cli/output.h"

#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace logctl::cli {
namespace {

constexpr std::size_t kBufferSize = 64 * 1024;

// The length of the UTF-8 sequence at the front of `text`, 0 when there is none. Rejects overlong
// forms, surrogates and what lies beyond U+10FFFF.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return tail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (lead == 0xE0 && byte(1) < 0xA0) return 0;
    if (lead == 0xED && byte(1) >= 0xA0) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (lead == 0xF0 && byte(1) < 0x90) return 0;
    if (lead == 0xF4 && byte(1) >= 0x90) return 0;
    return 4;
  }
  return 0;
}

// Columns that valid UTF-8 takes, one per code point.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

// The first `width` columns of valid UTF-8, the last of them an ellipsis when something was cut.
std::string shortened(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t column = 0; column + 1 < width; ++column) {
    end += std::max<std::size_t>(1, utf8_length(text.substr(end)));
  }
  return std::string(text.substr(0, end)) + "\u2026";
}

// RFC 4180: quoted when needed. Null is nothing, an empty text is a pair of quotes.
void append_csv(std::string& out, const Value& value) {
  if (value.is_null()) return;
  const std::string text = value.to_text();
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

// One line per row and one tab per column must hold whatever the text is.
void append_plain(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out.push_back(c);
    }
  }
}

std::string json_object(const std::vector<std::string>& headers, const Row& row) {
  std::string out = "{";
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_json_string(out, headers[i]);
    out.push_back(':');
    row.at(i).append_json(out);
  }
  out.push_back('}');
  return out;
}

template <typename Range, typename Append>
std::string joined(const Range& cells, char separator, Append append) {
  std::string out;
  bool first = true;
  for (const auto& cell : cells) {
    if (!first) out.push_back(separator);
    first = false;
    append(out, cell);
  }
  return out;
}

}  // namespace

void FdSink::write(std::string_view text) {
  buffer_.append(text);
  if (buffer_.size() >= kBufferSize) flush();
}

void FdSink::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    const int error = errno;
    buffer_.clear();
    if (error == EPIPE) throw BrokenPipe{};
    throw Error(ErrorCode::io, fmt::format("write to {}: {}", name_, errno_text(error)));
  }
  buffer_.clear();
}

Value::Value(Timestamp time) : value_(format_rfc3339(time)) {}

Value Value::json(std::string text) {
  Value value;
  value.value_ = Json{std::move(text)};
  return value;
}

bool Value::is_number() const {
  return std::holds_alternative<std::int64_t>(value_) ||
         std::holds_alternative<std::uint64_t>(value_) || std::holds_alternative<double>(value_);
}

std::string Value::to_text() const {
  if (const auto* text = std::get_if<std::string>(&value_)) return *text;
  if (const auto* json = std::get_if<Json>(&value_)) return json->text;
  if (const auto* flag = std::get_if<bool>(&value_)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value_)) return std::to_string(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value_)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value_)) return fmt::format("{}", *number);
  return {};
}

void Value::append_json(std::string& out) const {
  JsonWriter writer(out);
  if (is_null()) {
    writer.null();
  } else if (const auto* text = std::get_if<std::string>(&value_)) {
    writer.value(*text);
  } else if (const auto* number = std::get_if<double>(&value_)) {
    writer.value(*number);  // knows what to do with NaN
  } else {
    writer.raw(to_text());
  }
}

OutputFormat Output::format() const {
  if (settings_.format != OutputFormat::automatic) return settings_.format;
  return settings_.out_is_terminal ? OutputFormat::table : OutputFormat::plain;
}

void Output::table(const std::vector<std::string>& headers, const std::vector<Row>& rows) {
  begin_table(headers);
  for (const Row& row : rows) add_row(row);
  end_table();
}

void Output::begin_table(std::vector<std::string> headers) {
  headers_ = std::move(headers);
  rows_.clear();
  first_row_ = true;
  if (format() == OutputFormat::csv) {
    out_.write(joined(headers_, ',', append_csv) + "\r\n");
  } else if (format() == OutputFormat::json) {
    out_.write("[");
  }
}

void Output::add_row(Row row) {
  switch (format()) {
    case OutputFormat::automatic:
    case OutputFormat::table:
      rows_.push_back(std::move(row));
      break;
    case OutputFormat::json:
      out_.write(first_row_ ? "\n" : ",\n");
      out_.write(json_object(headers_, row));
      break;
    case OutputFormat::jsonl:
      out_.write(json_object(headers_, row) + "\n");
      break;
    case OutputFormat::csv:
      out_.write(joined(row, ',', append_csv) + "\r\n");
      break;
    case OutputFormat::plain:
      out_.write(
          joined(row, '\t',
                 [](std::string& out, const Value& value) { append_plain(out, value.to_text()); }) +
          "\n");
      break;
  }
  first_row_ = false;
}

void Output::end_table() {
  if (format() == OutputFormat::table) write_aligned();
  if (format() == OutputFormat::json) out_.write(first_row_ ? "]\n" : "\n]\n");
  rows_.clear();
}

void Output::write_aligned() {
  const std::size_t count = headers_.size();
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths(count);
  for (std::size_t i = 0; i < count; ++i) widths[i] = columns(headers_[i]);
  for (const Row& row : rows_) {
    auto& line = cells.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      line.push_back(row.at(i).is_null() ? "-" : terminal_safe(row[i].to_text()));
      widths[i] = std::max(widths[i], columns(line.back()));
    }
  }
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < count; ++i) before_last += widths[i] + 2;
  // Only the last column gives way to a narrow terminal; it holds the longest text by convention.
  if (count > 0 && settings_.width > before_last + 20) {
    widths[count - 1] = std::min(widths[count - 1], settings_.width - before_last);
  }
  const auto write_line = [&](const auto& line, const Row* row) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string cell = shortened(line[i], widths[i]);
      const std::string padding(widths[i] - columns(cell), ' ');
      const bool right = row != nullptr && row->at(i).is_number();
      if (right) out += padding;
      out += cell;
      if (i + 1 == count) break;
      if (!right) out += padding;
      out += "  ";
    }
    return out;
  };
  const std::string head = write_line(headers_, nullptr);
  out_.write(settings_.colour ? "\033[1m" + head + "\033[0m\n" : head + "\n");
  for (std::size_t i = 0; i < cells.size(); ++i) out_.write(write_line(cells[i], &rows_[i]) + "\n");
}

void Output::object(const std::vector<Field>& fields) {
  if (format() == OutputFormat::table) {
    std::size_t width = 0;
    for (const auto& [name, value] : fields) width = std::max(width, columns(name));
    for (const auto& [name, value] : fields) {
      out_.write(fmt::format("{}:{} {}\n", name, std::string(width - columns(name), ' '),
                             value.is_null() ? "-" : terminal_safe(value.to_text())));
    }
    return;
  }
  if (format() == OutputFormat::plain) {
    for (const auto& [name, value] : fields) {
      std::string line = name + "\t";
      append_plain(line, value.to_text());
      out_.write(line + "\n");
    }
    return;
  }
  std::vector<std::string> headers;
  Row row;
  for (const auto& [name, value] : fields) {
    headers.push_back(name);
    row.push_back(value);
  }
  if (format() == OutputFormat::csv) {
    table(headers, {row});
  } else {
    out_.write(json_object(headers, row) + "\n");
  }
}

void Output::raw(std::string_view text) { out_.write(text); }

void Output::note(std::string_view text) {
  if (!settings_.quiet) error(text);
}

void Output::detail(std::string_view text) {
  if (settings_.verbose > 0) note(text);
}

void Output::progress(std::string_view text) {
  if (settings_.quiet || !settings_.err_is_terminal) return;
  try {
    err_.write(fmt::format("\r{}\033[K", text));
    err_.flush();
  } catch (...) {
    // As in error().
  }
}

void Output::error(std::string_view text) {
  try {
    // On a terminal the two streams are read as one.
    if (settings_.out_is_terminal) out_.flush();
    err_.write(std::string(text) + "\n");
    err_.flush();
  } catch (...) {
    // Nobody is left to be told.
  }
}

std::string Output::alarming(std::string_view text) const {
  if (!settings_.colour || !settings_.err_is_terminal) return std::string(text);
  return fmt::format("\033[1;31m{}\033[0m", text);
}

std::string terminal_safe(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto c = static_cast<unsigned char>(text.front());
    // U+0080 to U+009F are control characters too; some terminals obey them.
    const bool c1 = length == 2 && c == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (length == 0 || c < 0x20 || c == 0x7F) {
      out += fmt::format("\\x{:02x}", c);
    } else if (c1) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[1]));
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out;
}

}  // namespace logctl::cli
