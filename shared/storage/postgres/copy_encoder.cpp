#include "shared/storage/postgres/copy_encoder.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstring>

namespace logctl::storage::postgres {
namespace {

constexpr std::int16_t kColumns = 20;
constexpr std::string_view kColumnList =
    "timestamp, event_id, tenant, received_at, service, level, message, event_type, event_name, "
    "user_id, session_id, app_version, host, trace_id, span_id, sequence_number, priority, "
    "properties, device_info, processed_at";
constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);

// Every field has a length of four bytes; times and numbers add eight, jsonb one.
constexpr std::size_t kFixedBytes = 2 + kColumns * 4 + 4 * 8 + 2;

constexpr std::int64_t kEpoch =
    std::chrono::microseconds(
        std::chrono::sys_days(std::chrono::year(2000) / 1 / 1).time_since_epoch())
        .count();
// timestamptz begins in 4713 BC; its end lies beyond ours.
constexpr std::int64_t kFirst = -211'813'488'000'000'000;

constexpr std::uint32_t kTimeType = 1184;
constexpr std::uint32_t kUuidType = 2950;
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kUuidText = 36;

// Writes at a place that is known to have room.
class Cursor {
 public:
  explicit Cursor(char* at) : at_(at) {}

  template <typename T>
  void number(T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    if constexpr (std::endian::native == std::endian::little) {
      if constexpr (sizeof(T) == 2) bits = __builtin_bswap16(bits);
      if constexpr (sizeof(T) == 4) bits = __builtin_bswap32(bits);
      if constexpr (sizeof(T) == 8) bits = __builtin_bswap64(bits);
    }
    std::memcpy(at_, &bits, sizeof bits);
    at_ += sizeof bits;
  }

  void raw(std::string_view bytes) { at_ = std::ranges::copy(bytes, at_).out; }

  void null() { number(std::int32_t{-1}); }

  void text(std::string_view value) {
    if (value.empty()) return null();
    required(value);
  }

  void required(std::string_view value) {
    number(static_cast<std::int32_t>(value.size()));
    raw(value);
  }

  void json(std::string_view value) {
    if (value.empty()) return null();
    number(static_cast<std::int32_t>(value.size() + 1));
    *at_++ = 1;
    raw(value);
  }

  void bigint(std::int64_t value) {
    number(std::int32_t{8});
    number(value);
  }

  void time(Timestamp value) { bigint(encode_time(value)); }

  char* at() const { return at_; }

 private:
  char* at_;
};

std::size_t text_bytes(const LogRecord& r) {
  return r.event_id.size() + r.service.size() + r.message.size() + r.event_type.size() +
         r.event_name.size() + r.user_id.size() + r.session_id.size() + r.app_version.size() +
         r.host.size() + r.trace_id.size() + r.span_id.size() + r.priority.size() +
         r.properties.size() + r.device_info.size();
}

void array_header(Cursor& to, std::uint32_t type, std::size_t size) {
  to.number(std::int32_t{size > 0 ? 1 : 0});  // dimensions
  to.number(std::int32_t{0});                 // no nulls
  to.number(type);
  if (size == 0) return;
  to.number(static_cast<std::int32_t>(size));
  to.number(std::int32_t{1});  // first index
}

constexpr std::size_t kArrayHeader = 20;

std::string uuid_bytes(std::string_view text) {
  std::string bytes;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (bytes.size() < kUuidBytes && end - at >= 2) {
    unsigned char byte = 0;
    if (const auto read = std::from_chars(at, at + 2, byte, 16); read.ptr != at + 2) break;
    bytes.push_back(static_cast<char>(byte));
    at += 2;
    if (at != end && *at == '-') ++at;
  }
  if (bytes.size() == kUuidBytes && at == end && text.size() == kUuidText) return bytes;
  throw Error(ErrorCode::validation_error, fmt::format("expected a UUID, found '{}'", text));
}

}  // namespace

std::string_view copy_columns() { return kColumnList; }

std::string_view stored_tenant(const LogRecord& record) {
  return record.tenant.empty() ? std::string_view("default") : record.tenant;
}

