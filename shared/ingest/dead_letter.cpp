#include "shared/ingest/dead_letter.h"

#include "shared/base/ids.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"
#include "shared/ingest/json_text.h"
#include "shared/ingest/native_json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <limits>

namespace logctl::ingest {
namespace {

constexpr std::array<std::string_view, 4> kDialects = {"native", "change66", "cmdlog",
                                                       "aggregator"};

using Object = simdjson::dom::object;

bool text_of(const Object& object, std::string_view key, std::string& out) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}

bool read_raw(const Object& object, DeadLetter& letter) {
  std::string encoded;
  if (text_of(object, "raw_base64url", encoded)) {
    if (!base64url_decode(encoded, letter.raw)) return false;
  } else if (!text_of(object, "raw", letter.raw)) {
    return false;
  }
  letter.raw_bytes = letter.raw.size();
  bool truncated = false;
  if (object["truncated"].get(truncated) == simdjson::SUCCESS && truncated) {
    return object["raw_bytes"].get(letter.raw_bytes) == simdjson::SUCCESS;
  }
  return true;
}

bool read_dialect(const Object& object, Dialect& dialect) {
  std::string name;
  if (!text_of(object, "dialect", name)) return false;
  const auto found = std::ranges::find(kDialects, name);
  if (found == kDialects.end()) return false;
  dialect = static_cast<Dialect>(found - kDialects.begin());
  return true;
}

bool read_index(const Object& object, std::optional<std::uint32_t>& index) {
  const auto value = object["index"];
  if (value.error() != simdjson::SUCCESS || value.is_null()) return true;
  std::uint64_t number = 0;
  if (value.get(number) != simdjson::SUCCESS) return false;
  if (number > std::numeric_limits<std::uint32_t>::max()) return false;
  index = static_cast<std::uint32_t>(number);
  return true;
}

}  // namespace

std::string_view dialect_name(Dialect dialect) {
  return kDialects[static_cast<std::size_t>(dialect)];
}

void set_raw(DeadLetter& letter, std::string_view raw, std::uint64_t max_raw) {
  letter.raw_bytes = raw.size();
  if (raw.size() > max_raw) {
    const auto inside_character = [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    };
    std::size_t end = max_raw;
    // A character has at most three bytes that continue it.
    for (int i = 0; i < 3 && end > 0 && inside_character(raw[end]); ++i) --end;
    raw = raw.substr(0, end);
  }
  letter.raw = raw;
}

DeadLetter rejected_letter(const Rejection& rejection, std::string_view body,
                           std::uint64_t max_raw) {
  DeadLetter letter;
  letter.index = rejection.index;
  letter.field = rejection.field;
  letter.reason = reason_name(rejection.reason);
  letter.message = rejection.message;
  set_raw(letter, body.substr(rejection.offset, rejection.size), max_raw);
  return letter;
}

DeadLetter refused_letter(const LogRecord& record, std::string_view message,
                          std::uint64_t max_raw) {
  DeadLetter letter;
  letter.at = record.received_at;
  letter.tenant = record.tenant;
  letter.source = "store";
  letter.index = record.index;
  letter.reason = reason_name(Reason::refused_by_store);
  letter.message = message;
  set_raw(letter, native_json(record), max_raw);
  return letter;
}

void append_line(std::string& out, const DeadLetter& letter) {
  JsonWriter writer(out);
  writer.begin_object()
      .field("id", letter.id)
      .field("at", letter.at)
      .field("tenant", letter.tenant)
      .field("source", letter.source)
      .field("dialect", dialect_name(letter.dialect))
      .key("index");
  letter.index ? writer.value(*letter.index) : writer.null();
  // Fields and messages quote what the client sent, which need not be text.
  writer.field("field", is_utf8(letter.field) ? letter.field : ingest::quoted(letter.field))
      .field("reason", letter.reason)
      .field("message", is_utf8(letter.message) ? letter.message : ingest::quoted(letter.message));
  if (is_utf8(letter.raw)) {
    writer.field("raw", letter.raw);
  } else {
    writer.field("raw_base64url", base64url_encode(letter.raw));
  }
  if (letter.truncated()) writer.field("truncated", true).field("raw_bytes", letter.raw_bytes);
  writer.end_object();
  out += '\n';
}

std::optional<DeadLetter> read_letter(std::string_view line) {
  simdjson::dom::parser parser;
  Object object;
  if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) return std::nullopt;
  DeadLetter letter;
  std::string at;
  const bool complete =
      text_of(object, "id", letter.id) && !letter.id.empty() && text_of(object, "at", at) &&
      text_of(object, "tenant", letter.tenant) && text_of(object, "source", letter.source) &&
      text_of(object, "field", letter.field) && text_of(object, "reason", letter.reason) &&
      text_of(object, "message", letter.message) && read_dialect(object, letter.dialect) &&
      read_index(object, letter.index) && read_raw(object, letter);
  const std::optional<Timestamp> time = parse_rfc3339(at);
  if (!complete || !time) return std::nullopt;
  letter.at = *time;
  return letter;
}

}  // namespace logctl::ingest
