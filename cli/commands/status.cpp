// `logctl status`: the accounting and the spool, read from the store and the disk, or asked from a
// daemon.
#include "cli/api_key.h"
#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/commands/commands.h"
#include "cli/commands/spool_actions.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/config/target.h"
#include "shared/ingest/accounting.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace logctl::cli {
namespace {

struct Options {
  std::string url;
  microseconds timeout = seconds(5);
};

std::string counts_json(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  for (const auto& [name, count] : counts) json.field(name, count);
  json.end_object();
  return text;
}

// For people: `bad_json 3, too_old 1`.
Value counts_value(Context& context, const std::map<std::string, std::uint64_t>& counts) {
  if (context.out().format() != OutputFormat::table) return Value::json(counts_json(counts));
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
  }
  return text.empty() ? Value("none") : Value(text);
}

struct Drain {
  double bytes_per_second = 0;
  std::optional<double> seconds_left;  // nothing: it does not move
};

// From two looks at how far the store has got with what waits.
Drain watch_drain(storage::LogStore& logs, const SpoolView& spool) {
  constexpr seconds kBetween(1);
  const auto position = [&] { return logs.position(spool.figures.source.name); };
  const spool::Position first = position();
  const auto begun = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(kBetween);
  const spool::Position last = position();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  Drain drain;
  if (last <= first) return drain;
  drain.bytes_per_second = std::round(static_cast<double>(last - first) / took.count());
  const spool::Position end = spool.figures.end;
  const double left = end > last ? static_cast<double>(end - last) : 0;
  drain.seconds_left = std::round(left / drain.bytes_per_second * 10) / 10;
  return drain;
}

// Without `sums` for a store that does not answer, for `problem`.
void print(Context& context, const std::optional<ingest::Accounting>& sums,
           const std::optional<SpoolView>& spool, const std::optional<Drain>& drain,
           std::string_view problem) {
  const auto known = [&](auto value) { return sums ? Value(value(*sums)) : Value(); };
  std::vector<Field> fields = {
      {"store", config::store_target(*context.config()).shown},
      {"received", known([](const auto& all) { return all.received; })},
      {"stored", known([](const auto& all) { return all.stored; })},
      {"duplicate", known([](const auto& all) { return all.duplicate; })},
      {"rejected", known([&](const auto& all) { return counts_value(context, all.rejected); })},
      {"spooled", spool ? spool->depth.records : 0},
      // Without the store's position, what it took last may still be counted as waiting.
      {"spooled_may_include_stored", spool && !spool->store_position},
      {"deleted", known([&](const auto& all) { return counts_value(context, all.deleted); })},
      {"counted", sums.has_value()},
      {"spool_bytes", spool ? Value(spool->bytes) : Value()},
      {"spool_oldest_seconds", spool ? oldest_seconds(*spool, context.clock().now()) : 0.0},
      {"spool_drain_bytes_per_second", drain ? Value(drain->bytes_per_second) : Value()},
      {"spool_seconds_left", drain ? Value(drain->seconds_left) : Value()}};
  if (!problem.empty()) fields.emplace_back("problem", std::string(problem));
  context.out().object(fields);
}

int from_store(Context& context) {
  try {
    storage::Backend& store = context.existing_backend();
    const std::optional<SpoolView> spool = view_spool(context, AskStore::balances);
    // Without the position the sums would count records twice.
    if (spool && !spool->store_problem.empty()) {
      throw Error(ErrorCode::unavailable, spool->store_problem);
    }
    const ingest::Backlog::Depth waiting = spool ? spool->depth : ingest::Backlog::Depth();
    const auto accounts = spool ? spool->accounts : store.logs->accounts();
    std::optional<Drain> drain;
    if (spool && spool->bytes > 0) drain = watch_drain(*store.logs, *spool);
    print(context, ingest::total(ingest::account(accounts, waiting)), spool, drain, {});
    return 0;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    const std::optional<SpoolView> spool = view_spool(context, AskStore::nothing);
    if (!spool) throw;
    // What waits on this disk is worth knowing all the more.
    print(context, std::nullopt, spool, std::nullopt, error.message());
    if (spool->depth.records > 0) context.out().note(fmt::format("spooled: {}", kMayBeStored));
    context.out().flush();
    throw;
  }
}

std::string required_key(Context& context) {
  std::string key = api_key(context.environment());
  if (!key.empty()) return key;
  throw Error(ErrorCode::unauthorized, "the daemon's status needs a key",
              "set LOGCTL_API_KEY or LOGCTL_API_KEY_FILE to a key with the scope read");
}

Value value_of(Context& context, simdjson::dom::element element) {
  if (element.is_null()) return {};
  if (element.is_string()) return std::string(std::string_view(element));
  simdjson::dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return Value::json(simdjson::minify(element));
  std::map<std::string, std::uint64_t> counts;
  for (const auto [name, count] : object) {
    std::uint64_t number = 0;
    if (count.get(number) == simdjson::SUCCESS) counts.emplace(name, number);
  }
  return counts_value(context, counts);
}

int from_daemon(Context& context, const Options& options) {
  Client client(options.url, options.timeout);
  const Answer answer =
      client.send("GET", "/api/v1/status", {{"Authorization", "Bearer " + required_key(context)}});
  simdjson::dom::parser parser;
  simdjson::dom::element data;
  const simdjson::padded_string body(answer.body);
  if (answer.status != 200 || parser.parse(body)["data"].get(data) != simdjson::SUCCESS) {
    const ErrorCode code = answer.status == 401   ? ErrorCode::unauthorized
                           : answer.status == 403 ? ErrorCode::forbidden
                                                  : ErrorCode::unavailable;
    std::string_view reason;
    const bool told = parser.parse(body)["message"].get(reason) == simdjson::SUCCESS;
    throw Error(code, fmt::format("{}: status {} instead of a status report{}{}", options.url,
                                  answer.status, told ? ": " : "", reason));
  }
  std::vector<Field> fields = {{"url", options.url}};
  const auto add = [&](const std::string& name,
                       simdjson::simdjson_result<simdjson::dom::element> found) {
    simdjson::dom::element value;
    if (found.get(value) == simdjson::SUCCESS) fields.emplace_back(name, value_of(context, value));
  };
  for (const char* name :
       {"received", "stored", "duplicate", "rejected", "spooled", "deleted", "counted"}) {
    add(name, data[name]);
  }
  // Under the names that the store's own report has.
  for (const char* name :
       {"bytes", "oldest_seconds", "drain_bytes_per_second", "seconds_left", "problem"}) {
    add(fmt::format("spool_{}", name), data["spool"][name]);
  }
  context.out().object(fields);
  return 0;
}

}  // namespace

void define_status(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  app.add_option(
         "--url", options->url,
         "ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the "
         "key")
      .type_name("URL");
  app.add_duration("--timeout", options->timeout, "how long to wait for the daemon");
  app.callback([&program, options] {
    program.action = [options](Context& context) {
      return options->url.empty() ? from_store(context) : from_daemon(context, *options);
    };
  });
}

}  // namespace logctl::cli
