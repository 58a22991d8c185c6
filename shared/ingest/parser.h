// JSON bytes -> records and rejections. Validates while it reads; a bad record never costs a good
// one.
//
// One Parser per thread: it keeps simdjson's buffers. Text that needs no unescaping stays in the
// body, the rest goes into the batch's arena. `properties` and `device_info` keep their bytes as
// they came, unless secret-like keys had to be taken out.
#pragma once

#include "shared/base/clock.h"
#include "shared/ingest/line_place.h"
#include "shared/ingest/rules.h"
#include "shared/record/record.h"

#include <memory>
#include <string>
#include <string_view>

namespace logctl::ingest {

// Spare capacity that a body should have, so that it is parsed in place; without it one copy is
// made.
std::size_t body_padding();

class Parser {
 public:
  // `clock` must outlive the parser.
  Parser(std::shared_ptr<const Rules> rules, const Clock& clock);
  ~Parser();
  Parser(Parser&&) noexcept;
  Parser& operator=(Parser&&) noexcept;

  // One record: a JSON object, or for Dialect::cmdlog also wrapped as {"log": {...}}. The batch
  // holds one record or one rejection. Throws Error{invalid_json} with the byte offset when the
  // body is not JSON, validation_error when it wraps more than one record. A body that ends in an
  // exception is left as it was.
  Batch parse_one(std::string&& body, Dialect dialect, std::string_view tenant);

  // Many records: {"logs": [...]} or a bare array. Throws Error{invalid_json} (byte offset) when
  // the body is not JSON, empty_batch, batch_too_large (nothing is taken then), validation_error
  // for another shape. An element with invalid UTF-8 or of the wrong type is a rejection. A body
  // that ends in an exception is left as it was.
  Batch parse_many(std::string&& body, Dialect dialect, std::string_view tenant);

  // One record that stood in a batch: a bare object, whatever its first key is called. As parse_one
  // otherwise.
  Batch parse_element(std::string&& record, Dialect dialect, std::string_view tenant);

  // NDJSON: one object per line, blank lines skipped, a last line without newline taken. Never
  // throws for content: a bad line is a rejection whose index is the line's number from
  // `first_line`, counted from 0.
  // With `place`, a record without an id gets one that depends on nothing but place and text.
  Batch parse_lines(std::string body, std::string_view tenant, std::uint32_t first_line = 0,
                    const LinePlace* place = nullptr);

  // Used by requests from now on (after a reload).
  void set_rules(std::shared_ptr<const Rules> rules);
  const Rules& rules() const;

 private:
  struct State;
  struct ShrinkAfter;
  struct GiveBack;
  std::unique_ptr<State> state_;
};

// True when the first JSON key of the body is `log` or `logs`: how POST /api/v1/logs tells
// cmd-log's wrapped bodies from the Log Aggregator's bare ones.
bool is_wrapped(std::string_view body);

}  // namespace logctl::ingest
