#include "shared/ingest/structure_index.h"

#include "shared/base/error.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <bit>

namespace logctl::ingest {
namespace {

// A larger index is not kept: at four bytes per byte of text it would stay as resident memory.
constexpr std::size_t kKeptCapacity = 4 * 1024 * 1024;
constexpr std::size_t kSmallestCapacity = 64 * 1024;

}  // namespace

struct StructureIndex::Stage {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;

  void reserve(std::size_t size) {
    if (parser && parser->capacity() >= size) return;
    const std::size_t capacity = std::bit_ceil(std::max(size, kSmallestCapacity));
    const auto failed =
        parser ? parser->set_capacity(capacity)
               : simdjson::get_active_implementation()->create_dom_parser_implementation(capacity,
                                                                                         1, parser);
    if (failed) {
      throw Error(ErrorCode::overloaded, fmt::format("no memory to index {} bytes of JSON", size),
                  "send it again later, or in smaller parts");
    }
  }

  simdjson::error_code run(std::string_view text) {
    return parser->stage1(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                          simdjson::stage1_mode::regular);
  }
};

StructureIndex::StructureIndex() : stage_(std::make_unique<Stage>()) {}
StructureIndex::~StructureIndex() = default;
StructureIndex::StructureIndex(StructureIndex&&) noexcept = default;
StructureIndex& StructureIndex::operator=(StructureIndex&&) noexcept = default;

std::size_t StructureIndex::padding() { return simdjson::SIMDJSON_PADDING; }

bool StructureIndex::build(std::string_view text) {
  stage_->reserve(text.size());
  simdjson::error_code error = stage_->run(text);
  has_invalid_utf8_ = error == simdjson::UTF8_ERROR;
  if (has_invalid_utf8_) {
    // Bytes beyond ASCII have no part in the structure, so a copy without them has the same index.
    masked_.reserve(text.size() + padding());
    masked_.assign(text);
    for (char& c : masked_) c = static_cast<signed char>(c) < 0 ? '?' : c;
    error = stage_->run(masked_);
  }
  auto& parser = *stage_->parser;
  if (error == simdjson::EMPTY) {
    parser.n_structural_indexes = 0;
  } else if (error != simdjson::SUCCESS) {
    return false;
  }
  const std::uint32_t n = parser.n_structural_indexes;
  parser.structural_indexes[n] = static_cast<std::uint32_t>(text.size());
  parser.structural_indexes[n + 1] = static_cast<std::uint32_t>(text.size());
  return true;
}

const std::uint32_t* StructureIndex::tokens() const {
  return stage_->parser->structural_indexes.get();
}

void StructureIndex::shrink() {
  if (stage_->parser && stage_->parser->capacity() > kKeptCapacity) stage_->parser.reset();
  if (masked_.capacity() > kKeptCapacity) std::string().swap(masked_);
}

}  // namespace logctl::ingest