std::int64_t encode_time(Timestamp t) { return std::max(to_micros(t), kFirst + kEpoch) - kEpoch; }

Timestamp decode_time(std::string_view eight_bytes) {
  std::uint64_t bits = 0;
  for (const char c : eight_bytes.substr(0, 8)) bits = bits << 8U | static_cast<unsigned char>(c);
  return from_micros(static_cast<std::int64_t>(bits) + kEpoch);
}

void CopyEncoder::reserve(std::size_t more) {
  if (size_ + more <= capacity_) return;
  const std::size_t wanted = std::max(size_ + more, capacity_ * 2);
  auto larger = std::make_unique_for_overwrite<char[]>(wanted);
  if (size_ > 0) std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
  capacity_ = wanted;
}

void CopyEncoder::begin() {
  size_ = 0;
  reserve(kSignature.size());
  std::memcpy(buffer_.get(), kSignature.data(), kSignature.size());
  size_ = kSignature.size();
}

void CopyEncoder::end() {
  reserve(2);
  Cursor to(buffer_.get() + size_);
  to.number(std::int16_t{-1});
  size_ += 2;
}

void CopyEncoder::add(const LogRecord& r) {
  constexpr std::string_view kDefaultPriority = "normal";
  const std::string_view level = level_name(r.level);
  const std::string_view tenant = stored_tenant(r);
  reserve(kFixedBytes + tenant.size() + level.size() + kDefaultPriority.size() + text_bytes(r));

  Cursor to(buffer_.get() + size_);
  to.number(kColumns);
  to.time(r.timestamp);
  to.required(r.event_id);
  to.required(tenant);
  to.time(r.received_at);
  to.text(r.service);
  to.text(level);
  to.text(r.message);
  to.text(r.event_type);
  to.text(r.event_name);
  to.text(r.user_id);
  to.text(r.session_id);
  to.text(r.app_version);
  to.text(r.host);
  to.text(r.trace_id);
  to.text(r.span_id);
  if (r.sequence_number) {
    to.bigint(*r.sequence_number);
  } else {
    to.null();
  }
  to.required(r.priority.empty() ? kDefaultPriority : r.priority);
  to.json(r.properties);
  to.json(r.device_info);
  if (r.processed_at) {
    to.time(*r.processed_at);
  } else {
    to.null();
  }
  size_ = static_cast<std::size_t>(to.at() - buffer_.get());
}

std::string encode_array(std::span<const std::string_view> texts) {
  std::size_t size = kArrayHeader;
  for (const std::string_view text : texts) size += 4 + text.size();
  std::string result(size, '\0');
  Cursor to(result.data());
  array_header(to, kText, texts.size());
  for (const std::string_view text : texts) to.required(text);
  result.resize(static_cast<std::size_t>(to.at() - result.data()));
  return result;
}

std::string encode_array(std::span<const Timestamp> times) {
  std::string result(kArrayHeader + times.size() * 12, '\0');
  Cursor to(result.data());
  array_header(to, kTimeType, times.size());
  for (const Timestamp t : times) to.time(t);
  result.resize(static_cast<std::size_t>(to.at() - result.data()));
  return result;
}

std::string encode_array(std::span<const std::int64_t> numbers) {
  std::string result(kArrayHeader + numbers.size() * 12, '\0');
  Cursor to(result.data());
  array_header(to, kBigint, numbers.size());
  for (const std::int64_t number : numbers) to.bigint(number);
  result.resize(static_cast<std::size_t>(to.at() - result.data()));
  return result;
}

std::string encode_uuids(std::span<const std::string_view> uuids) {
  std::string result(kArrayHeader + uuids.size() * (4 + kUuidBytes), '\0');
  Cursor to(result.data());
  array_header(to, kUuidType, uuids.size());
  for (const std::string_view uuid : uuids) to.required(uuid_bytes(uuid));
  result.resize(static_cast<std::size_t>(to.at() - result.data()));
  return result;
}

std::string encode_value(Timestamp t) { return encode_value(encode_time(t)); }

std::string encode_value(std::int64_t number) {
  std::string result(8, '\0');
  Cursor(result.data()).number(number);
  return result;
}

}  // namespace logctl::storage::postgres
