// Which store a configuration means.
#pragma once

#include "shared/config/config.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::config {

enum class StoreKind { sqlite, postgres };

// What one option says of a connection: a libpq URL or `key='value'` text, password included.
struct ConnectionPart {
  std::string_view option;  // `database.url`
  std::string text;
};

struct StoreTarget {
  StoreKind kind = StoreKind::sqlite;
  std::filesystem::path directory;         // SQLite: holds meta.sqlite and logs/
  std::vector<ConnectionPart> connection;  // PostgreSQL
  std::string shown;                       // for people and logs: without the password
};

// database.url decides, completed by the other options of `database`; else database.host means
// PostgreSQL; else SQLite in storage.data_dir or its default place. Throws Error{config} on a URL
// it does not understand.
StoreTarget store_target(const Config& config);

bool is_postgres_url(std::string_view url);
// `url` as the only thing that says where the store is.
void use_store(Config& config, const std::string& url);

// When a client is told success (`ingest.ack`, with `auto` resolved).
enum class Ack { stored, spooled };
// Throws Error{config} for a spool in front of SQLite.
Ack acknowledgement(const Config& config);

// Where files beside the store belong: the directory of an embedded store, else storage.data_dir.
std::filesystem::path home_directory(const Config& config);

}  // namespace logctl::config
