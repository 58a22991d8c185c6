#include "shared/config/options.h"

#include "shared/config/bindings.h"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <limits>
#include <netinet/in.h>

namespace logctl::config {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using C = Config;

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;
constexpr auto kForever = days(36500);

bool url_path(std::string_view text) {
  return text.starts_with('/') && text.find_first_of(" ?#") == std::string_view::npos;
}
bool time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t i, char most) { return text[i] >= '0' && text[i] <= most; };
  return text.empty() || (text.size() == 5 && text[2] == ':' && digit(0, '2') &&
                          digit(1, text[0] == '2' ? '3' : '9') && digit(3, '5') && digit(4, '9'));
}
bool only_of(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}
// Of the namespace `default`, whose name in base64url stands in it; empty is none.
bool default_token(std::string_view text) {
  constexpr std::string_view kBegin = "ns_ZGVmYXVsdA_";
  if (text.empty()) return true;
  return text.starts_with(kBegin) && text.size() == kBegin.size() + 64 &&
         only_of(text.substr(kBegin.size()), "0123456789abcdef");
}
constexpr std::string_view kHostLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
// The name after an IPv6 address says the interface: fe80::1%eth0.
bool host(std::string_view text) {
  if (text.empty()) return false;
  in6_addr address{};
  if (text.find(':') != std::string_view::npos) {
    return ::inet_pton(AF_INET6, std::string(text.substr(0, text.find('%'))).c_str(), &address) ==
           1;
  }
  if (only_of(text, "0123456789.")) {
    return ::inet_pton(AF_INET, std::string(text).c_str(), &address) == 1;
  }
  return only_of(text, kHostLetters);
}
// As browsers send it: without a path. `null` is what pages from files are sent with.
bool origin(std::string_view text) {
  if (text == "*" || text == "null") return true;
  const std::size_t colon = text.find("://");
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::string_view address = text.substr(colon + 3);
  return !address.empty() && address.find_first_of("/?#@ ,") == std::string_view::npos;
}

