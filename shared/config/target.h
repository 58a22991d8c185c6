// Which store a configuration means.
#pragma once

#include "shared/config/config.h"

#include <filesystem>
#include <string>

namespace logctl::config {

enum class StoreKind { sqlite, postgres };

struct StoreTarget {
  StoreKind kind = StoreKind::sqlite;
  std::filesystem::path directory;  // SQLite: holds meta.sqlite and logs/
  std::string connection;  // PostgreSQL: a libpq connection string or URL, password included
  std::string shown;       // for people and logs: without the password
};

// database.url decides; else database.host means PostgreSQL; else SQLite in storage.data_dir or its
// default place. Throws Error{config} on a URL it does not understand.
StoreTarget store_target(const Config& config);

// When a client is told success (`ingest.ack`, with `auto` resolved).
enum class Ack { stored, spooled };
// Throws Error{config} for a spool in front of SQLite.
Ack acknowledgement(const Config& config);

// Where files beside the store belong: the directory of an embedded store, else storage.data_dir.
std::filesystem::path home_directory(const Config& config);

}  // namespace logctl::config
