// The text fields of a record: their names, where they go and how long they may be (bytes).
//
// Shared by the parts of RecordReader.
#pragma once

#include "shared/ingest/field.h"
#include "shared/record/record.h"

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

namespace logctl::ingest {

inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

struct TextRule {
  std::string_view name;
  std::string_view LogRecord::*member;  // null: kept elsewhere until the end
  std::uint64_t max_bytes;
};

// In the order of Field.
inline constexpr std::array kTexts = {
    TextRule{"service", &LogRecord::service, 255},
    TextRule{"message", &LogRecord::message, kNoLimit},  // the rules have its limit
    TextRule{"event_id", &LogRecord::event_id, 255},
    TextRule{"event_type", &LogRecord::event_type, 255},
    TextRule{"event_name", &LogRecord::event_name, 100},
    TextRule{"user_id", &LogRecord::user_id, 255},
    TextRule{"session_id", &LogRecord::session_id, 255},
    TextRule{"app_version", &LogRecord::app_version, 50},
    TextRule{"host", &LogRecord::host, 255},
    TextRule{"trace_id", &LogRecord::trace_id, 255},
    TextRule{"span_id", &LogRecord::span_id, 255},
    TextRule{"level", nullptr, kNoLimit},
    TextRule{"priority", nullptr, kNoLimit},
};

inline constexpr std::string_view kTimeExpected = R"(RFC 3339, such as "2026-01-15T10:30:00Z")";

}  // namespace logctl::ingest