// clang-format off
std::vector<Option> make_options() {
  return {
      // server
      {"server.host", "ADDRESS", text<&C::server, &Server::host>("an address or host name", host),
       {{"SERVER_HOST"}, {"LOG_INGESTION_SERVER_HOST"}, {"LOG_AGG_SERVER_HOST"}, {"APP_HOST"}},
       "address to listen on; 0.0.0.0 is every IPv4 interface, :: every interface"},
      {"server.port", "PORT", integer<&C::server, &Server::port>(0, 65535),
       {{"PORT"}, {"SERVER_PORT"}, {"LOG_INGESTION_SERVER_PORT"}, {"LOG_AGG_SERVER_PORT"}, {"API_PORT"},
        {"MESSAGEDB_PORT"}, {"EVENTODB_PORT"}},
       "port to listen on; 0 lets the system choose and the log tells"},
      {"server.listeners", "URL,...", list<&C::server, &Server::listeners>("a list of URLs"), {},
       "listeners instead of host and port: http://HOST:PORT, https://HOST:PORT?cert=FILE&key=FILE, "
       "unix:///PATH; ?surfaces=logs+ops+messages chooses what it serves"},
      {"server.io_threads", "N", integer<&C::server, &Server::io_threads>(1, 64), {},
       "threads that read requests and parse them"},
      {"server.workers", "N", integer<&C::server, &Server::workers>(1, 256), {{"WORKER_POOL_SIZE"}},
       "queries at once, one database connection each"},
      {"server.worker_queue", "N", integer<&C::server, &Server::worker_queue>(1, 1'000'000), {},
       "queries that may wait for a worker; more are answered 503"},
      {"server.read_timeout", "DURATION", duration<&C::server, &Server::read_timeout>(milliseconds(100), hours(1)),
       {{"REQUEST_TIMEOUT_SECONDS", Unit::seconds}},
       "time to receive a request's header or one piece of its body", Secrecy::open, true},
      {"server.write_timeout", "DURATION", duration<&C::server, &Server::write_timeout>(milliseconds(100), hours(1)), {},
       "time to send one piece of an answer", Secrecy::open, true},
      {"server.idle_timeout", "DURATION", duration<&C::server, &Server::idle_timeout>(milliseconds(100), hours(24)), {},
       "how long a connection may rest between requests", Secrecy::open, true},
      {"server.shutdown_timeout", "DURATION", duration<&C::server, &Server::shutdown_timeout>(seconds(0), hours(1)), {},
       "how long running requests may take to end after SIGTERM"},
      {"server.max_header_bytes", "SIZE", size<&C::server, &Server::max_header_bytes>(kKiB, kMiB), {},
       "largest request header; beyond that 431", Secrecy::open, true},
      {"server.max_body_bytes", "SIZE", size<&C::server, &Server::max_body_bytes>(kKiB, kGiB),
       {{"MAX_REQUEST_SIZE_MB", Unit::mebibytes}},
       "largest request body as sent; beyond that 413", Secrecy::open, true},
      {"server.max_decompressed_bytes", "SIZE", size<&C::server, &Server::max_decompressed_bytes>(kKiB, 4 * kGiB), {},
       "largest request body after decompression; beyond that 413", Secrecy::open, true},
      {"server.max_pending_bytes", "SIZE", size<&C::server, &Server::max_pending_bytes>(kMiB, 1024 * kGiB), {},
       "request bodies in memory at once; beyond that 503", Secrecy::open, true},
      {"server.max_connections", "N", integer<&C::server, &Server::max_connections>(1, 1'000'000), {},
       "connections at once; more are answered 503"},
      {"server.health_path", "PATH", text<&C::server, &Server::health_path>("a path that starts with /", url_path),
       {{"HEALTH_CHECK_PATH"}},
       "where the health report is served"},
      {"server.cors_enabled", "BOOL", boolean<&C::server, &Server::cors_enabled>(),
       {{"ENABLE_CORS"}, {"CORS_ORIGINS", Unit::true_if_set}},
       "answer cross-origin requests of browsers", Secrecy::open, true},
      {"server.cors_origins", "ORIGIN,...", list<&C::server, &Server::cors_origins>("a list of origins like https://app.example.org, or *", origin),
       {{"ALLOWED_ORIGINS"}, {"CORS_ORIGINS"}},
       "origins that browsers may call from", Secrecy::open, true},

      // database
      {"database.url", "URL", text<&C::database, &Database::url>("sqlite:///DIRECTORY, postgres://... or postgresql://..."),
       {{"DATABASE_URL"}, {"EVENTODB_DB_URL"}},
       "the store, as one address; the options below complete it, and may not say something else", Secrecy::inside},
      {"database.host", "HOST", text<&C::database, &Database::host>("a host name, an address or a socket directory"),
       {{"DB_HOST"}, {"LOG_INGESTION_DB_HOST"}, {"LOG_AGG_POSTGRES_HOST"}, {"MESSAGEDB_DB_HOST"}},
       "PostgreSQL server; with neither host nor url the store is SQLite in storage.data_dir"},
      {"database.port", "PORT", integer<&C::database, &Database::port>(1, 65535),
       {{"DB_PORT"}, {"LOG_INGESTION_DB_PORT"}, {"LOG_AGG_POSTGRES_PORT"}, {"MESSAGEDB_DB_PORT"}},
       "port of the PostgreSQL server"},
      {"database.user", "NAME", text<&C::database, &Database::user>(),
       {{"DB_USER"}, {"LOG_INGESTION_DB_USER"}, {"LOG_AGG_POSTGRES_USER"}, {"MESSAGEDB_DB_USER"}},
       "PostgreSQL role"},
      {"database.password", "TEXT", text<&C::database, &Database::password>(),
       {{"DB_PASSWORD"}, {"LOG_INGESTION_DB_PASSWORD"}, {"LOG_AGG_POSTGRES_PASSWORD"}, {"MESSAGEDB_DB_PASSWORD"}},
       "password of the role; without one libpq looks into PGPASSWORD and ~/.pgpass", Secrecy::whole},
      {"database.dbname", "NAME", text<&C::database, &Database::dbname>(),
       {{"DB_NAME"}, {"LOG_INGESTION_DB_NAME"}, {"LOG_AGG_POSTGRES_DB"}, {"MESSAGEDB_DB_NAME"}},
       "PostgreSQL database"},
      {"database.sslmode", "MODE",
       choice<&C::database, &Database::sslmode>({"", "disable", "allow", "prefer", "require", "verify-ca", "verify-full"}),
       {{"DB_SSLMODE"}, {"DB_SSL_MODE"}, {"LOG_INGESTION_DB_SSLMODE"}},
       "TLS to PostgreSQL; empty is libpq's own default"},
      {"database.options", "SETTINGS", text<&C::database, &Database::options>("libpq settings as key=value"), {},
       "further libpq settings, like sslrootcert=/etc/ssl/ca.pem application_name=logs", Secrecy::inside},
      {"database.max_connections", "N", integer<&C::database, &Database::max_connections>(2, 10'000),
       {{"DB_MAX_CONNECTIONS"}, {"LOG_AGG_POSTGRES_MAX_OPEN_CONNS"}, {"MESSAGEDB_DB_MAX_CONNECTIONS"},
        {"DATABASE_POOL_SIZE"}, {"DB_POOL_MAX"}},
       "most connections to PostgreSQL at once"},
      {"database.connect_timeout", "DURATION", duration<&C::database, &Database::connect_timeout>(milliseconds(100), minutes(10)), {},
       "how long a connection attempt may take"},
      {"database.statement_timeout", "DURATION",
       duration<&C::database, &Database::statement_timeout>(milliseconds(100), hours(24), true), {},
       "how long a query may take; writes have no limit, 0 is none for queries either"},
      {"database.max_lifetime", "DURATION", duration<&C::database, &Database::max_lifetime>(seconds(1), kForever, true),
       {{"DB_MAX_LIFETIME_MINUTES", Unit::minutes}, {"LOG_AGG_POSTGRES_CONN_MAX_LIFETIME", Unit::seconds}},
       "age at which a connection is renewed; 0 is never"},

      // storage
      {"storage.data_dir", "DIRECTORY", path<&C::storage, &Storage::data_dir>(), {{"EVENTODB_DATA_DIR"}},
       "directory of the SQLite store; empty is $STATE_DIRECTORY, /var/lib/logctl for root, or "
       "$XDG_STATE_HOME/logctl"},
      {"storage.auto_migrate", "BOOL", boolean<&C::storage, &Storage::auto_migrate>(), {},
       "let `serve` migrate a PostgreSQL store; SQLite always migrates itself"},
      {"storage.partitioning", "MODE", choice<&C::storage, &Storage::partitioning>({"auto", "native", "timescale"}), {},
       "what `migrate up` makes of an empty PostgreSQL store: native day partitions, a hypertable of TimescaleDB, or auto, "
       "which is the latter where the server can"},
      {"storage.partitions_ahead", "DAYS", integer<&C::storage, &Storage::partitions_ahead>(1, 366), {},
       "days for which PostgreSQL partitions are made in advance"},
      {"storage.sqlite_cache_bytes", "SIZE", size<&C::storage, &Storage::sqlite_cache_bytes>(kMiB, 64 * kGiB), {},
       "page cache of the connection that writes to SQLite"},
      {"storage.sqlite_open_days", "DAYS", integer<&C::storage, &Storage::sqlite_open_days>(1, 1000), {},
       "SQLite day files kept open at once"},
      {"storage.indexes", "FIELD,...", list<&C::storage, &Storage::indexes>("a list of fields"), {},
       "what closed days are indexed by: columns like user_id, properties.NAME, and text for the words of the message"},
      {"storage.index_delay", "DURATION", duration<&C::storage, &Storage::index_delay>(seconds(0), days(31), true), {},
       "how long after its end a day is indexed; most late records have come by then"},
      {"storage.compress_after", "DURATION", duration<&C::storage, &Storage::compress_after>(hours(1), days(3650), true), {},
       "how long after its end a day of a hypertable of TimescaleDB is compressed; 0 is never"},

      // batch
      {"batch.size", "N", integer<&C::batch, &BatchLimits::size>(1, 1'000'000),
       {{"BATCH_SIZE"}, {"LOG_INGESTION_BATCH_SIZE"}, {"LOG_AGG_BATCH_SIZE"}},
       "most records in one transaction"},
      {"batch.max_bytes", "SIZE", size<&C::batch, &BatchLimits::max_bytes>(64 * kKiB, kGiB), {},
       "most bytes of records in one transaction"},
      {"batch.flush_interval", "DURATION", duration<&C::batch, &BatchLimits::flush_interval>(seconds(0), minutes(1)),
       {{"BATCH_FLUSH_INTERVAL"}, {"LOG_INGESTION_BATCH_FLUSH_INTERVAL"}, {"BATCH_TIMEOUT_SECONDS", Unit::seconds}},
       "longest time a busy writer gathers records before it commits; an idle one commits at once"},
      {"batch.queue_bytes", "SIZE", size<&C::batch, &BatchLimits::queue_bytes>(kMiB, 16 * kGiB), {},
       "bytes of records that may wait for the store; beyond that 503"},
      {"batch.writers", "N", integer<&C::batch, &BatchLimits::writers>(1, 64), {},
       "transactions at once on PostgreSQL with ingest.ack: stored; SQLite and the spool have one"},

      // spool
      {"spool.directory", "DIR", path<&C::spool, &Spool::directory>(), {},
       "where accepted records wait for PostgreSQL; empty is `spool` in the data directory"},
      {"spool.max_bytes", "SIZE", size<&C::spool, &Spool::max_bytes>(4 * kMiB, 16 * 1024 * kGiB), {},
       "most bytes of the spool's files"},
      {"spool.min_free", "SIZE", size<&C::spool, &Spool::min_free>(0, 16 * 1024 * kGiB), {},
       "free space of the disk that the spool leaves to others; below it 503"},
      {"spool.segment_bytes", "SIZE", size<&C::spool, &Spool::segment_bytes>(kMiB, 4 * kGiB), {},
       "size of one file of the spool; space comes back file by file"},
      {"spool.high_water", "PERCENT", integer<&C::spool, &Spool::high_water>(1, 100), {},
       "share of spool.max_bytes at which requests are answered 503"},
      {"spool.low_water", "PERCENT", integer<&C::spool, &Spool::low_water>(0, 100), {},
       "share of spool.max_bytes at which a spool that was full takes requests again"},
      {"spool.fsync", "MODE", choice<&C::spool, &Spool::fsync>({"always", "interval", "none"}), {},
       "always: success is answered after an fsync; interval: a power cut may cost what was acknowledged within "
       "spool.fsync_interval; none: what the system had not written yet, usually 30 seconds"},
      {"spool.fsync_interval", "DURATION", duration<&C::spool, &Spool::fsync_interval>(milliseconds(1), minutes(1)), {},
       "how much a power cut may cost with spool.fsync: interval"},

      // ingest
      {"ingest.ack", "MODE", choice<&C::ingest, &Ingest::ack>({"auto", "spooled", "stored"}), {},
       "when success is answered; spooled: when the record is fsynced in the spool (PostgreSQL only), stored: after the "
       "commit that holds it, auto: spooled on PostgreSQL and stored on SQLite"},
      {"ingest.max_batch_records", "N", integer<&C::ingest, &Ingest::max_batch_records>(1, 1'000'000), {{"MAX_BATCH_SIZE"}},
       "most records in one request", Secrecy::open, true},
      {"ingest.max_record_bytes", "SIZE", size<&C::ingest, &Ingest::max_record_bytes>(256, 64 * kMiB), {},
       "largest record as JSON", Secrecy::open, true},
      {"ingest.max_message_bytes", "SIZE", size<&C::ingest, &Ingest::max_message_bytes>(1, 16 * kMiB), {},
       "longest message", Secrecy::open, true},
      {"ingest.max_depth", "N", integer<&C::ingest, &Ingest::max_depth>(1, 1000), {},
       "deepest nesting of properties and device_info", Secrecy::open, true},
      {"ingest.max_age", "DURATION", duration<&C::ingest, &Ingest::max_age>(seconds(1), kForever, true), {},
       "oldest timestamp taken; 0 is whatever the retention keeps", Secrecy::open, true},
      {"ingest.max_future", "DURATION", duration<&C::ingest, &Ingest::max_future>(seconds(0), kForever), {},
       "how far ahead of the clock a timestamp may be", Secrecy::open, true},
      {"ingest.dedup_window", "DURATION", duration<&C::ingest, &Ingest::dedup_window>(minutes(1), days(366)), {},
       "how long ids of records without a timestamp are remembered, so that a retry is a duplicate"},
      {"ingest.event_types", "TYPE,...", list<&C::ingest, &Ingest::event_types>("a list of names"), {},
       "event types taken", Secrecy::open, true},
      {"ingest.drop_keys", "KEY,...", list<&C::ingest, &Ingest::drop_keys>("a list of names"), {},
       "keys removed from properties at any depth, because they tend to hold secrets", Secrecy::open, true},

      // rejects
      {"rejects.enabled", "BOOL", boolean<&C::rejects, &Rejects::enabled>(), {},
       "keep refused records, as the clients sent them, for `logctl rejects`", Secrecy::open, true},
      {"rejects.file_bytes", "SIZE", size<&C::rejects, &Rejects::file_bytes>(64 * kKiB, kGiB), {},
       "size at which the next file of refused records is begun", Secrecy::open, true},
      {"rejects.max_bytes", "SIZE", size<&C::rejects, &Rejects::max_bytes>(kMiB, 1024 * kGiB), {},
       "most bytes of refused records; beyond that the oldest file is removed", Secrecy::open, true},
      {"rejects.max_raw_bytes", "SIZE", size<&C::rejects, &Rejects::max_raw_bytes>(256, 4 * kMiB), {},
       "most bytes kept of one refused record; the rest is cut", Secrecy::open, true},

      // auth
      {"auth.api_keys", "KEY,...", list<&C::auth, &Auth::api_keys>("a list of keys"),
       {{"API_KEYS"}, {"LOG_INGESTION_API_KEYS"}, {"LOG_AGG_API_KEYS"}},
       "static keys that may ingest and read; better made with `logctl keys create`", Secrecy::whole, true},
      {"auth.expiry_notice", "DURATION", duration<&C::auth, &Auth::expiry_notice>(seconds(0), kForever), {},
       "how long before its end a key is told of: a header in answers, a metric, `logctl doctor`", Secrecy::open, true},

      // ratelimit
      {"ratelimit.enabled", "BOOL", boolean<&C::ratelimit, &RateLimit::enabled>(),
       {{"RATELIMIT_ENABLED"}, {"LOG_INGESTION_RATELIMIT_ENABLED"}},
       "limit the requests of each key", Secrecy::open, true},
      {"ratelimit.default_rps", "RATE", number<&C::ratelimit, &RateLimit::default_rps>(0.01, 1'000'000),
       {{"RATELIMIT_DEFAULT_RPS"}, {"LOG_INGESTION_RATELIMIT_DEFAULT_RPS"},
        {"RATE_LIMIT_REQUESTS_PER_MINUTE", Unit::per_minute}},
       "requests per second of a key that has no rate of its own", Secrecy::open, true},
      {"ratelimit.burst", "N", integer<&C::ratelimit, &RateLimit::burst>(1, 1'000'000),
       {{"RATELIMIT_BURST"}, {"LOG_INGESTION_RATELIMIT_BURST"}, {"RATE_LIMIT_BURST"}},
       "requests that a rested key may make at once", Secrecy::open, true},

      // log
      {"log.level", "LEVEL", choice<&C::log, &Log::level>({"trace", "debug", "info", "warn", "error"}, {{"warning", "warn"}}),
       {{"LOG_LEVEL"}, {"MESSAGEDB_LOG_LEVEL"}, {"EVENTODB_LOG_LEVEL"}},
       "least important of the lines that the daemon writes about itself", Secrecy::open, true},
      {"log.format", "FORMAT", choice<&C::log, &Log::format>({"console", "json"}), {{"EVENTODB_LOG_FORMAT"}},
       "form of these lines, for people or for programs"},
      {"log.access", "BOOL", boolean<&C::log, &Log::access>(), {},
       "write one line per request", Secrecy::open, true},

      // metrics
      {"metrics.enabled", "BOOL", boolean<&C::metrics, &Metrics::enabled>(), {{"ENABLE_METRICS"}},
       "serve metrics for Prometheus"},
      {"metrics.path", "PATH", text<&C::metrics, &Metrics::path>("a path that starts with /", url_path), {{"METRICS_PATH"}},
       "where metrics are served"},
      {"metrics.port", "PORT", integer<&C::metrics, &Metrics::port>(0, 65535), {{"API_METRICS_PORT"}},
       "port of their own for metrics; 0 serves them on the listeners"},

      // query
      {"query.max_running", "N", integer<&C::query, &QueryLimits::max_running>(1, 10'000), {},
       "answers of /logs/query that stream at once; more are answered 503"},
      {"query.workers", "N", integer<&C::query, &QueryLimits::workers>(1, 64), {},
       "how many of them read the store at the same time, one database connection each"},

      // tail
      {"tail.max_subscribers", "N", integer<&C::tail, &Tail::max_subscribers>(1, 100'000), {},
       "live tails at once; more are answered 503"},
      {"tail.queue_bytes", "SIZE", size<&C::tail, &Tail::queue_bytes>(4 * kKiB, kGiB), {},
       "records that wait for one slow subscriber; what comes beyond is skipped, and it is told"},
      {"tail.history_bytes", "SIZE", size<&C::tail, &Tail::history_bytes>(64 * kKiB, 16 * kGiB), {},
       "newest records kept in memory while somebody listens, for those who come back"},
      {"tail.heartbeat", "DURATION", duration<&C::tail, &Tail::heartbeat>(milliseconds(100), hours(1)), {},
       "after how long without news a live tail gives a sign of life"},

      // messages
      {"messages.token", "TOKEN", text<&C::messages, &Messages::token>("ns_ZGVmYXVsdA_ and 64 hex digits in lower case, or nothing", default_token),
       {{"MESSAGEDB_TOKEN"}, {"EVENTODB_TOKEN"}},
       "token of the namespace `default`: ns_ZGVmYXVsdA_ and 64 hex digits; empty makes one at the first start and logs it",
       Secrecy::whole},
      {"messages.open_admin", "BOOL", boolean<&C::messages, &Messages::open_admin>(), {},
       "let the token of any namespace make, list and delete namespaces, as MessageDB does"},
      {"messages.test_mode", "BOOL", boolean<&C::messages, &Messages::test_mode>(),
       {{"MESSAGEDB_TEST_MODE"}, {"EVENTODB_TEST_MODE"}},
       "for tests of clients: keep messages in memory, take requests without a token and any token for its namespace"},
      {"messages.max_message_bytes", "SIZE", size<&C::messages, &Messages::max_message_bytes>(kKiB, kGiB), {},
       "largest data and metadata of one message", Secrecy::open, true},
      {"messages.rps", "N", number<&C::messages, &Messages::rps>(0, 1e9), {},
       "requests per second of one namespace; 0 is no limit", Secrecy::open, true},
      {"messages.burst", "N", integer<&C::messages, &Messages::burst>(1, 1'000'000'000), {},
       "requests of one namespace that may come at once", Secrecy::open, true},
      {"messages.batch", "N", integer<&C::messages, &Messages::batch>(1, 100'000), {},
       "messages written in one transaction"},
      {"messages.queue_bytes", "SIZE", size<&C::messages, &Messages::queue_bytes>(kMiB, 1024 * kGiB), {},
       "messages that wait for the store; more are answered 503"},
      {"messages.max_subscribers", "N", integer<&C::messages, &Messages::max_subscribers>(1, 1'000'000), {},
       "subscriptions at once; more are answered 503"},
      {"messages.max_subscribers_per_namespace", "N", integer<&C::messages, &Messages::max_subscribers_per_namespace>(1, 1'000'000), {},
       "subscriptions at once in one namespace; more are answered 429"},
      {"messages.history", "N", integer<&C::messages, &Messages::history>(1, 10'000'000), {},
       "newest pokes of a namespace kept in memory while somebody subscribes; who falls further behind reads the store"},
      {"messages.heartbeat", "DURATION", duration<&C::messages, &Messages::heartbeat>(milliseconds(100), hours(1)), {},
       "after how long without news a subscription gives a sign of life"},

      // retention
      {"retention.max_age", "DURATION", duration<&C::retention, &Retention::max_age>(hours(1), kForever, true), {},
       "records older than this are refused when they come in; 0 takes every age"},
      {"retention.default", "DURATION", duration<&C::retention, &Retention::default_age>(hours(1), kForever, true), {},
       "records that no rule of `logctl retention` speaks of are deleted at this age; 0 keeps them for ever"},

      // maintenance
      {"maintenance.enabled", "BOOL", boolean<&C::maintenance, &Maintenance::enabled>(), {},
       "let the daemon do maintenance; without, run `logctl maintenance run` from a timer"},
      {"maintenance.interval", "DURATION", duration<&C::maintenance, &Maintenance::interval>(seconds(1), days(7), true), {},
       "how often maintenance is done; 0 is never"},
      {"maintenance.at", "HH:MM", text<&C::maintenance, &Maintenance::at>("a time of day such as 02:30, UTC", time_of_day), {},
       "do maintenance once a day at this time (UTC), instead of every maintenance.interval"},

      // backup
      {"backup.dir", "DIR", path<&C::backup, &Backup::dir>(), {{"BACKUP_DIR"}},
       "where backups are kept; empty is `backups` in the data directory, which is lost with its disk"},
      {"backup.jobs", "N", integer<&C::backup, &Backup::jobs>(1, 64), {},
       "files written or read at once"},
      {"backup.compression", "LEVEL", integer<&C::backup, &Backup::compression>(1, 19), {},
       "level of zstd"},
      {"backup.min_free", "SIZE", size<&C::backup, &Backup::min_free>(0, 16 * 1024 * kGiB), {},
       "free space of the disk that a backup leaves to others"},
      {"backup.key_file", "FILE", path<&C::backup, &Backup::key_file>(), {},
       "encrypt backups with the key in this file: 32 bytes, or hex or base64 of them; empty is no encryption"},
      {"backup.pg_bin", "DIR", path<&C::backup, &Backup::pg_bin>(), {},
       "directory of pg_dump and pg_restore; empty takes what fits the server in /usr/lib/postgresql, else PATH"},
      {"backup.keep_last", "N", integer<&C::backup, &Backup::keep_last>(0, 100'000), {},
       "backups that `backup prune` keeps in any case, newest first"},
      {"backup.keep_daily", "N", integer<&C::backup, &Backup::keep_daily>(0, 100'000), {},
       "days of which `backup prune` keeps the newest backup"},
      {"backup.keep_weekly", "N", integer<&C::backup, &Backup::keep_weekly>(0, 100'000), {},
       "weeks of which `backup prune` keeps the newest backup"},
      {"backup.keep_monthly", "N", integer<&C::backup, &Backup::keep_monthly>(0, 100'000), {},
       "months of which `backup prune` keeps the newest backup"},
  };
}
// clang-format on

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

constexpr std::string_view kMask = "********";

}  // namespace

std::span<const Option> options() {
  static const std::vector<Option> rows = make_options();
  return rows;
}

const Option* find_option(std::string_view key) {
  for (const Option& option : options()) {
    if (option.key == key) return &option;
  }
  return nullptr;
}

std::string variable_name(const Option& option) {
  std::string name = "LOGCTL_";
  for (const char c : option.key) {
    name.push_back(c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return name;
}

std::optional<std::string> convert(Unit unit, std::string_view text) {
  const auto with_suffix = [&](std::string_view suffix) -> std::optional<std::string> {
    if (!parse_number<std::uint32_t>(text)) return std::nullopt;
    return std::string(text).append(suffix);
  };
  switch (unit) {
    case Unit::same:
      return std::string(text);
    case Unit::mebibytes:
      return with_suffix("MiB");
    case Unit::minutes:
      return with_suffix("m");
    case Unit::seconds:
      if (auto number = with_suffix("s")) return number;
      return std::string(text);
    case Unit::per_minute:
      if (const auto rate = parse_number<double>(text)) return fmt::format("{}", *rate / 60);
      return std::nullopt;
    case Unit::true_if_set:
      return std::string(trimmed(text).empty() ? "false" : "true");
  }
  return std::nullopt;
}

std::string allowed_text(const Option& option, Unit unit) {
  switch (unit) {
    case Unit::mebibytes:
      return "a whole number of MiB that gives " + option.binding.allowed;
    case Unit::minutes:
      return "a whole number of minutes that gives " + option.binding.allowed;
    case Unit::seconds:
      return "a whole number of seconds, or " + option.binding.allowed;
    case Unit::per_minute:
      return "a rate per minute that gives per second " + option.binding.allowed;
    case Unit::same:
    case Unit::true_if_set:
      break;
  }
  return option.binding.allowed;
}

Items split_list(std::string_view text) {
  Items items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = trimmed(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return items;
}

std::string join_list(const Items& items) { return fmt::format("{}", fmt::join(items, ",")); }

std::string without_password(std::string_view text) {
  std::string out(text);
  // scheme://user:PASSWORD@host up to the last @: a password that was not percent-encoded may hold
  // anything, and hiding too much does no harm.
  if (const std::size_t scheme = out.find("://"); scheme != std::string::npos) {
    const std::size_t start = scheme + 3;
    const std::size_t at = out.rfind('@');
    const std::size_t colon = out.find(':', start);
    if (at != std::string::npos && at >= start && colon < at) {
      out.replace(colon + 1, at - colon - 1, kMask);
    }
  }
  // password=... as URL parameter or libpq setting, quoted or not; sslpassword ends the same way.
  constexpr std::string_view kSetting = "password";
  for (std::size_t at = out.find(kSetting); at != std::string::npos; at = out.find(kSetting, at)) {
    at = out.find_first_not_of(' ', at + kSetting.size());
    if (at == std::string::npos || out[at] != '=') continue;
    at = out.find_first_not_of(' ', at + 1);
    if (at == std::string::npos) break;
    std::size_t end = at;
    if (out[at] == '\'') {
      for (++end; end < out.size() && out[end] != '\''; ++end) {
        if (out[end] == '\\') ++end;
      }
      end = std::min(end + 1, out.size());
    } else {
      end = std::min(out.find_first_of(" &", at), out.size());
    }
    out.replace(at, end - at, kMask);
    at += kMask.size();
  }
  return out;
}

std::vector<std::string_view> needing_restart(const Config& running, const Config& fresh) {
  std::vector<std::string_view> keys;
  for (const Option& option : options()) {
    if (option.reloadable) continue;
    if (option.binding.get(running) != option.binding.get(fresh)) keys.push_back(option.key);
  }
  return keys;
}

Items shown_items(const Option& option, const Config& config) {
  Items items = option.binding.get(config);
  for (std::string& item : items) {
    if (option.secrecy == Secrecy::inside) item = without_password(item);
    if (option.secrecy == Secrecy::whole && !item.empty()) item = kMask;
  }
  return items;
}

}  // namespace logctl::config
