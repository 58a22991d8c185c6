#include "shared/auth/remembered_keys.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/hash.h"
#include "shared/base/ids.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace logctl::auth {
namespace {

constexpr std::string_view kHead = "logctl keys 2\n";
// Without records and bytes a second, rows that it may read, and replacement; read, not written.
constexpr std::string_view kOldHead = "logctl keys 1\n";
constexpr unsigned kMode = 0600;
constexpr std::string_view kCopyVersion = "copy on disk";

void append_field(std::string& out, std::string_view text) {
  out += base64url_encode(text);
  out += ' ';
}
template <typename T>
void append_number(std::string& out, const std::optional<T>& number) {
  append_field(out, number ? fmt::format("{}", *number) : std::string());
}
void append_time(std::string& out, std::optional<Timestamp> time) {
  append_field(out, time ? std::to_string(to_micros(*time)) : std::string());
}

Error damaged() { return Error(ErrorCode::io, "the copy of the keys is damaged"); }

// The fields of one line, in the order in which they were written.
class Fields {
 public:
  explicit Fields(std::string_view line) : line_(line) {}
  std::string text() {
    const std::size_t end = line_.find(' ');
    std::string result;
    if (end == std::string_view::npos || !base64url_decode(line_.substr(0, end), result)) {
      throw damaged();
    }
    line_.remove_prefix(end + 1);
    return result;
  }
  template <typename T>
  std::optional<T> number() {
    const std::string digits = text();
    if (digits.empty()) return std::nullopt;
    T value{};
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc() || stop != end) throw damaged();
    return value;
  }
  std::optional<Timestamp> time() {
    const auto micros = number<std::int64_t>();
    if (!micros) return std::nullopt;
    return from_micros(*micros);
  }

 private:
  std::string_view line_;
};

storage::KeyRow parse_key(std::string_view line, bool old) {
  Fields fields(line);
  storage::KeyRow key;
  key.id = fields.text();
  key.secret_hash = fields.text();
  key.name = fields.text();
  key.scopes = fields.text();
  key.tenant = fields.text();
  key.rps = fields.number<double>();
  key.burst = fields.number<std::uint32_t>();
  key.created_at = fields.time().value_or(Timestamp());
  key.expires_at = fields.time();
  key.revoked_at = fields.time();
  if (old) return key;
  key.records_rate = fields.number<double>();
  key.records_burst = fields.number<std::uint64_t>();
  key.bytes_rate = fields.number<double>();
  key.bytes_burst = fields.number<std::uint64_t>();
  key.only = fields.text();
  key.replaced_by = fields.text();
  return key;
}

}  // namespace

std::string format_keys(std::span<const storage::KeyRow> keys) {
  std::string out(kHead);
  for (const storage::KeyRow& key : keys) {
    append_field(out, key.id);
    append_field(out, key.secret_hash);
    append_field(out, key.name);
    append_field(out, key.scopes);
    append_field(out, key.tenant);
    append_number(out, key.rps);
    append_number(out, key.burst);
    append_time(out, key.created_at);
    append_time(out, key.expires_at);
    append_time(out, key.revoked_at);
    append_number(out, key.records_rate);
    append_number(out, key.records_burst);
    append_number(out, key.bytes_rate);
    append_number(out, key.bytes_burst);
    append_field(out, key.only);
    append_field(out, key.replaced_by);
    out += '\n';
  }
  const std::string sum = sha256_hex(out);
  return out + sum + '\n';
}

std::vector<storage::KeyRow> parse_keys(std::string_view text) {
  constexpr std::size_t kSumLine = 65;
  const bool old = text.starts_with(kOldHead);
  if (!(old || text.starts_with(kHead)) || text.size() < kHead.size() + kSumLine ||
      !text.ends_with('\n')) {
    throw damaged();
  }
  const std::string_view sum = text.substr(text.size() - kSumLine, kSumLine - 1);
  text.remove_suffix(kSumLine);
  if (sha256_hex(text) != sum) throw damaged();
  text.remove_prefix(kHead.size());
  std::vector<storage::KeyRow> keys;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    keys.push_back(parse_key(text.substr(0, end), old));
    text.remove_prefix(end + 1);
  }
  return keys;
}

RememberedKeys::RememberedKeys(storage::KeyStore& store, std::filesystem::path file,
                               std::function<void(const Error&)> copy_failed)
    : store_(store), file_(std::move(file)), copy_failed_(std::move(copy_failed)) {}

bool RememberedKeys::never_reached() const {
  const Lock lock(mutex_);
  return !reached_;
}

std::string RememberedKeys::version() {
  try {
    return store_.version();
  } catch (const Error& error) {
    std::error_code none;
    const bool copy = never_reached() && std::filesystem::exists(file_, none);
    if (error.code() != ErrorCode::unavailable || !copy) throw;
    return std::string(kCopyVersion);
  }
}

std::vector<storage::KeyRow> RememberedKeys::list() {
  std::vector<storage::KeyRow> keys;
  try {
    keys = store_.list();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable || !never_reached()) throw;
    return parse_keys(read_file(file_));
  }
  {
    const Lock lock(mutex_);
    reached_ = true;
  }
  try {
    replace_file(file_, format_keys(keys), kMode);
  } catch (const Error& error) {
    // The keys hold all the same; only the next start may lack them.
    copy_failed_(error);
  }
  return keys;
}

}  // namespace logctl::auth
