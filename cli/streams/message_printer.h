// Prints messages in the format that was asked for, with the names that the daemon's answers have.
//
// One thread. Each message is written at once, except in tables, which need to know their rows.
#pragma once

#include "cli/output.h"
#include "shared/storage/message_store.h"

#include <vector>

namespace logctl::cli {

class MessagePrinter {
 public:
  // `out` must outlive it.
  explicit MessagePrinter(Output& out) : out_(out) {}
  void add(const storage::Message& message);
  // A long answer becomes one table for each page.
  void between_pages();
  void end();

 private:
  void begin();

  Output& out_;
  bool begun_ = false;
};

// Messages that come while somebody looks on: a table is never finished, so its rows are lines.
class LiveMessagePrinter {
 public:
  explicit LiveMessagePrinter(Output& out) : out_(out), rows_(out) {}
  void add(const storage::Message& message);
  void flush() { out_.flush(); }

 private:
  Output& out_;
  MessagePrinter rows_;
};

// The fields of a message, as an answer has them.
std::vector<Field> message_fields(const Output& out, const storage::Message& message);
// All digits in data, how long ago in tables.
Value time_value(const Output& out, storage::MessageTime time);
// JSON as it is; nothing is null.
Value json_or_null(const std::string& json);

}  // namespace logctl::cli
