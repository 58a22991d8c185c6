#include "shared/ingest/spooled_batch.h"

#include "shared/base/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <map>

namespace logctl::ingest {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kLongestVarint = 10;

// The order is part of the format: a record's mask has one bit for each, from the lowest.
constexpr std::array kTexts = {
    &LogRecord::event_id,   &LogRecord::service,     &LogRecord::message,
    &LogRecord::event_type, &LogRecord::event_name,  &LogRecord::user_id,
    &LogRecord::session_id, &LogRecord::app_version, &LogRecord::host,
    &LogRecord::trace_id,   &LogRecord::span_id,     &LogRecord::priority,
    &LogRecord::properties, &LogRecord::device_info,
};
constexpr std::uint16_t kProcessedAt = 1U << 14;
constexpr std::uint16_t kSequenceNumber = 1U << 15;
static_assert(kTexts.size() == 14);
constexpr std::uint8_t kDedupById = 1;
constexpr std::uint8_t kAssignedId = 2;

// mask, level, flags, index, four numbers, and the lengths of the texts
constexpr std::size_t kMostPerRecord = 2 + 1 + 1 + kLongestVarint + 4 * 8 + 14 * kLongestVarint;

static_assert(std::endian::native == std::endian::little, "the numbers are written as they are");

class Writer {
 public:
  explicit Writer(char* to) : to_(to) {}
  template <typename T>
  void raw(T value) {
    std::memcpy(to_, &value, sizeof(value));
    to_ += sizeof(value);
  }
  void time(Timestamp t) { raw(to_micros(t)); }
  void varint(std::uint64_t value) {
    while (value >= 0x80) {
      *to_++ = static_cast<char>(value | 0x80);
      value >>= 7;
    }
    *to_++ = static_cast<char>(value);
  }
  void text(std::string_view text) {
    varint(text.size());
    std::memcpy(to_, text.data(), text.size());
    to_ += text.size();
  }
  char* end() const { return to_; }

 private:
  char* to_;
};

class Reader {
 public:
  explicit Reader(std::string_view from) : from_(from) {}
  template <typename T>
  T raw() {
    T value;
    need(sizeof(value));
    std::memcpy(&value, from_.data(), sizeof(value));
    from_.remove_prefix(sizeof(value));
    return value;
  }
  Timestamp time() { return from_micros(raw<std::int64_t>()); }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = raw<std::uint8_t>();
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    throw broken();
  }
  std::uint32_t number() {
    const std::uint64_t value = varint();
    if (value > UINT32_MAX) throw broken();
    return static_cast<std::uint32_t>(value);
  }
  std::string_view text() {
    const std::uint64_t size = varint();
    need(size);
    const std::string_view result = from_.substr(0, size);
    from_.remove_prefix(size);
    return result;
  }
  bool at_end() const { return from_.empty(); }

  static Error broken() {
    return Error(ErrorCode::io, "a frame of the spool does not hold a batch of records");
  }

 private:
  void need(std::uint64_t size) const {
    if (size > from_.size()) throw broken();
  }
  std::string_view from_;
};

std::map<std::string_view, std::uint32_t> count_reasons(const Batch& batch) {
  std::map<std::string_view, std::uint32_t> counts;
  for (const Rejection& rejection : batch.rejections) ++counts[reason_name(rejection.reason)];
  return counts;
}

void write_record(Writer& out, const LogRecord& record) {
  std::uint16_t mask = 0;
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    if (!(record.*kTexts[i]).empty()) mask |= static_cast<std::uint16_t>(1U << i);
  }
  if (record.processed_at) mask |= kProcessedAt;
  if (record.sequence_number) mask |= kSequenceNumber;
  out.raw(mask);
  out.raw(static_cast<std::uint8_t>(record.level));
  out.raw(static_cast<std::uint8_t>((record.dedup_by_id ? kDedupById : 0) |
                                    (record.id_assigned ? kAssignedId : 0)));
  out.varint(record.index);
  out.time(record.timestamp);
  out.time(record.received_at);
  if (record.processed_at) out.time(*record.processed_at);
  if (record.sequence_number) out.raw(*record.sequence_number);
  for (const auto member : kTexts) {
    if (!(record.*member).empty()) out.text(record.*member);
  }
}

