// What commands print: data to standard output in the asked format, everything else to standard
// error.
//
// One thread. Writing throws BrokenPipe when the reader is gone and Error{io} when standard output
// cannot take the data (full disk); notes never throw.
#pragma once

#include "shared/base/clock.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace logctl::cli {

// `automatic` is a table on a terminal and plain when piped.
enum class OutputFormat { automatic, table, json, jsonl, csv, plain };

// The reader of standard output went away; ends the program without a word.
struct BrokenPipe {};

// Where text goes: a file descriptor, or a string in tests.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(std::string_view text) = 0;
  virtual void flush() = 0;
};

class FdSink final : public Sink {
 public:
  FdSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  void write(std::string_view text) override;
  void flush() override;

 private:
  int fd_;
  std::string name_;  // for error messages: "standard output"
  std::string buffer_;
};

class StringSink final : public Sink {
 public:
  void write(std::string_view text) override { text_.append(text); }
  void flush() override {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// One cell, which keeps its type: numbers and nulls stay such in JSON.
class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(bool flag) : value_(flag) {}
  Value(double number) : value_(number) {}
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T number) {
    if constexpr (std::is_signed_v<T>) {
      value_ = static_cast<std::int64_t>(number);
    } else {
      value_ = static_cast<std::uint64_t>(number);
    }
  }
  Value(std::string text) : value_(std::move(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(Timestamp time);  // RFC 3339
  template <typename T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }
  // `text` is one complete JSON value; other formats show it as it is.
  static Value json(std::string text);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_number() const;
  std::string to_text() const;  // null is empty
  void append_json(std::string& out) const;

 private:
  struct Json {
    std::string text;
  };
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Json> value_;
};

using Row = std::vector<Value>;
using Field = std::pair<std::string, Value>;

struct OutputSettings {
  OutputFormat format = OutputFormat::automatic;
  bool quiet = false;
  int verbose = 0;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour = false;    // already decided from terminal, NO_COLOR, TERM and --no-color
  std::size_t width = 0;  // columns of the terminal; 0: unlimited
};

class Output {
 public:
  Output(Sink& out, Sink& err, OutputSettings settings)
      : out_(out), err_(err), settings_(settings) {}

  // Never `automatic`.
  OutputFormat format() const;
  bool json() const { return format() == OutputFormat::json || format() == OutputFormat::jsonl; }
  bool is_terminal() const { return settings_.out_is_terminal; }
  bool err_is_terminal() const { return settings_.err_is_terminal; }
  bool quiet() const { return settings_.quiet; }
  int verbose() const { return settings_.verbose; }

  // A list. Headers are the JSON names too: lower case with underscores.
  void table(const std::vector<std::string>& headers, const std::vector<Row>& rows);
  // The same row by row, for long answers: all formats but `table` write at once. Call begin_table,
  // add_row as often as there are rows, end_table.
  void begin_table(std::vector<std::string> headers);
  void add_row(Row row);
  void end_table();

  // One answer: aligned `name: value` lines, a JSON object, a CSV table of one row, or
  // tab-separated name and value.
  void object(const std::vector<Field>& fields);

  // Text as it is, for data that has a form of its own.
  void raw(std::string_view text);

  // A line to standard error unless --quiet.
  void note(std::string_view text);
  // The same, only with -v.
  void detail(std::string_view text);
  // On a terminal: the line at the bottom of standard error that says how far things are, written
  // over the last one; empty takes it away, which is due before anything else is printed. Nothing
  // elsewhere and with --quiet.
  void progress(std::string_view text);
  // A line to standard error always.
  void error(std::string_view text);
  // Text in bold red on a terminal, for use with error().
  std::string alarming(std::string_view text) const;

  void flush() { out_.flush(); }

 private:
  void write_aligned();

  Sink& out_;
  Sink& err_;
  OutputSettings settings_;
  std::vector<std::string> headers_;
  std::vector<Row> rows_;  // of a table in the making
  bool first_row_ = true;
};

// Control characters (and bytes that are not UTF-8) as \n, \t, \xNN, so that a log line can neither
// break the table nor command the terminal.
std::string terminal_safe(std::string_view text);

}  // namespace logctl::cli
