// PostgreSQL's binary form of our rows and arrays: what binary COPY and binary parameters carry.
//
// Pure: no connection. Big-endian; times are microseconds since 2000-01-01; jsonb is a version byte
// and the text. Text is passed on unchecked: the server has the last word.
#pragma once

#include "shared/record/record.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// The columns in the order in which the encoder writes them.
std::string_view copy_columns();
// The tenant that a row gets: absent means `default`.
std::string_view stored_tenant(const LogRecord& record);

// Microseconds since 2000-01-01 <-> our time. Times before 4713 BC, which
// timestamptz does not hold, become its first.
std::int64_t encode_time(Timestamp t);
Timestamp decode_time(std::string_view eight_bytes);

// Builds the stream of one COPY in a buffer that is reused.
class CopyEncoder {
 public:
  // Empties the buffer and writes the signature.
  void begin();
  void add(const LogRecord& record);
  void end();

  // What is in the buffer; the caller sends it and then calls `clear` (or goes on with `add`).
  std::string_view bytes() const { return {buffer_.get(), size_}; }
  void clear() { size_ = 0; }

 private:
  void reserve(std::size_t more);

  std::unique_ptr<char[]> buffer_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// One-dimensional arrays without nulls, as binary parameters.
inline constexpr std::uint32_t kTextArray = 1009;
inline constexpr std::uint32_t kTimeArray = 1185;
inline constexpr std::uint32_t kUuidArray = 2951;
inline constexpr std::uint32_t kTime = 1184;
inline constexpr std::uint32_t kBigintArray = 1016;
inline constexpr std::uint32_t kBigint = 20;
inline constexpr std::uint32_t kText = 25;
std::string encode_array(std::span<const std::string_view> texts);
std::string encode_array(std::span<const Timestamp> times);
std::string encode_array(std::span<const std::int64_t> numbers);
// UUIDs as texts of 36 characters. Throws Error{validation_error} for any other.
std::string encode_uuids(std::span<const std::string_view> uuids);
std::string encode_value(Timestamp t);
std::string encode_value(std::int64_t number);

}  // namespace logctl::storage::postgres
