// What a backup is: everything that it needs, and everything that it should hold.
//
// A value. The JSON form is docs/backup.md's; fields that are not known are ignored when it is
// read, so that it can grow.
#pragma once

#include "shared/backup/pack.h"
#include "shared/base/clock.h"
#include "shared/storage/row_digest.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::backup {

// One day of records.
struct Partition {
  std::string name;  // 2026-01-31 on SQLite, logs_20260131 on PostgreSQL
  storage::TableDigest digest;
  std::vector<std::string> columns;  // that count for the digest
  // SQLite: the sum of the day file's other tables.
  std::optional<storage::ContentHash> side;
  std::optional<FileEntry> file;  // PostgreSQL: nothing when pg_dump has its rows
  // What a later backup compares to know that the file is still right; empty: never.
  std::string stamp;
  bool reused = false;  // the file is of an earlier backup
};

// Another table.
struct Table {
  std::string name;
  std::uint64_t rows = 0;
  storage::ContentHash hash;
  std::vector<std::string> columns;
};

struct Manifest {
  std::string id;    // 20260131T020000Z
  std::string type;  // full or incremental
  std::string tool_version;
  std::string store;   // sqlite or postgres
  std::string target;  // of people: where it came from, without secrets
  std::string schema;  // PostgreSQL: the schema's name
  std::int64_t schema_version = 0;
  bool hypertable = false;  // PostgreSQL: of TimescaleDB; every day has a file then
  std::string server;       // PostgreSQL's version, or SQLite's
  std::string dump_tool;
  std::string key_id;      // empty: not encrypted
  Timestamp created_at{};  // what was committed before is in it
  microseconds took{};
  std::optional<std::uint64_t> spooled;  // records that waited in the spool and are not in it
  std::vector<Partition> partitions;     // by name
  std::vector<Table> tables;             // by name
  std::vector<FileEntry> files;          // besides those of partitions

  std::uint64_t rows() const;
  storage::TableDigest total() const;
  std::vector<const FileEntry*> all_files() const;
  std::uint64_t bytes() const;      // of every file it needs
  std::uint64_t new_bytes() const;  // of those that it added
};

std::string to_json(const Manifest& manifest);
// Throws Error{drift} when the text is not a manifest, naming what is wrong with it.
Manifest parse_manifest(std::string_view json);

}  // namespace logctl::backup
