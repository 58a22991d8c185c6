// Generated records for benchmarks and load tests: about 580 bytes of JSON each, the same for the
// same number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logctl::bench {

struct RecordShape {
  std::int64_t start_micros = 1'735'689'600'000'000;  // 2025-01-01T00:00:00Z
  std::int64_t step_micros = 1'000;                   // time between two records
  std::string_view run = "0";  // part of the event id, so that runs do not collide
};

// Appends record `n` as one JSON object without a newline.
void append_record(std::string& out, std::uint64_t n, const RecordShape& shape);

// Appends the body of a batch of records [first, last).
void append_batch(std::string& out, std::uint64_t first, std::uint64_t last,
                  const RecordShape& shape);

// Appends record `n` as a line of PostgreSQL's COPY text format, with the columns of table
// `logs` in the order: timestamp, event_id, tenant, received_at, service, level, message,
// event_type, event_name, user_id, session_id, app_version, host, trace_id, sequence_number,
// priority, properties.
void append_copy_line(std::string& out, std::uint64_t n, const RecordShape& shape);

// Appends every column of SQLite's `logs` in the table's order as one CSV line, for sqlite3's
// .import.
void append_csv_line(std::string& out, std::uint64_t n, const RecordShape& shape);

}  // namespace logctl::bench
