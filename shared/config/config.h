// Every setting of the program, as plain values with their defaults and their price.
//
// A Config is complete and constant once loaded: it is a value, shared as shared_ptr<const Config>
// and replaced as a whole on reload. Each member has exactly one row in options.cpp.
#pragma once

#include "shared/base/clock.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace logctl::config {

struct Server {
  std::string host = "0.0.0.0";
  std::uint16_t port = 8080;  // 0 lets the kernel choose; the log names the port
  // Replaces host and port when not empty: `http://HOST:PORT`, `https://HOST:PORT?cert=F&key=F`,
  // `unix:///PATH`; `?surfaces=logs+ops` mounts less than everything.
  std::vector<std::string> listeners;
  std::uint32_t io_threads = 1;  // parse and answer; more than cores - 1 takes time from the store
  std::uint32_t workers = 4;     // blocking queries at once, one database connection each
  std::uint32_t worker_queue = 256;  // waiting queries beyond that are answered 503
  microseconds read_timeout =
      seconds(10);  // to receive one request's header or one piece of its body
  microseconds write_timeout = seconds(10);  // to send one piece of an answer
  microseconds idle_timeout = seconds(60);   // between requests of one connection
  microseconds shutdown_timeout = seconds(30);
  std::uint64_t max_header_bytes = 16 * 1024;
  std::uint64_t max_body_bytes = 10 * 1024 * 1024;          // as sent
  std::uint64_t max_decompressed_bytes = 64 * 1024 * 1024;  // after gzip or zstd
  std::uint64_t max_pending_bytes = 256 * 1024 * 1024;      // request bodies in memory; beyond: 503
  std::uint32_t max_connections = 10000;
  std::string health_path = "/health";
  bool cors_enabled = false;
  std::vector<std::string> cors_origins;  // exact origins, or `*`
};

struct Database {
  std::string url;  // sqlite:///DIR, postgres://... or postgresql://...; wins over the parts below
  std::string host;
  std::uint16_t port = 5432;
  std::string user = "postgres";
  std::string password;
  std::string dbname = "logs";
  std::string sslmode;                 // empty: libpq's own default or PGSSLMODE
  std::string options;                 // further libpq settings, `key=value` separated by spaces
  std::uint32_t max_connections = 16;  // all pools of this process together
  microseconds connect_timeout = seconds(5);
  microseconds statement_timeout = seconds(30);  // for queries, never for writes
  microseconds max_lifetime =
      std::chrono::minutes(60);  // a pooled connection is renewed after that
};

struct Storage {
  std::filesystem::path data_dir;  // empty: $STATE_DIRECTORY, /var/lib/logctl for root, XDG state
  bool auto_migrate = false;       // let `serve` migrate PostgreSQL; SQLite always migrates itself
  std::string partitioning = "auto";                    // auto|native|timescale
  std::uint32_t partitions_ahead = 3;                   // days made before they are needed
  std::uint64_t sqlite_cache_bytes = 32 * 1024 * 1024;  // page cache of the writing connection
  std::uint32_t sqlite_open_days = 8;  // day files kept open at once, per connection set
  // Of closed days; each costs a pass over the day and some room (docs/indexes.md).
  std::vector<std::string> indexes = {"service",    "user_id", "session_id",
                                      "event_name", "level",   "text"};
  microseconds index_delay = std::chrono::hours(1);    // after the end of a day, for late records
  microseconds compress_after = std::chrono::days(7);  // the end of a day; 0: never
};

// One transaction of the group commit holds at most this much.
struct BatchLimits {
  std::uint32_t size = 20000;  // records; seeds: 1000, which costs a third of the rate
  std::uint64_t max_bytes = 16 * 1024 * 1024;
  microseconds flush_interval = milliseconds(5);  // a busy writer gathers no longer than this
  std::uint64_t queue_bytes = 64 * 1024 * 1024;   // waiting for the store; beyond that 503
  std::uint32_t writers = 1;  // transactions at once (PostgreSQL; SQLite has one writer)
};

// The durable queue in front of PostgreSQL (docs/spool-format.md).
struct Spool {
  std::filesystem::path directory;                      // empty: `spool` in storage.data_dir
  std::uint64_t max_bytes = 8ULL * 1024 * 1024 * 1024;  // of all segment files; beyond: 503
  std::uint64_t min_free = 256 * 1024 * 1024;           // of the disk, left to others
  std::uint64_t segment_bytes = 64 * 1024 * 1024;
  std::uint32_t high_water = 90;  // percent of max_bytes: from here on 503 ...
  std::uint32_t low_water = 80;   // ... until it has come down to this
  std::string fsync = "always";   // always|interval|none
  microseconds fsync_interval = milliseconds(100);
};

