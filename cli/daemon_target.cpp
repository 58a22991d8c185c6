#include "cli/daemon_target.h"

#include "shared/base/compression.h"
#include "shared/base/error.h"
#include "shared/base/jitter.h"
#include "shared/base/json_writer.h"
#include "shared/base/units.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

namespace logctl::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr microseconds kFirstPause = milliseconds(100);
constexpr microseconds kLongestPause = seconds(10);
constexpr std::size_t kWorthCompressing = 16 * 1024;

bool is_temporary(int status) {
  return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

std::optional<microseconds> retry_after(const Answer& answer) {
  const std::string_view text = answer.header("retry-after");
  std::uint32_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds(whole);
}

void append_line(std::string& out, const LogRecord& record) {
  JsonWriter json(out);
  const auto text = [&json](std::string_view name, std::string_view value) {
    if (!value.empty()) json.field(name, value);
  };
  json.begin_object().field("event_id", record.event_id);
  // The daemon knows by the id alone a record that came without a time.
  if (!record.dedup_by_id) json.field("timestamp", record.timestamp);
  text("service", record.service);
  text("level", level_name(record.level));
  text("message", record.message);
  text("event_type", record.event_type);
  text("event_name", record.event_name);
  text("user_id", record.user_id);
  text("session_id", record.session_id);
  text("app_version", record.app_version);
  text("host", record.host);
  text("trace_id", record.trace_id);
  text("span_id", record.span_id);
  text("priority", record.priority);
  if (record.sequence_number) json.field("sequence_number", *record.sequence_number);
  if (!record.properties.empty()) json.key("properties").raw(record.properties);
  if (!record.device_info.empty()) json.key("device_info").raw(record.device_info);
  json.end_object();
  out += '\n';
}

// What the daemon says about an error, in its own words.
std::string words(const Answer& answer) {
  simdjson::dom::parser parser;
  std::string_view message;
  if (parser.parse(answer.body)["message"].get(message) == simdjson::SUCCESS) {
    return std::string(message);
  }
  return fmt::format("status {}", answer.status);
}

[[noreturn]] void refuse(const std::string& url, const Answer& answer) {
  const ErrorCode code = answer.status == 401   ? ErrorCode::unauthorized
                         : answer.status == 403 ? ErrorCode::forbidden
                         : answer.status == 404 ? ErrorCode::not_found
                                                : ErrorCode::invalid_request;
  throw Error(code, fmt::format("{}: {}", url, words(answer)),
              answer.status == 401 ? "LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key" : "");
}

std::uint64_t number(simdjson::dom::element object, std::string_view name) {
  std::uint64_t value = 0;
  return object[name].get(value) == simdjson::SUCCESS ? value : 0;
}

std::string_view text(simdjson::dom::element object, std::string_view name) {
  std::string_view value;
  return object[name].get(value) == simdjson::SUCCESS ? value : std::string_view();
}

// Marks what the daemon rejected. `first` is the place of the request's first record in the batch.
void read_rejections(simdjson::dom::array list, std::size_t first, storage::AppendResult& result) {
  for (const simdjson::dom::element entry : list) {
    std::uint64_t index = 0;
    std::string_view field = text(entry, "field");
    const std::string_view message = text(entry, "message");
    if (entry["index"].get(index) != simdjson::SUCCESS) {
      // Without a good record the place is part of the field: logs[3].level
      constexpr std::string_view kPlace = "logs[";
      if (!field.starts_with(kPlace)) continue;
      field.remove_prefix(kPlace.size());
      const auto read = std::from_chars(field.data(), field.data() + field.size(), index);
      field.remove_prefix(static_cast<std::size_t>(read.ptr - field.data()));
      field.remove_prefix(std::min<std::size_t>(field.starts_with("].") ? 2 : 1, field.size()));
    }
    if (first + index >= result.outcomes.size()) continue;
    result.outcomes[first + index] = Outcome::rejected;
    result.refusals.emplace_back(first + index, field.empty()
                                                    ? std::string(message)
                                                    : fmt::format("{}: {}", field, message));
  }
}

}  // namespace

