// Where the tokens of a JSON text begin: the first stage of simdjson, and the only use of its
// inner interface.
//
// For valid JSON the index holds every structural character ({ } [ ] : ,), the opening quote of
// every string and the first byte of every other scalar, in order. The walk over it is ours,
// because a record needs exact offsets, raw slices and errors per element. One thread; the memory
// is kept between texts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace logctl::ingest {

class StructureIndex {
 public:
  StructureIndex();
  ~StructureIndex();
  StructureIndex(StructureIndex&&) noexcept;
  StructureIndex& operator=(StructureIndex&&) noexcept;

  // Spare bytes that must be readable behind every text.
  static std::size_t padding();

  // Indexes `text`, whose next byte must be readable and either NUL or a newline. False when a
  // string is not closed or holds a control character. Bytes that are not UTF-8 do not matter here:
  // they are reported by has_invalid_utf8(). Throws Error (overloaded) when there is no memory.
  bool build(std::string_view text);

  // Offsets of the tokens; behind the last one stands the text's length, twice.
  const std::uint32_t* tokens() const;
  bool has_invalid_utf8() const { return has_invalid_utf8_; }

  // Gives back the memory of an unusually large text.
  void shrink();

 private:
  struct Stage;
  std::unique_ptr<Stage> stage_;
  std::string masked_;
  bool has_invalid_utf8_ = false;
};

}  // namespace logctl::ingest
