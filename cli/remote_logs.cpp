#include "cli/remote_logs.h"

#include "cli/daemon_call.h"
#include "cli/records.h"
#include "cli/server_events.h"
#include "cli/url_form.h"
#include "cli/wire_record.h"
#include "shared/base/error.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace logctl::cli {
namespace {

constexpr microseconds kPieceTimeout = seconds(60);  // the daemon itself gives up on a query sooner
constexpr microseconds kQuiet = seconds(45);         // three of the daemon's signs of life
constexpr microseconds kPause = seconds(1);
constexpr std::uint64_t kPageRecords = 500;
constexpr std::size_t kRemembered = 20'000;

// Cuts a stream into lines.
class Lines {
 public:
  template <typename Take>
  void feed(std::string_view bytes, Take take) {
    while (true) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos) break;
      rest_ += bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      take(std::string_view(rest_));
      rest_.clear();
    }
    rest_ += bytes;
  }

 private:
  std::string rest_;
};

// What was printed lately: across a daemon's restart, records may come twice.
class Remembered {
 public:
  // True when it is new.
  bool add(const std::string& id) {
    if (!ids_.insert(id).second) return false;
    order_.push_back(id);
    if (order_.size() > kRemembered) {
      ids_.erase(order_.front());
      order_.pop_front();
    }
    return true;
  }

 private:
  std::set<std::string> ids_;
  std::deque<std::string> order_;
};

}  // namespace

RemoteEnd read_remote_records(Context& context, const std::string& url,
                              const query::Parameters& parameters,
                              const std::function<void(std::string_view)>& take) {
  Client client(url, kPieceTimeout);
  Headers headers = headers_with_key(context);
  headers.emplace_back("content-type", "application/x-www-form-urlencoded");
  Lines lines;
  RemoteEnd end;
  bool ended = false;
  std::optional<Error> failure;
  const Client::Take piece = [&](std::string_view bytes) {
    lines.feed(bytes, [&](std::string_view line) {
      if (line.starts_with(R"({"id":)")) return take(line);
      if (line.starts_with(R"({"error":)")) {
        failure = Error(ErrorCode::unavailable,
                        fmt::format("{}: the answer is cut: {}", url, text_member(line, "message")),
                        text_member(line, "hint"));
        return;
      }
      ended = ended || line.starts_with(R"({"end":)");
      end.cut_by_limit = text_member(line, "end") == "limit";
    });
    return true;
  };
  try {
    const Answer answer =
        client.stream("POST", "/api/v1/logs/query", headers, url_form(parameters), piece);
    if (answer.status != 200) refuse(url, answer);
  } catch (const Error&) {
    // The daemon's own words say more than the connection that broke behind them.
    if (!failure) throw;
  }
  if (failure) throw Error(*failure);
  if (!ended) {
    throw Error(ErrorCode::unavailable, fmt::format("{}: the answer has no end", url),
                "is it the address of a logctl daemon?");
  }
  return end;
}

void print_remote_records(Context& context, const std::string& url,
                          const query::Parameters& parameters, std::uint64_t limit) {
  RecordPrinter printer(context.out());
  std::uint64_t rows = 0;
  auto arena = std::make_unique<Arena>();
  const auto print = [&](std::string_view line) {
    if (rows > 0 && rows % kPageRecords == 0) {
      printer.between_pages();
      arena = std::make_unique<Arena>();
    }
    ++rows;
    printer.add(read_wire_record(line, *arena));
  };
  const RemoteEnd end = read_remote_records(context, url, parameters, print);
  printer.end();
  if (end.cut_by_limit) note_more(limit, context.out());
}

void follow_remote(Context& context, const std::string& url, const query::Parameters& parameters,
                   const std::function<void(std::string_view)>& record,
                   const std::function<void()>& rest) {
  Remembered printed;
  std::string last_id;
  bool was_connected = false;
  bool told = false;
  while (true) {
    Headers headers = headers_with_key(context);
    if (!last_id.empty()) headers.emplace_back("last-event-id", last_id);
    query::Parameters asked = parameters;
    if (!last_id.empty()) {
      std::erase_if(asked, [](const auto& parameter) { return parameter.first == "lines"; });
    }
    ServerEventReader events;
    const ServerEventReader::Take event = [&](const ServerEvent& one) {
      if (one.type.empty()) {
        last_id = one.id;
        if (printed.add(one.id)) record(one.data);
      } else if (one.type == "skipped") {
        simdjson::dom::parser parser;
        const simdjson::padded_string json(one.data);
        std::uint64_t records = 0;
        if (parser.parse(json)["records"].get(records) != simdjson::SUCCESS) return;
        context.out().note(
            fmt::format("{} records were skipped: they came faster than they were taken", records));
      }
    };
    const Client::Take piece = [&](std::string_view bytes) {
      if (std::exchange(told, false)) context.out().note("the daemon is back");
      was_connected = true;
      events.feed(bytes, event);
      rest();
      return true;
    };
    try {
      Client client(url, kQuiet);
      const Answer answer =
          client.stream("GET", "/api/v1/logs/tail?" + url_form(asked), headers, {}, piece);
      const bool may_pass = answer.status == 200 || answer.status == 429 || answer.status >= 500;
      if (answer.status != 200 && !(may_pass && was_connected)) refuse(url, answer);
    } catch (const Error& error) {
      if (!was_connected || !info(error.code()).retryable) throw;
      if (!std::exchange(told, true)) {
        context.out().note(fmt::format("{}; trying again", error.message()));
      }
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace logctl::cli
