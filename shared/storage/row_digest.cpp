#include "shared/storage/row_digest.h"

#include "shared/base/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

namespace logctl::storage {
namespace {

template <typename T>
void append_little_endian(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    out.push_back(static_cast<char>((value >> (8 * i)) & 0xffU));
  }
}

template <typename Pick>
void widen(std::optional<Timestamp>& bound, const std::optional<Timestamp>& other, Pick pick) {
  if (!other) return;
  bound = bound ? pick(*bound, *other) : *other;
}

constexpr auto kEarlier = [](Timestamp a, Timestamp b) { return std::min(a, b); };
constexpr auto kLater = [](Timestamp a, Timestamp b) { return std::max(a, b); };

}  // namespace

void ContentHash::add(const ContentHash& other) {
  low += other.low;
  high += other.high + (low < other.low ? 1 : 0);
}

std::string ContentHash::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

std::optional<ContentHash> parse_content_hash(std::string_view hex) {
  if (hex.size() != 32) return std::nullopt;
  ContentHash hash;
  const auto read = [&](std::size_t at, std::uint64_t& part) {
    const char* end = hex.data() + at + 16;
    return std::from_chars(hex.data() + at, end, part, 16).ptr == end;
  };
  if (!read(0, hash.high) || !read(16, hash.low)) return std::nullopt;
  return hash;
}

void TableDigest::add(const TableDigest& other) {
  rows += other.rows;
  hash.add(other.hash);
  widen(first, other.first, kEarlier);
  widen(last, other.last, kLater);
  widen(last_received, other.last_received, kLater);
}

RowDigest::RowDigest(std::string_view table, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    if (column == "timestamp") timestamp_ = prefixes_.size();
    if (column == "received_at") received_ = prefixes_.size();
    prefixes_.push_back(column + '\0');
  }
  row_ = std::string(table) + '\0';
  head_ = row_.size();
}

void RowDigest::begin() { row_.resize(head_); }

void RowDigest::integer(std::size_t column, std::int64_t value) {
  row_ += prefixes_[column];
  row_ += 'i';
  append_little_endian(row_, static_cast<std::uint64_t>(value));
  if (column == timestamp_) {
    widen(result_.first, from_micros(value), kEarlier);
    widen(result_.last, from_micros(value), kLater);
  } else if (column == received_) {
    widen(result_.last_received, from_micros(value), kLater);
  }
}

void RowDigest::real(std::size_t column, double value) {
  row_ += prefixes_[column];
  row_ += 'r';
  append_little_endian(row_, std::bit_cast<std::uint64_t>(value));
}

void RowDigest::text(std::size_t column, std::string_view value) { bytes(column, 't', value); }

void RowDigest::blob(std::size_t column, std::string_view value) { bytes(column, 'b', value); }

void RowDigest::bytes(std::size_t column, char type, std::string_view value) {
  row_ += prefixes_[column];
  row_ += type;
  append_little_endian(row_, static_cast<std::uint32_t>(value.size()));
  row_ += value;
}

void RowDigest::end() {
  const Fingerprint print = fingerprint(row_, 0);
  result_.hash.add({print.low, print.high});
  ++result_.rows;
}

}  // namespace logctl::storage
