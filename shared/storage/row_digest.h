// What a table holds, in a few numbers that two stores, or a store and its backup, can compare.
//
// The hash is the sum, modulo 2^128, of XXH3-128 over the canonical bytes of each row. A sum needs
// no order. Canonical bytes: the table's name and a NUL; then for every value that is not absent,
// in the order of column names: the name, a NUL, a letter for the type, the value. `i` and `r` are
// followed by 8 bytes (an integer, a double; times are microseconds since 1970), `t` and `b` by a
// length of 4 bytes and the text or blob. Numbers are little-endian.
//
// It finds what was lost or changed by accident. It is no proof against somebody who wants two
// tables to look alike: that is what SHA-256 of the files is for.
#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

struct ContentHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  void add(const ContentHash& other);
  std::string hex() const;  // 32 digits
  bool operator==(const ContentHash&) const = default;
};
std::optional<ContentHash> parse_content_hash(std::string_view hex);

struct TableDigest {
  std::uint64_t rows = 0;
  ContentHash hash;
  // Of the columns `timestamp` and `received_at`, where they are integers.
  std::optional<Timestamp> first;
  std::optional<Timestamp> last;
  std::optional<Timestamp> last_received;

  void add(const TableDigest& other);
};

// Adds up rows. Not thread-safe.
class RowDigest {
 public:
  // `columns` in the order of their names.
  RowDigest(std::string_view table, const std::vector<std::string>& columns);

  // One row: begin, the values in the order of columns (absent ones are left out), end.
  void begin();
  void integer(std::size_t column, std::int64_t value);
  void real(std::size_t column, double value);
  void text(std::size_t column, std::string_view value);
  void blob(std::size_t column, std::string_view value);
  void end();

  const TableDigest& result() const { return result_; }

 private:
  void bytes(std::size_t column, char type, std::string_view value);

  std::vector<std::string> prefixes_;  // name and NUL
  std::size_t timestamp_ = SIZE_MAX;
  std::size_t received_ = SIZE_MAX;
  std::string row_;
  std::size_t head_ = 0;  // bytes of row_ that every row has
  TableDigest result_;
};

}  // namespace logctl::storage
