// What a record must be like to be taken: the limits and lists of the configuration, ready for the
// parser.
#pragma once

#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/ingest/field_map.h"
#include "shared/maintenance/retention.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::ingest {

// The JSON shapes that clients send. All of them become the same LogRecord.
enum class Dialect {
  native,      // every field of a LogRecord; needs `message` or `event_name`
  change66,    // event_type and event_name required
  cmdlog,      // timestamp, service, level and message required; `metadata` object -> properties
  aggregator,  // message required; `metadata` may be a JSON text; host, organization fields ...
};

struct Rules {
  explicit Rules(const config::Config& config);

  std::uint32_t max_batch_records;
  std::uint64_t max_record_bytes;
  std::uint64_t max_message_bytes;
  std::uint32_t max_depth;
  microseconds max_age;   // the smaller of ingest.max_age and retention.max_age; 0: none
  bool age_is_retention;  // which of the two it was, for the message
  microseconds max_future;
  std::vector<std::string> event_types;
  FieldMap field_map;  // of foreign JSON; empty for requests

  // From now on the rules of retention in the store count too: what they would delete at once is
  // not taken.
  void limit_ages(const maintenance::Policy& policy);
  struct AgeLimit {
    microseconds most{};  // 0: none
    bool is_retention = false;
  };
  AgeLimit age_limit(std::string_view tenant) const;

  // True for a key whose value must not be stored: equal to an entry, whatever the case.
  bool drops(std::string_view key) const {
    if (key.empty() || (first_letters_[slot(key)] & letter(key)) == 0) return false;
    return in_drop_keys(key);
  }

 private:
  using Kept = std::optional<microseconds>;  // nothing: some records are kept for ever
  Kept kept_by_others_;
  std::map<std::string, Kept, std::less<>> kept_by_;  // tenants with rules of their own

  // Asked for every key of every record: the length and the first letter answer nearly always.
  static std::size_t slot(std::string_view key) { return key.size() < 64 ? key.size() : 63; }
  static std::uint32_t letter(std::string_view key) {
    return std::uint32_t{1} << (static_cast<unsigned char>(key[0]) & 31U);
  }
  bool in_drop_keys(std::string_view key) const;

  std::vector<std::string> drop_keys_;  // lower case
  std::array<std::uint32_t, 64> first_letters_{};
};

}  // namespace logctl::ingest
