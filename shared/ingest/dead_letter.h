// A record that was refused for good, with all that is needed to fix it and take it in after all.
//
// As text it is one JSON line: {"id","at","tenant","source","dialect","index","field","reason",
// "message","raw"}. Original text that is not UTF-8 stands in "raw_base64url" instead of "raw";
// where it was cut, "truncated" is true and "raw_bytes" its full length.
#pragma once

#include "shared/base/clock.h"
#include "shared/ingest/rules.h"
#include "shared/record/record.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::ingest {

struct DeadLetter {
  std::string id;  // a UUIDv7
  Timestamp at{};  // when the record came in
  std::string tenant = "default";
  std::string source;  // the path that it came by, or "store" when the store refused it
  Dialect dialect = Dialect::native;
  std::optional<std::uint32_t> index;  // in its request; nothing: `raw` is a whole body
  std::string field;
  std::string reason;  // a reason_name()
  std::string message;
  std::string raw;  // as it was sent; of a record that the store refused: in the native dialect
  std::uint64_t raw_bytes = 0;  // before it was cut

  bool truncated() const { return raw_bytes > raw.size(); }
};

// Names for lines and people: native, change66, cmdlog, aggregator.
std::string_view dialect_name(Dialect dialect);

// The letter of a record that the parser refused; `body` is that of its batch, which must know
// where the record stands. At most `max_raw` bytes of it are kept.
DeadLetter rejected_letter(const Rejection& rejection, std::string_view body,
                           std::uint64_t max_raw);
// The letter of a record that the store refused, with the store's words.
DeadLetter refused_letter(const LogRecord& record, std::string_view message, std::uint64_t max_raw);
// At most `max_raw` bytes of `raw` into the letter; no character is cut in two.
void set_raw(DeadLetter& letter, std::string_view raw, std::uint64_t max_raw);

// Appends the letter as a line, newline included.
void append_line(std::string& out, const DeadLetter& letter);
// Nothing when the line is damaged or no letter.
std::optional<DeadLetter> read_letter(std::string_view line);

}  // namespace logctl::ingest
