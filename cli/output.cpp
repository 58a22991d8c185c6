#include "cli/output.h"

#include "cli/counted.h"
#include "cli/relative_time.h"
#include "cli/table_layout.h"
#include "shared/base/json_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace logctl::cli {
namespace {

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

OutputFormat Output::format() const {
  if (settings_.format != OutputFormat::automatic) return settings_.format;
  return settings_.out_is_terminal ? OutputFormat::table : OutputFormat::plain;
}

void Output::table(const std::vector<std::string>& headers, const std::vector<Row>& rows,
                   const Less& less) {
  begin_table(headers, less);
  for (const Row& row : rows) add_row(row);
  end_table();
}

void Output::begin_table(std::vector<std::string> headers, const Less& less) {
  headers_ = std::move(headers);
  less_.clear();
  if (less) {
    for (const std::string_view name : *less) {
      const auto found = std::find(headers_.begin(), headers_.end(), name);
      if (found != headers_.end()) {
        less_.push_back(static_cast<std::size_t>(found - headers_.begin()));
      }
    }
  } else {
    for (std::size_t i = headers_.size(); i > 3; --i) less_.push_back(i - 2);
  }
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

std::string Output::cell(const Value& value) const {
  if (value.is_null()) return "-";
  if (value.time() != nullptr && settings_.relative_to) {
    return relative_time(*value.time(), *settings_.relative_to);
  }
  return terminal_safe(value.to_text());
}

void Output::write_aligned() {
  const std::size_t count = headers_.size();
  std::vector<std::vector<std::string>> cells;
  std::vector<Column> layout(count);
  for (std::size_t i = 0; i < count; ++i) {
    layout[i].width = columns(headers_[i]);
    // These name something, and are there to be copied.
    layout[i].cuttable = i > 0 && headers_[i] != "id";
    layout[i].empty = !rows_.empty();
  }
  for (const Row& row : rows_) {
    auto& line = cells.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      line.push_back(cell(row.at(i)));
      layout[i].width = std::max(layout[i].width, columns(line.back()));
      if (!row[i].is_null()) layout[i].empty = false;
      if (row[i].is_number() || row[i].time() != nullptr) layout[i].cuttable = false;
    }
  }
  fit(layout, settings_.width, less_);
  std::size_t last = 0;
  std::vector<std::string_view> left_out;
  for (std::size_t i = 0; i < count; ++i) {
    if (layout[i].shown) {
      last = i;
    } else {
      left_out.push_back(headers_[i]);
    }
  }
  const auto write_line = [&](const auto& line, const Row* row) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      if (!layout[i].shown) continue;
      const std::string text = shortened(line[i], layout[i].width);
      const std::string padding(layout[i].width - columns(text), ' ');
      const bool right = row != nullptr && row->at(i).is_number();
      if (right) out += padding;
      out += text;
      if (i == last) break;
      if (!right) out += padding;
      out += "  ";
    }
    return out;
  };
  const std::string head = write_line(headers_, nullptr);
  out_.write(settings_.colour ? "\033[1m" + head + "\033[0m\n" : head + "\n");
  for (std::size_t i = 0; i < cells.size(); ++i) out_.write(write_line(cells[i], &rows_[i]) + "\n");
  if (left_out.empty()) return;
  note(fmt::format("{} with -o json: {}", counted(left_out.size(), "more column"),
                   fmt::join(left_out, ", ")));
}

void Output::object(const std::vector<Field>& fields) {
  if (format() == OutputFormat::table) {
    std::size_t width = 0;
    for (const auto& [name, value] : fields) width = std::max(width, columns(name));
    for (const auto& [name, value] : fields) {
      std::string text = cell(value);
      // There is room for both.
      if (value.time() != nullptr && settings_.relative_to) {
        text = fmt::format("{} ({})", value.to_text(), text);
      }
      out_.write(fmt::format("{}:{} {}\n", name, std::string(width - columns(name), ' '), text));
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
  if (!settings_.err_colour) return std::string(text);
  return fmt::format("\033[1;31m{}\033[0m", text);
}

}  // namespace logctl::cli
