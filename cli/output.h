// What commands print: data to standard output in the asked format, everything else to standard
// error.
//
// One thread. Writing throws BrokenPipe when the reader is gone and Error{io} when standard output
// cannot take the data (full disk); notes never throw.
#pragma once

#include "cli/sink.h"
#include "cli/terminal_text.h"
#include "cli/value.h"
#include "shared/base/clock.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// `automatic` is a table on a terminal and plain when piped.
enum class OutputFormat { automatic, table, json, jsonl, csv, plain };

struct OutputSettings {
  OutputFormat format = OutputFormat::automatic;
  bool quiet = false;
  int verbose = 0;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool colour = false;      // already decided from terminal, variables and --no-color
  bool err_colour = false;  // the same of standard error
  std::size_t width = 0;    // columns of the terminal; 0: unlimited
  // Tables say how far times are from this; nothing: the exact time.
  std::optional<Timestamp> relative_to;
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
  bool colour() const { return settings_.colour; }
  std::size_t width() const { return settings_.width; }  // of the terminal; 0: unlimited
  bool quiet() const { return settings_.quiet; }
  int verbose() const { return settings_.verbose; }

  // A list. Headers are the JSON names too: lower case with underscores. `less` names the columns
  // that a terminal without room for all is spared, the first one first; a note says so. Without
  // it: from the last but one to the third.
  using Less = std::optional<std::vector<std::string_view>>;
  void table(const std::vector<std::string>& headers, const std::vector<Row>& rows,
             const Less& less = {});
  // The same row by row, for long answers: all formats but `table` write at once. Call begin_table,
  // add_row as often as there are rows, end_table.
  void begin_table(std::vector<std::string> headers, const Less& less = {});
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
  std::string cell(const Value& value) const;

  Sink& out_;
  Sink& err_;
  OutputSettings settings_;
  std::vector<std::string> headers_;
  std::vector<std::size_t> less_;  // indices of headers
  std::vector<Row> rows_;          // of a table in the making
  bool first_row_ = true;
};

}  // namespace logctl::cli