LogRecord read_record(Reader& in, std::string_view tenant) {
  LogRecord record;
  record.tenant = tenant;
  const auto mask = in.raw<std::uint16_t>();
  const auto level = in.raw<std::uint8_t>();
  if (level > static_cast<std::uint8_t>(Level::fatal)) throw Reader::broken();
  record.level = static_cast<Level>(level);
  const auto flags = in.raw<std::uint8_t>();
  record.dedup_by_id = (flags & kDedupById) != 0;
  record.id_assigned = (flags & kAssignedId) != 0;
  record.index = in.number();
  record.timestamp = in.time();
  record.received_at = in.time();
  if ((mask & kProcessedAt) != 0) record.processed_at = in.time();
  if ((mask & kSequenceNumber) != 0) record.sequence_number = in.raw<std::int64_t>();
  record.priority = {};
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    if ((mask & (1U << i)) != 0) record.*kTexts[i] = in.text();
  }
  return record;
}

SpooledBatch read_head(Reader& in) {
  if (const auto version = in.raw<std::uint8_t>(); version != kVersion) {
    throw Error(ErrorCode::drift,
                "a frame of the spool was written by another version of logctl (payload version " +
                    std::to_string(version) + ", this binary knows " + std::to_string(kVersion) +
                    ")");
  }
  SpooledBatch head;
  head.tenant = in.text();
  head.duplicates = in.number();
  const std::uint32_t reasons = in.number();
  for (std::uint32_t i = 0; i < reasons; ++i) {
    const std::string_view reason = in.text();
    head.rejected.emplace_back(reason, in.number());
  }
  head.records = in.number();
  return head;
}

}  // namespace

std::size_t SpoolEncoder::add(const Batch& batch, std::string_view tenant) {
  const std::map<std::string_view, std::uint32_t> reasons = count_reasons(batch);
  std::size_t most = 1 + tenant.size() + 4 * kLongestVarint;
  for (const auto& [reason, count] : reasons) most += reason.size() + 2 * kLongestVarint;
  for (const LogRecord& record : batch.records) {
    most += kMostPerRecord;
    for (const auto member : kTexts) most += (record.*member).size();
  }
  make_room(most);

  const std::size_t begin = size_;
  Writer out(space_.get() + begin);
  out.raw(kVersion);
  out.text(tenant);
  out.varint(batch.duplicates);
  out.varint(reasons.size());
  for (const auto& [reason, count] : reasons) {
    out.text(reason);
    out.varint(count);
  }
  out.varint(batch.records.size());
  for (const LogRecord& record : batch.records) write_record(out, record);
  size_ = static_cast<std::size_t>(out.end() - space_.get());
  return begin;
}

void SpoolEncoder::make_room(std::size_t more) {
  if (capacity_ - size_ >= more) return;
  const std::size_t capacity = std::max(size_ + more, 2 * capacity_);
  auto space = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ > 0) std::memcpy(space.get(), space_.get(), size_);
  space_ = std::move(space);
  capacity_ = capacity;
}

SpooledBatch decode_spooled_head(std::string_view payload) {
  Reader in(payload);
  return read_head(in);
}

std::string spooled_tenant(std::string_view payload) {
  try {
    return std::string(decode_spooled_head(payload).tenant);
  } catch (const Error&) {
    return "default";
  }
}

SpooledBatch decode_spooled(std::string_view payload, std::vector<LogRecord>& records) {
  Reader in(payload);
  const SpooledBatch head = read_head(in);
  for (std::uint32_t i = 0; i < head.records; ++i) {
    records.push_back(read_record(in, head.tenant));
  }
  if (!in.at_end()) throw Reader::broken();
  return head;
}

}  // namespace logctl::ingest
