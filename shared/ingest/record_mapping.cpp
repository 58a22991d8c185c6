// How RecordReader applies the field map: values inside of containers, and defaults.

#include "shared/ingest/record_reader.h"
#include "shared/ingest/record_texts.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace logctl::ingest {
namespace {

// Moves from an object to the key that `keys` lead to; false when it is not there.
bool enter(Cursor& cursor, std::span<const std::string> keys) {
  const auto pass_value = [&cursor] {
    int depth = 0;
    do {
      const char c = cursor.peek();
      if (c == '{' || c == '[') ++depth;
      if (c == '}' || c == ']') --depth;
      cursor.advance();
    } while (depth > 0);
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) cursor.advance(2);
    if (cursor.peek() != '{') return false;
    cursor.advance();
    while (cursor.peek() == '"' && cursor.string() != keys[i]) {
      cursor.advance(2);
      pass_value();
      if (cursor.peek() == ',') cursor.advance();
    }
    if (cursor.peek() != '"') return false;
  }
  return true;
}

}  // namespace

// Reads what the field map finds inside of this value, which is known to be JSON, and walks it once
// more to leave that out.
bool RecordReader::move_mapped(std::string_view name, unsigned depth, Piece& piece) {
  std::vector<const char*> moved;
  for (const FieldMap::Nested& nested : rules_->field_map.nested()) {
    if (nested.keys.front() != name) continue;
    Cursor cursor(piece.text, piece.token);
    if (!enter(cursor, std::span(nested.keys).subspan(1))) continue;
    const char* key = cursor.here();
    const auto dropped = [key](const Cut& cut) { return key >= cut.from && key < cut.to; };
    const auto first = walk_.cuts().begin() + static_cast<std::ptrdiff_t>(piece.first_cut);
    if (std::any_of(first, walk_.cuts().end(), dropped)) continue;
    moved.push_back(key);
    cursor.advance(2);
    if (!field_value(cursor, nested.field, nested.keys.back())) return false;
  }
  if (moved.empty()) return true;
  piece.moved = true;
  walk_.leave_out(std::move(moved), piece.first_cut);
  Cursor again(piece.text, piece.token);
  return walk_.value(again, depth);
}

void RecordReader::fill_defaults() {
  const auto fill = [](std::string_view& value, std::string_view by) {
    if (value.empty()) value = by;
  };
  for (std::size_t i = 0; i < defaults_.size(); ++i) {
    const FieldMap::Default& entry = rules_->field_map.defaults()[i];
    if (entry.field == Field::timestamp) {
      if (!timestamp_) timestamp_ = entry.time;
    } else if (entry.field == Field::level) {
      fill(level_, defaults_[i]);
    } else if (entry.field == Field::priority) {
      fill(priority_, defaults_[i]);
    } else {
      fill(record_.*kTexts[static_cast<std::size_t>(entry.field)].member, defaults_[i]);
    }
  }
}

}  // namespace logctl::ingest
