#include "shared/backup/manifest.h"

#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>
#include <simdjson.h>

namespace logctl::backup {
namespace {

using simdjson::dom::element;

constexpr std::int64_t kFormat = 1;

void write(JsonWriter& json, const FileEntry& file) {
  json.begin_object()
      .field("path", file.path)
      .field("bytes", file.bytes)
      .field("raw_bytes", file.raw_bytes)
      .field("sha256", file.sha256)
      .end_object();
}

void write(JsonWriter& json, const std::vector<std::string>& names) {
  json.begin_array();
  for (const std::string& name : names) json.value(name);
  json.end_array();
}

void write_time(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
  if (time) json.field(name, *time);
}

void write(JsonWriter& json, const Partition& partition) {
  json.begin_object()
      .field("name", partition.name)
      .field("rows", partition.digest.rows)
      .field("hash", partition.digest.hash.hex());
  write_time(json, "first", partition.digest.first);
  write_time(json, "last", partition.digest.last);
  write_time(json, "last_received", partition.digest.last_received);
  if (partition.side) json.field("side_hash", partition.side->hex());
  json.field("reused", partition.reused).field("stamp", partition.stamp).key("columns");
  write(json, partition.columns);
  if (partition.file) {
    json.key("file");
    write(json, *partition.file);
  }
  json.end_object();
}

[[noreturn]] void not_a_manifest(std::string_view why) {
  throw Error(ErrorCode::drift, fmt::format("not a manifest: {}", why));
}

element member(element from, std::string_view name) {
  element value;
  if (from[name].get(value) != simdjson::SUCCESS) not_a_manifest(fmt::format("no `{}`", name));
  return value;
}

template <typename T>
T read(element from, std::string_view name) {
  T value{};
  if (member(from, name).get(value) != simdjson::SUCCESS) {
    not_a_manifest(fmt::format("`{}` has another type", name));
  }
  return value;
}

std::string read_text(element from, std::string_view name) {
  return std::string(read<std::string_view>(from, name));
}

Timestamp read_time(element from, std::string_view name) {
  const auto time = parse_rfc3339(read<std::string_view>(from, name));
  if (!time) not_a_manifest(fmt::format("`{}` is not a time", name));
  return *time;
}

std::optional<Timestamp> read_optional_time(element from, std::string_view name) {
  element value;
  if (from[name].get(value) != simdjson::SUCCESS) return std::nullopt;
  return read_time(from, name);
}

storage::ContentHash read_hash(element from, std::string_view name) {
  const auto hash = storage::parse_content_hash(read<std::string_view>(from, name));
  if (!hash) not_a_manifest(fmt::format("`{}` is not a content hash", name));
  return *hash;
}

std::vector<std::string> read_names(element from, std::string_view name) {
  std::vector<std::string> names;
  for (const element value : read<simdjson::dom::array>(from, name)) {
    names.emplace_back(std::string_view(value));
  }
  return names;
}

FileEntry read_file_entry(element from) {
  FileEntry file;
  file.path = read_text(from, "path");
  file.bytes = read<std::uint64_t>(from, "bytes");
  file.raw_bytes = read<std::uint64_t>(from, "raw_bytes");
  file.sha256 = read_text(from, "sha256");
  // A manifest must not lead anybody out of the backup directory.
  const std::filesystem::path path(file.path);
  bool inside = path.is_relative() && !path.empty();
  for (const auto& part : path) inside = inside && part != "..";
  if (!inside) not_a_manifest(fmt::format("the file '{}' is outside", file.path));
  return file;
}

Partition read_partition(element from) {
  Partition partition;
  partition.name = read_text(from, "name");
  partition.digest.rows = read<std::uint64_t>(from, "rows");
  partition.digest.hash = read_hash(from, "hash");
  partition.digest.first = read_optional_time(from, "first");
  partition.digest.last = read_optional_time(from, "last");
  partition.digest.last_received = read_optional_time(from, "last_received");
  element value;
  if (from["side_hash"].get(value) == simdjson::SUCCESS) {
    partition.side = read_hash(from, "side_hash");
  }
  partition.reused = read<bool>(from, "reused");
  partition.stamp = read_text(from, "stamp");
  partition.columns = read_names(from, "columns");
  if (from["file"].get(value) == simdjson::SUCCESS) partition.file = read_file_entry(value);
  return partition;
}

Manifest read_manifest(element root) {
  const auto format = read<std::int64_t>(root, "format");
  if (format != kFormat) {
    throw Error(ErrorCode::drift,
                fmt::format("the manifest has format {}, this binary reads {}", format, kFormat),
                "use the logctl that made it, or a newer one");
  }
  Manifest manifest;
  manifest.id = read_text(root, "id");
  manifest.type = read_text(root, "type");
  manifest.tool_version = read_text(root, "tool_version");
  manifest.store = read_text(root, "store");
  manifest.target = read_text(root, "target");
  manifest.schema = read_text(root, "schema");
  manifest.schema_version = read<std::int64_t>(root, "schema_version");
  // Backups of earlier versions do not say.
  if (bool hypertable = false; root["hypertable"].get(hypertable) == simdjson::SUCCESS) {
    manifest.hypertable = hypertable;
  }
  manifest.server = read_text(root, "server");
  manifest.dump_tool = read_text(root, "dump_tool");
  manifest.key_id = read_text(root, "key_id");
  manifest.created_at = read_time(root, "created_at");
  manifest.took = microseconds(read<std::int64_t>(root, "took_us"));
  const element spooled = member(root, "spooled");
  if (!spooled.is_null()) manifest.spooled = read<std::uint64_t>(root, "spooled");
  for (const element one : read<simdjson::dom::array>(root, "partitions")) {
    manifest.partitions.push_back(read_partition(one));
  }
  for (const element one : read<simdjson::dom::array>(root, "tables")) {
    manifest.tables.push_back({read_text(one, "name"), read<std::uint64_t>(one, "rows"),
                               read_hash(one, "hash"), read_names(one, "columns")});
  }
  for (const element one : read<simdjson::dom::array>(root, "files")) {
    manifest.files.push_back(read_file_entry(one));
  }
  return manifest;
}

}  // namespace

std::uint64_t Manifest::rows() const { return total().rows; }

storage::TableDigest Manifest::total() const {
  storage::TableDigest sum;
  for (const Partition& partition : partitions) sum.add(partition.digest);
  return sum;
}

std::vector<const FileEntry*> Manifest::all_files() const {
  std::vector<const FileEntry*> all;
  for (const FileEntry& file : files) all.push_back(&file);
  for (const Partition& partition : partitions) {
    if (partition.file) all.push_back(&*partition.file);
  }
  return all;
}

std::uint64_t Manifest::bytes() const {
  std::uint64_t sum = 0;
  for (const FileEntry* file : all_files()) sum += file->bytes;
  return sum;
}

std::uint64_t Manifest::new_bytes() const {
  std::uint64_t sum = bytes();
  for (const Partition& partition : partitions) {
    if (partition.file && partition.reused) sum -= partition.file->bytes;
  }
  return sum;
}

std::string to_json(const Manifest& manifest) {
  std::string text;
  JsonWriter json(text);
  const storage::TableDigest total = manifest.total();
  json.begin_object()
      .field("format", kFormat)
      .field("id", manifest.id)
      .field("type", manifest.type)
      .field("tool_version", manifest.tool_version)
      .field("store", manifest.store)
      .field("target", manifest.target)
      .field("schema", manifest.schema)
      .field("schema_version", manifest.schema_version)
      .field("hypertable", manifest.hypertable)
      .field("server", manifest.server)
      .field("dump_tool", manifest.dump_tool)
      .field("key_id", manifest.key_id)
      .field("created_at", manifest.created_at)
      .field("took_us", std::int64_t{manifest.took.count()})
      .field("rows", total.rows)
      .field("hash", total.hash.hex());
  write_time(json, "first", total.first);
  write_time(json, "last", total.last);
  write_time(json, "last_received", total.last_received);
  json.field("bytes", manifest.bytes()).field("new_bytes", manifest.new_bytes()).key("spooled");
  manifest.spooled ? json.value(*manifest.spooled) : json.null();
  json.key("partitions").begin_array();
  for (const Partition& partition : manifest.partitions) write(json, partition);
  json.end_array().key("tables").begin_array();
  for (const Table& table : manifest.tables) {
    json.begin_object()
        .field("name", table.name)
        .field("rows", table.rows)
        .field("hash", table.hash.hex())
        .key("columns");
    write(json, table.columns);
    json.end_object();
  }
  json.end_array().key("files").begin_array();
  for (const FileEntry& file : manifest.files) write(json, file);
  json.end_array().end_object();
  text += '\n';
  return text;
}

Manifest parse_manifest(std::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (const auto error = parser.parse(json.data(), json.size()).get(root);
      error != simdjson::SUCCESS) {
    not_a_manifest(simdjson::error_message(error));
  }
  try {
    return read_manifest(root);
  } catch (const simdjson::simdjson_error& error) {
    not_a_manifest(error.what());
  }
}

}  // namespace logctl::backup
