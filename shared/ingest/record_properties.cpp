// How RecordReader puts a record's properties together from its containers and unknown keys.

#include "shared/ingest/record_reader.h"

#include <algorithm>
#include <cstring>

namespace logctl::ingest {

void RecordReader::assign_properties() {
  record_.device_info = without_cuts(device_info_);
  // The first container that is there gives the members, the others are members themselves.
  const Piece* container = nullptr;
  for (const Piece& piece : containers_) {
    if (piece.raw.empty()) continue;
    if (container == nullptr) {
      container = &piece;
    } else {
      extras_.push_back(piece);
    }
  }
  if (extras_.empty()) {
    if (container != nullptr) record_.properties = without_cuts(*container);
    return;
  }
  if (container != nullptr) settle_names(*container);
  std::size_t bound = 2 + (container != nullptr ? container->raw.size() : 0);
  for (const Piece& extra : extras_) {
    bound += extra.underscores + extra.raw_key.size() + extra.raw.size() + 4;
  }
  char* const space = batch_->arena->allocate(bound);
  char* out = space;
  if (container != nullptr) {
    out += write(*container, out).size() - 1;  // without the closing brace
    while (is_space(out[-1])) --out;
  } else {
    *out++ = '{';
  }
  bool need_comma = out - space > 1;
  const auto put = [&out](std::string_view part) {
    std::memcpy(out, part.data(), part.size());
    out += part.size();
  };
  for (const Piece& extra : extras_) {
    if (need_comma) *out++ = ',';
    need_comma = true;
    *out++ = '"';
    out = std::fill_n(out, extra.underscores, '_');
    put(extra.raw_key);
    put("\":");
    out += write(extra, out).size();
  }
  *out++ = '}';
  record_.properties = {space, static_cast<std::size_t>(out - space)};
}

// Gives an extra whose name is a property already as many underscores as it takes.
void RecordReader::settle_names(const Piece& container) {
  names_.clear();
  Cursor cursor(container.text, container.token);
  int depth = 0;
  do {
    const char c = cursor.peek();
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth == 1 && c == '"' && cursor.peek_after() == ':') {
      std::string_view name = cursor.string();
      if (name.find('\\') != std::string_view::npos) {
        char* space = batch_->arena->allocate(name.size());
        name = {space, unescape(name, space).size};
      }
      names_.push_back(name);
    }
    cursor.advance();
  } while (depth > 0);
  std::sort(names_.begin(), names_.end());
  const auto taken = [this](std::string_view name, std::size_t known) {
    return std::binary_search(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(known),
                              name);
  };
  const std::size_t properties = names_.size();
  const bool clash = std::any_of(extras_.begin(), extras_.end(),
                                 [&](const Piece& extra) { return taken(extra.key, properties); });
  if (!clash) return;
  std::vector<std::string_view> of_container = names_;
  for (const Piece& extra : extras_) names_.push_back(extra.key);
  std::sort(names_.begin(), names_.end());
  for (Piece& extra : extras_) {
    if (!std::binary_search(of_container.begin(), of_container.end(), extra.key)) continue;
    scratch_ = extra.key;
    while (taken(scratch_, names_.size())) scratch_.insert(scratch_.begin(), '_');
    extra.underscores = scratch_.size() - extra.key.size();
  }
}

std::string_view RecordReader::write(const Piece& piece, char* out) const {
  char* const start = out;
  const char* from = piece.raw.data();
  const auto put = [&out](const char* begin, const char* end) {
    std::memcpy(out, begin, static_cast<std::size_t>(end - begin));
    out += end - begin;
  };
  for (std::size_t i = piece.first_cut; i < piece.end_cut; ++i) {
    const Cut& cut = walk_.cuts()[i];
    put(from, cut.from);
    from = cut.to;
  }
  put(from, piece.raw.data() + piece.raw.size());
  return {start, static_cast<std::size_t>(out - start)};
}

std::string_view RecordReader::without_cuts(const Piece& piece) {
  if (piece.raw.empty() || piece.first_cut == piece.end_cut) return piece.raw;
  return write(piece, batch_->arena->allocate(piece.raw.size()));
}

}  // namespace logctl::ingest