struct Ingest {
  std::string ack = "auto";  // auto|spooled|stored; auto: spooled on PostgreSQL, stored on SQLite
  std::uint32_t max_batch_records = 1000;
  std::uint64_t max_record_bytes = 1024 * 1024;
  std::uint64_t max_message_bytes = 10000;
  std::uint32_t max_depth = 32;            // nesting of properties and device_info
  microseconds max_age = microseconds(0);  // 0: as old as the retention allows
  microseconds max_future = std::chrono::hours(1);
  microseconds dedup_window = std::chrono::hours(24);  // for records with an id but no time
  std::vector<std::string> event_types = {"behavioral", "telemetry", "observability", "error",
                                          "performance"};
  std::vector<std::string> drop_keys = {
      "password", "token",         "secret",      "api_key", "apikey",
      "auth",     "authorization", "credit_card", "ssn",     "social_security"};
};

// Dead letters: what was refused, kept to be fixed and replayed.
struct Rejects {
  bool enabled = true;
  std::uint64_t file_bytes = 8 * 1024 * 1024;   // then the next file is begun
  std::uint64_t max_bytes = 256 * 1024 * 1024;  // of all files; the oldest go first
  std::uint64_t max_raw_bytes = 64 * 1024;      // of one letter's original text; the rest is cut
};

struct Auth {
  std::vector<std::string> api_keys;  // static keys: scopes ingest and read, tenant default
  microseconds expiry_notice = std::chrono::hours(14 * 24);  // told this long before a key ends
};

struct RateLimit {
  bool enabled = true;
  double default_rps = 100;  // requests per second and key
  std::uint32_t burst = 200;
};

struct Log {
  std::string level = "info";      // trace|debug|info|warn|error
  std::string format = "console";  // console|json
  bool access = true;              // one line per request
};

struct Metrics {
  bool enabled = true;
  std::string path = "/metrics";
  std::uint16_t port = 0;  // a port of its own; 0: on the listeners
};

// Answers that stream: /logs/query.
struct QueryLimits {
  std::uint32_t max_running = 16;  // streamed answers at once; beyond: 503
  std::uint32_t workers = 2;       // of these read the store at the same time
};

// The live tail.
struct Tail {
  std::uint32_t max_subscribers = 2000;           // beyond: 503
  std::uint64_t queue_bytes = 256 * 1024;         // waiting for one subscriber; beyond: skipped
  std::uint64_t history_bytes = 8 * 1024 * 1024;  // kept for those who come back
  microseconds heartbeat = seconds(15);           // a sign of life when there is no news
};

// Streams of messages (docs/streams.md).
struct Messages {
  std::string token;        // of the namespace `default`; empty: made at the first start and logged
  bool open_admin = false;  // any namespace's token may make, list and delete namespaces
  bool test_mode = false;   // a store in memory, and tokens are not compared
  std::uint64_t max_message_bytes = 1024 * 1024;  // data and metadata of one message
  double rps = 0;                                 // requests a second and namespace; 0: no limit
  std::uint32_t burst = 2000;
  std::uint32_t batch = 512;                     // messages in one transaction
  std::uint64_t queue_bytes = 32 * 1024 * 1024;  // waiting for the store; beyond: 503
  std::uint32_t max_subscribers = 10000;         // of all namespaces; beyond: 503
  std::uint32_t max_subscribers_per_namespace = 100;
  std::uint32_t history = 10000;         // newest pokes of a namespace, for its subscribers
  microseconds heartbeat = seconds(15);  // a sign of life when there is no news
};

struct Retention {
  microseconds max_age = microseconds(0);  // refused beyond; 0: every age
  // How long records are kept that no rule of the store speaks of; 0: for ever.
  microseconds default_age = microseconds(0);
};

// What is done to the store from time to time (docs/retention.md).
struct Maintenance {
  bool enabled = true;                            // by the daemon; a timer may do it instead
  microseconds interval = std::chrono::hours(1);  // 0: only at `at`
  std::string at;                                 // HH:MM, UTC; empty: every `interval`
};

// Backups (docs/backup.md).
struct Backup {
  std::filesystem::path dir;      // empty: `backups` in the data directory, on the same disk
  std::uint32_t jobs = 2;         // files at once; each reads the store and takes a core
  std::uint32_t compression = 3;  // of zstd; 9 is a third of the speed for a tenth of the size
  std::uint64_t min_free = 256 * 1024 * 1024;  // of the disk, left to others
  std::filesystem::path key_file;              // empty: backups are not encrypted
  std::filesystem::path pg_bin;  // of pg_dump and pg_restore; empty: those that fit the server
  std::uint32_t keep_last = 3;   // what `backup prune` keeps when it is not told
  std::uint32_t keep_daily = 7;
  std::uint32_t keep_weekly = 4;
  std::uint32_t keep_monthly = 6;
};

struct Config {
  Server server;
  Database database;
  Storage storage;
  BatchLimits batch;
  Spool spool;
  Ingest ingest;
  Rejects rejects;
  Auth auth;
  RateLimit ratelimit;
  Log log;
  Metrics metrics;
  QueryLimits query;
  Tail tail;
  Messages messages;
  Retention retention;
  Maintenance maintenance;
  Backup backup;
};

}  // namespace logctl::config
