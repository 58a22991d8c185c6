#include "shared/ingest/parser.h"

#include "shared/base/error.h"
#include "shared/ingest/json_walk.h"
#include "shared/ingest/record_reader.h"
#include "shared/ingest/structure_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <limits>

namespace logctl::ingest {
namespace {

// Lines are indexed in pieces of this size, so that the index stays in the cache.
constexpr std::size_t kPiece = 128 * 1024;
// A record of a request is rarely shorter; only used to reserve.
constexpr std::size_t kShortRecord = 256;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace

std::size_t body_padding() { return StructureIndex::padding(); }

struct Parser::State {
  std::shared_ptr<const Rules> rules;
  const Clock& clock;
  StructureIndex index;
  RecordReader reader;
  Walk skipped;           // over what is around the records
  std::string_view body;  // without byte order mark
  const char* origin = nullptr;

  State(std::shared_ptr<const Rules> initial, const Clock& used)
      : rules(std::move(initial)), clock(used) {}

  void start(Batch& batch, std::string&& text, Dialect dialect, std::string_view tenant) {
    if (text.capacity() < text.size() + body_padding()) text.reserve(text.size() + body_padding());
    *batch.body = std::move(text);
    origin = batch.body->data();
    body = without_byte_order_mark(*batch.body);
    reader.begin(*rules, dialect, clock.now(), tenant, batch);
    skipped.begin(*rules, 0);
  }

  void shrink() {
    index.shrink();
    reader.shrink();
    skipped.shrink();
  }

  [[noreturn]] void fail(std::size_t at, std::string_view expected) const {
    const auto distance = static_cast<std::size_t>(body.data() - origin);
    throw Error(ErrorCode::invalid_json,
                "body is not JSON: " + syntax_message(body, at, expected, distance));
  }

  Cursor index_body() {
    if (body.size() > std::numeric_limits<std::uint32_t>::max() / 2) {
      throw Error(ErrorCode::request_too_large,
                  fmt::format("body of {} bytes, at most 2 GiB are read at once", body.size()));
    }
    if (!index.build(body)) {
      const LexicalFault fault = find_lexical_fault(body);
      fail(fault.offset, fault.expected);
    }
    return {body, index.tokens()};
  }

  void expect_end(const Cursor& cursor) const {
    if (!cursor.at_end()) fail(cursor.offset(), "the end of the body");
  }

  void read_element(Cursor& cursor, std::uint32_t number) {
    if (!reader.read(cursor)) fail(cursor.offset(), reader.expected());
    reader.commit(number, index.has_invalid_utf8(), origin);
  }

  // Reads {"log": ...} or {"logs": ...}; calls `value` where the records stand and passes over
  // everything else.
  template <typename Value>
  void read_wrapper(Cursor& cursor, const Value& value) {
    cursor.advance();
    if (cursor.peek() == '}') return cursor.advance();
    while (true) {
      if (cursor.at_end() || cursor.peek() != '"') fail(cursor.offset(), "a key in double quotes");
      const std::string_view key = cursor.string();
      cursor.advance();
      if (cursor.peek() != ':') fail(cursor.offset(), "':' behind the key");
      cursor.advance();
      if (cursor.at_end()) fail(cursor.offset(), "a JSON value");
      if (key == "logs" || key == "log") {
        value(cursor, key);
      } else if (!skipped.value(cursor, 0)) {
        fail(cursor.offset(), skipped.expected());
      }
      const char c = cursor.peek();
      if (c != ',' && c != '}') fail(cursor.offset(), "',' or '}'");
      cursor.advance();
      if (c == '}') return;
    }
  }

  void read_array(Cursor& cursor, std::uint32_t& count) {
    cursor.advance();
    if (cursor.peek() == ']') return cursor.advance();
    while (true) {
      read_counted(cursor, count);
      const char c = cursor.peek();
      if (c != ',' && c != ']') fail(cursor.offset(), "',' or ']'");
      cursor.advance();
      if (c == ']') return;
    }
  }

  void read_counted(Cursor& cursor, std::uint32_t& count) {
    if (count == rules->max_batch_records) {
      throw Error(ErrorCode::batch_too_large,
                  fmt::format("found more than {} records, at most {} are allowed in one request",
                              count, count),
                  "send the records in smaller batches");
    }
    read_element(cursor, count++);
  }