class DaemonTarget::Lease {
 public:
  explicit Lease(DaemonTarget& owner) : owner_(owner), client_(owner.take_client()) {}
  ~Lease() { owner_.give_back(std::move(client_)); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  Client& client() { return *client_; }

 private:
  DaemonTarget& owner_;
  std::unique_ptr<Client> client_;
};

DaemonTarget::DaemonTarget(Settings settings) : settings_(std::move(settings)) { ask_limits(); }

void DaemonTarget::ask_limits() {
  Lease lease(*this);
  const Answer answer = send(lease.client(), "GET", "/limits", {}, {});
  if (answer.status == 404) return;  // a listener without operations: what every daemon takes
  if (answer.status != 200) refuse(settings_.url, answer);
  simdjson::dom::parser parser;
  simdjson::dom::element limits;
  simdjson::dom::element part;
  if (parser.parse(answer.body).get(limits) != simdjson::SUCCESS) {
    throw Error(ErrorCode::invalid_request,
                fmt::format("{}: /limits does not answer with JSON", settings_.url),
                "is this the address of a logctl daemon?");
  }
  if (limits["batch"].get(part) == simdjson::SUCCESS) {
    max_records_ = std::max<std::size_t>(number(part, "max_records"), 1);
  }
  if (limits["request"].get(part) == simdjson::SUCCESS) {
    max_body_bytes_ =
        std::min(number(part, "max_body_bytes"), number(part, "max_decompressed_bytes"));
  }
}

storage::AppendResult DaemonTarget::append(const Batch& batch) {
  Lease lease(*this);
  storage::AppendResult result;
  result.outcomes.reserve(batch.records.size());
  std::string body;
  std::size_t first = 0;
  std::string line;
  const std::span<const LogRecord> records(batch.records);
  for (std::size_t i = 0; i < records.size(); ++i) {
    line.clear();
    append_line(line, records[i]);
    if (i > first && (i - first == max_records_ || body.size() + line.size() > max_body_bytes_)) {
      send_records(lease.client(), records.subspan(first, i - first), body, result);
      body.clear();
      first = i;
    }
    body += line;
  }
  if (first < records.size()) {
    send_records(lease.client(), records.subspan(first), body, result);
  }
  return result;
}

void DaemonTarget::send_records(Client& client, std::span<const LogRecord> records,
                                const std::string& body, storage::AppendResult& result) {
  Headers headers = {{"content-type", "application/x-ndjson"}};
  if (!settings_.key.empty()) headers.emplace_back("authorization", "Bearer " + settings_.key);
  const bool compressed = body.size() >= kWorthCompressing;
  if (compressed) headers.emplace_back("content-encoding", "zstd");
  const Answer answer = send(client, "POST", "/api/v1/batch-ingest", headers,
                             compressed ? zstd_compress(body) : body);

  const std::size_t first = result.outcomes.size();
  result.outcomes.resize(first + records.size(), Outcome::stored);
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  simdjson::dom::element data;
  simdjson::dom::array list;
  const bool is_json = parser.parse(answer.body).get(json) == simdjson::SUCCESS;
  if (answer.status == 201 && is_json && json["data"].get(data) == simdjson::SUCCESS) {
    if (data["errors"].get(list) == simdjson::SUCCESS) read_rejections(list, first, result);
    std::uint64_t duplicates = number(data, "duplicates");
    for (std::size_t i = first; i < result.outcomes.size() && duplicates > 0; ++i) {
      if (result.outcomes[i] != Outcome::stored) continue;
      result.outcomes[i] = Outcome::duplicate;
      --duplicates;
    }
    return;
  }
  // None of the records was usable.
  if (answer.status == 400 && is_json && number(json, "rejected") == records.size() &&
      json["details"].get(list) == simdjson::SUCCESS) {
    return read_rejections(list, first, result);
  }
  refuse(settings_.url, answer);
}

Answer DaemonTarget::send(Client& client, std::string_view method, std::string_view target,
                          const Headers& headers, const std::string& body) {
  const auto start = SteadyClock::now();
  const auto give_up_at = start + settings_.retry_for;
  microseconds pause = kFirstPause;
  bool last = false;
  while (true) {
    microseconds wait = jittered(pause);
    std::string problem;
    try {
      Answer answer = client.send(method, target, headers, body);
      if (!is_temporary(answer.status)) return answer;
      if (const auto asked = retry_after(answer)) wait = *asked + jittered(kFirstPause);
      problem = fmt::format("{}: {}", settings_.url, words(answer));
    } catch (const Error& error) {
      if (!info(error.code()).retryable || error.code() == ErrorCode::io) throw;
      problem = error.message();
    }
    const auto now = SteadyClock::now();
    if (last || now >= give_up_at) {
      throw Error(ErrorCode::unavailable,
                  fmt::format("{} (gave up after {} of trying)", problem,
                              format_duration(std::chrono::round<seconds>(now - start))),
                  "run the same command again: what the daemon has is not stored twice");
    }
    // The daemon may be back sooner than it thought: a last try when the time is up.
    const auto left = std::chrono::ceil<microseconds>(give_up_at - now);
    last = wait >= left;
    settings_.sleep(std::min<microseconds>(wait, left));
    pause = std::min(pause * 2, kLongestPause);
  }
}

std::unique_ptr<Client> DaemonTarget::take_client() {
  const Lock lock(mutex_);
  if (idle_.empty()) return std::make_unique<Client>(settings_.url, settings_.timeout);
  std::unique_ptr<Client> client = std::move(idle_.back());
  idle_.pop_back();
  return client;
}

void DaemonTarget::give_back(std::unique_ptr<Client> client) {
  const Lock lock(mutex_);
  idle_.push_back(std::move(client));
}

}  // namespace logctl::cli
