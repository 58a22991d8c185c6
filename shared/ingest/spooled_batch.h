// A request as it lies in the spool: its good records in a compact binary form, and what became of
// the others. docs/spool-format.md describes the bytes ("Payload").
//
// Decoded records are views into the payload: it must outlive them.
#pragma once

#include "shared/record/record.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::ingest {

// Memory for encoded batches, kept from group to group. Not thread-safe.
class SpoolEncoder {
 public:
  void clear() { size_ = 0; }
  // Appends one batch; its records must be of `tenant`. The bytes are at [returned, size()).
  std::size_t add(const Batch& batch, std::string_view tenant);
  std::size_t size() const { return size_; }
  std::string_view bytes(std::size_t begin, std::size_t end) const {
    return {space_.get() + begin, end - begin};
  }

 private:
  void make_room(std::size_t more);

  std::unique_ptr<char[]> space_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
};

// What a payload tells besides its records.
struct SpooledBatch {
  std::string_view tenant;
  std::uint32_t duplicates = 0;  // known to be duplicates when they came
  std::vector<std::pair<std::string_view, std::uint32_t>> rejected;  // by reason name
  std::uint32_t records = 0;
};

// Appends the records to `records`. Throws Error{io} when the payload is not what `add` makes, and
// Error{drift} when another version made it.
SpooledBatch decode_spooled(std::string_view payload, std::vector<LogRecord>& records);
// Only what precedes the records.
SpooledBatch decode_spooled_head(std::string_view payload);
// Whose it is: `default` when that cannot be read.
std::string spooled_tenant(std::string_view payload);

}  // namespace logctl::ingest