  void read_lines(std::string_view text, std::uint32_t& line);
  void read_line(Cursor& cursor, std::string_view line, std::uint32_t number);
  // Refuses the line before it is indexed or read; false when it may be read.
  bool refuse_large(std::string_view line, std::uint32_t number) {
    if (line.size() <= rules->max_record_bytes) return false;
    reader.reject(number, line, Reason::too_large,
                  fmt::format("found a line of {} bytes, at most {} are allowed", line.size(),
                              rules->max_record_bytes));
    return true;
  }
};

// Gives back unusually large buffers once the batch is done, also on errors.
struct Parser::ShrinkAfter {
  State& state;
  ~ShrinkAfter() { state.shrink(); }
};

// Gives the body of a request that is refused as a whole back to the caller.
struct Parser::GiveBack {
  Batch& batch;
  std::string& body;
  const int exceptions = std::uncaught_exceptions();
  ~GiveBack() {
    if (std::uncaught_exceptions() > exceptions) body = std::move(*batch.body);
  }
};

// `cursor` stands on the first token of the line, or behind it when the line is blank.
void Parser::State::read_line(Cursor& cursor, std::string_view line, std::uint32_t number) {
  if (cursor.at_end() || refuse_large(line, number)) return;
  if (index.has_invalid_utf8() && !is_utf8(line)) {
    const std::size_t at = first_invalid_utf8(line);
    return reader.reject(number, line, Reason::invalid_utf8,
                         fmt::format("byte {}: found 0x{:02x}, expected UTF-8", at,
                                     static_cast<unsigned char>(line[at])));
  }
  std::string_view expected;
  if (!reader.read(cursor)) {
    expected = reader.expected();
  } else if (cursor.within_limit() && cursor.at_end()) {
    return reader.commit(number, false, line.data());
  } else {
    expected = cursor.within_limit() ? "the end of the line" : "the rest of the record";
  }
  const auto start = static_cast<std::size_t>(line.data() - cursor.text());
  const std::size_t at = std::min<std::size_t>(cursor.offset() - start, line.size());
  reader.reject(number, line, Reason::malformed, syntax_message(line, at, expected));
}

// `text` holds whole lines, without the last newline.
void Parser::State::read_lines(std::string_view text, std::uint32_t& line) {
  const auto line_at = [text](std::size_t start) {
    const void* newline = std::memchr(text.data() + start, '\n', text.size() - start);
    return newline ? text.substr(start, static_cast<std::size_t>(static_cast<const char*>(newline) -
                                                                 text.data()) -
                                            start)
                   : text.substr(start);
  };
  const bool indexed = index.build(text);
  Cursor cursor(text, index.tokens());
  for (std::size_t start = 0; start <= text.size(); ++line) {
    const std::string_view one = line_at(start);
    if (indexed) {
      cursor.set_limit(static_cast<std::uint32_t>(start + one.size()));
      read_line(cursor, one, line);
      cursor.seek_limit();
    } else if (refuse_large(one, line)) {
      // Nothing of it is read.
    } else if (index.build(one)) {
      Cursor alone(one, index.tokens());
      read_line(alone, one, line);
    } else {
      const LexicalFault fault = find_lexical_fault(one);
      reader.reject(line, one, Reason::malformed,
                    syntax_message(one, fault.offset, fault.expected));
    }
    start += one.size() + 1;
  }
}

Parser::Parser(std::shared_ptr<const Rules> rules, const Clock& clock)
    : state_(std::make_unique<State>(std::move(rules), clock)) {}
Parser::~Parser() = default;
Parser::Parser(Parser&&) noexcept = default;
Parser& Parser::operator=(Parser&&) noexcept = default;

Batch Parser::parse_one(std::string&& body, Dialect dialect, std::string_view tenant) {
  Batch batch;
  State& state = *state_;
  const ShrinkAfter shrink{state};
  const GiveBack give_back{batch, body};
  state.start(batch, std::move(body), dialect, tenant);
  Cursor cursor = state.index_body();
  if (cursor.at_end()) state.fail(state.body.size(), "a JSON object");
  const auto read = [&state](Cursor& at) {
    if (!state.reader.read(at)) state.fail(at.offset(), state.reader.expected());
  };
  if (dialect == Dialect::cmdlog && is_wrapped(state.body)) {
    int found = 0;
    state.read_wrapper(cursor, [&](Cursor& at, std::string_view) {
      if (++found == 1) return read(at);
      if (!state.skipped.value(at, 0)) state.fail(at.offset(), state.skipped.expected());
    });
    state.expect_end(cursor);
    // One of them would be lost without a word.
    if (found > 1) {
      throw Error(ErrorCode::validation_error,
                  fmt::format("found {} keys \"log\" or \"logs\", expected one", found),
                  "send several records as a batch");
    }
  } else {
    read(cursor);
    state.expect_end(cursor);
  }
  state.reader.commit(0, state.index.has_invalid_utf8(), state.origin);
  return batch;
}

Batch Parser::parse_many(std::string&& body, Dialect dialect, std::string_view tenant) {
  Batch batch;
  State& state = *state_;
  const ShrinkAfter shrink{state};
  const GiveBack give_back{batch, body};
  state.start(batch, std::move(body), dialect, tenant);
  Cursor cursor = state.index_body();
  if (cursor.at_end()) state.fail(state.body.size(), "a JSON array or object");
  batch.records.reserve(
      std::min<std::size_t>(state.rules->max_batch_records, state.body.size() / kShortRecord + 1));
  std::uint32_t count = 0;
  // What stands where the records should; told only once all of it is known to be JSON.
  std::string wrong = "an object without the key \"logs\"";
  const auto pass_over = [&](Cursor& at, std::string_view where) {
    const char* begin = at.here();
    if (!state.skipped.value(at, 0)) state.fail(at.offset(), state.skipped.expected());
    const auto size = static_cast<std::size_t>(at.previous_end(begin) - begin);
    wrong = fmt::format("{}{}", where, excerpt({begin, size}));
  };
  if (cursor.peek() == '[') {
    wrong.clear();
    state.read_array(cursor, count);
  } else if (cursor.peek() == '{') {
    state.read_wrapper(cursor, [&](Cursor& at, std::string_view key) {
      wrong.clear();
      if (at.peek() == '[') {
        state.read_array(at, count);
      } else if (at.peek() == '{' && key == "log") {
        state.read_counted(at, count);
      } else {
        pass_over(at, fmt::format("\"{}\": ", key));
      }
    });
  } else {
    pass_over(cursor, {});
  }
  state.expect_end(cursor);
  if (!wrong.empty()) {
    throw Error(
        ErrorCode::validation_error,
        fmt::format("found {}, expected an array of records or {{\"logs\": [...]}}", wrong));
  }
  if (count == 0) throw Error(ErrorCode::empty_batch, "found no records, expected at least one");
  return batch;
}

Batch Parser::parse_element(std::string&& record, Dialect dialect, std::string_view tenant) {
  Batch batch;
  State& state = *state_;
  const ShrinkAfter shrink{state};
  const GiveBack give_back{batch, record};
  state.start(batch, std::move(record), dialect, tenant);
  Cursor cursor = state.index_body();
  if (cursor.at_end()) state.fail(state.body.size(), "a JSON object");
  if (!state.reader.read(cursor)) state.fail(cursor.offset(), state.reader.expected());
  state.expect_end(cursor);
  state.reader.commit(0, state.index.has_invalid_utf8(), state.origin);
  return batch;
}

Batch Parser::parse_lines(std::string body, std::string_view tenant, std::uint32_t first_line,
                          const LinePlace* place) {
  Batch batch;
  State& state = *state_;
  const ShrinkAfter shrink{state};
  state.start(batch, std::move(body), Dialect::native, tenant);
  if (place != nullptr) state.reader.derive_ids(*place, state.origin);
  std::string_view rest = state.body;
  std::uint32_t line = first_line;
  while (!rest.empty()) {
    // A piece ends before the last newline within reach, or before the next one behind it.
    std::size_t end = rest.size() <= kPiece ? rest.size() : rest.rfind('\n', kPiece);
    if (end == std::string_view::npos) end = std::min(rest.find('\n', kPiece), rest.size());
    const std::string_view piece = rest.substr(0, end);
    if (end > kPiece && state.refuse_large(piece, line)) {
      ++line;  // without a newline within reach, the piece is one line
    } else {
      const bool first = batch.records.empty();
      state.read_lines(piece, line);
      // The first piece tells how long records are here.
      if (first) batch.records.reserve(batch.records.size() * (rest.size() / kPiece + 1) * 9 / 8);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return batch;
}

const Rules& Parser::rules() const { return *state_->rules; }

void Parser::set_rules(std::shared_ptr<const Rules> rules) { state_->rules = std::move(rules); }

bool is_wrapped(std::string_view body) {
  body = without_byte_order_mark(body);
  const auto skip_space = [&body] {
    while (!body.empty() && is_space(body.front())) body.remove_prefix(1);
  };
  skip_space();
  if (!body.starts_with('{')) return false;
  body.remove_prefix(1);
  skip_space();
  return body.starts_with("\"log\"") || body.starts_with("\"logs\"");
}

}  // namespace logctl::ingest
