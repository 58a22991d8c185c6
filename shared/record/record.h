// The nouns of the log side: a record, the batch that owns its text, and what became of it.
//
// Ownership: the text fields of a LogRecord are views into memory that its Batch keeps alive (the
// request body or the batch's arena). Copying a LogRecord copies views; it must not outlive its
// Batch.
#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl {

// Ordered by severity; `warn` and `warning` are one severity with two spellings, as clients sent
// them.
enum class Level : std::uint8_t {
  none,
  trace,
  debug,
  info,
  notice,
  warn,
  warning,
  error,
  critical,
  fatal
};

// Case-insensitive; also takes the common spellings ERR, CRIT, ALERT, EMERG, PANIC,
// INFORMATION(AL).
std::optional<Level> parse_level(std::string_view text);
// Upper case: "WARN"; empty for none.
std::string_view level_name(Level level);
// 0 (none) to 8 (fatal); equal for warn and warning.
int level_severity(Level level);

// One row of `logs`. Empty text means absent.
struct LogRecord {
  Timestamp timestamp{};
  Timestamp received_at{};
  std::optional<Timestamp> processed_at;
  std::string_view event_id;
  std::string_view tenant = "default";
  std::string_view service;
  std::string_view message;
  std::string_view event_type;
  std::string_view event_name;
  std::string_view user_id;
  std::string_view session_id;
  std::string_view app_version;
  std::string_view host;
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view priority = "normal";
  std::string_view properties;   // a JSON object as text, digits and nulls as they came
  std::string_view device_info;  // the same
  std::optional<std::int64_t> sequence_number;
  Level level = Level::none;
  // True when the client gave an event id but no time: a retry then carries another time, and the
  // side table of recent ids has to recognise it.
  bool dedup_by_id = false;
  bool id_assigned = false;  // the client gave no event id: a repeat cannot be recognised
  std::uint32_t index = 0;   // position in the request, or line number - 1 in a file
};

// Memory for text that lives as long as its owner. Not thread-safe.
class Arena {
 public:
  // A copy of `text` that stays where it is.
  std::string_view copy(std::string_view text);
  // Uninitialised space for `size` bytes.
  char* allocate(std::size_t size);
  std::size_t allocated() const { return allocated_; }

 private:
  static constexpr std::size_t kBlock = 16 * 1024;
  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t allocated_ = 0;
};

// Why a record was refused: one row per reason, because the name is a metric label and part of
// answers.
enum class Reason : std::uint8_t {
  malformed,  // not JSON, or not an object
  invalid_utf8,
  invalid_text,  // NUL or a lone surrogate
  missing_field,
  wrong_type,
  too_long,
  too_large,  // the whole record
  too_deep,
  bad_number,
  bad_timestamp,
  too_old,
  too_new,
  unknown_value,  // event type, level, priority
  refused_by_store,
};
std::string_view reason_name(Reason reason);
std::optional<Reason> parse_reason(std::string_view name);

struct Rejection {
  std::uint32_t index = 0;  // as LogRecord::index
  std::string field;        // empty: the record as a whole
  Reason reason{};
  std::string message;  // what was found and what is allowed
  // Where the record stands in the body of its batch; nowhere when `size` is 0.
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

enum class Outcome : std::uint8_t { stored, duplicate, rejected, failed };

// Records and the memory they point into. Movable, not copyable; the views stay valid across moves.
struct Batch {
  Batch() : arena(std::make_unique<Arena>()), body(std::make_unique<std::string>()) {}

  std::unique_ptr<Arena> arena;
  std::unique_ptr<std::string> body;    // the request body, with room for the parser's padding
  std::string_view tenant = "default";  // of all records, in the batch's memory
  std::string_view owner;  // the key that sent it, in the batch's memory; for fair queues
  std::vector<LogRecord> records;
  std::vector<Rejection> rejections;
  std::uint32_t received = 0;    // records seen in the input: records + duplicates + rejections
  std::uint32_t duplicates = 0;  // taken out of `records` because they are known already

  // Rough memory of this batch, for bounded queues.
  std::size_t cost() const;
};

// What became of one batch, in terms of what the client sent.
struct Receipt {
  std::uint32_t received = 0;
  std::uint32_t stored = 0;
  std::uint32_t duplicates = 0;
  std::vector<Rejection> rejections;
  bool failed =
      false;  // the store could not be reached: nothing may be claimed, the client retries
  std::string failure;  // then, why
};

// The public id of a record: opaque, carries what a look-up needs (timestamp and event id).
struct RecordKey {
  Timestamp timestamp{};
  std::string event_id;
};
std::string format_record_id(Timestamp timestamp, std::string_view event_id);
std::optional<RecordKey> parse_record_id(std::string_view id);

}  // namespace logctl
