// A daemon's streams, over HTTP.
#include "cli/api_key.h"
#include "cli/server_events.h"
#include "cli/streams/following.h"
#include "cli/streams/rpc.h"
#include "cli/streams/wire_message.h"
#include "cli/terminal_text.h"
#include "cli/url_form.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/messages/message_json.h"
#include "shared/messages/token.h"
#include "shared/record/stream_name.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace logctl::cli {
namespace {

namespace dom = simdjson::dom;
using storage::Message;

constexpr std::size_t kPageMessages = 1000;
constexpr std::size_t kPageBytes = 16 * 1024 * 1024;
constexpr microseconds kPause = seconds(1);
constexpr const char* kHint =
    "--token-file, LOGCTL_TOKEN or LOGCTL_TOKEN_FILE gives the token of the namespace";

std::string token_of(Context& context, const StreamTarget& target) {
  return target.token_file.empty() ? namespace_token(context.environment())
                                   : read_secret(target.token_file);
}

// The token decides on the namespace: another one must not be asked for by mistake.
std::string name_of(const StreamTarget& target, const std::string& token) {
  const auto named = messages::namespace_of(token);
  if (named && !target.name_space.empty() && *named != target.name_space) {
    throw Error(ErrorCode::usage,
                fmt::format("--namespace is '{}', but the token is for '{}'",
                            terminal_safe(target.name_space), terminal_safe(*named)));
  }
  if (named) return *named;
  return target.name_space.empty() ? "default" : target.name_space;
}

class RemoteSource final : public StreamSource {
 public:
  RemoteSource(Context& context, const StreamTarget& target, const std::string& token)
      : context_(context), name_space_(name_of(target, token)), rpc_(target.url, token, kHint) {}

  const std::string& name_space() const override { return name_space_; }

  storage::WriteResult write(storage::MessageWrite write) override {
    std::string arguments = json_string(write.stream) + ",";
    JsonWriter json(arguments);
    json.begin_object().field("type", write.type).key("data").raw(write.data);
    if (!write.metadata.empty()) json.key("metadata").raw(write.metadata);
    json.end_object();
    arguments += ",";
    JsonWriter options(arguments);
    options.begin_object().field("id", write.id);
    if (write.expected_version) options.field("expectedVersion", *write.expected_version);
    options.end_object();

    const std::string answer = rpc_.call("stream.write", arguments);
    storage::WriteResult result;
    const dom::element root = parse(answer);
    if (root["position"].get(result.position) != simdjson::SUCCESS ||
        root["globalPosition"].get(result.global_position) != simdjson::SUCCESS) {
      throw strange("stream.write");
    }
    return result;
  }

  storage::WriteResult look(storage::MessageWrite message) override {
    message.expected_version = kImpossibleVersion;
    storage::WriteResult result;
    try {
      result = write(message);
      result.kind = storage::WriteResult::Kind::repeated;
    } catch (const VersionConflict& conflict) {
      result.kind = storage::WriteResult::Kind::wrong_version;
      result.position = conflict.actual();
    }
    return result;
  }

  storage::MessagePage read_stream(storage::StreamRead read) override {
    const std::size_t limit = std::min(read.limit, kPageMessages);
    std::string arguments = json_string(read.stream) + ",";
    JsonWriter json(arguments);
    json.begin_object().field("position", std::max<std::int64_t>(read.position, 0));
    json.field("batchSize", limit).end_object();
    storage::MessagePage page;
    collect("stream.get", arguments, limit, page, [&](std::string_view text, Message& message) {
      message.stream = read.stream;
      wire_.read_of_stream(text, message);
    });
    return page;
  }

  storage::MessagePage read_category(storage::CategoryRead read) override {
    const std::size_t limit = std::min(read.limit, kPageMessages);
    std::string arguments = json_string(read.category) + ",";
    JsonWriter json(arguments);
    json.begin_object().field("position", std::max<std::int64_t>(read.global_position, 1));
    json.field("batchSize", limit);
    if (!read.correlation.empty()) json.field("correlation", read.correlation);
    if (read.group) {
      json.key("consumerGroup").begin_object().field("member", read.group->member);
      json.field("size", read.group->size).end_object();
    }
    json.end_object();
    storage::MessagePage page;
    collect("category.get", arguments, limit, page, [&](std::string_view text, Message& message) {
      wire_.read_of_category(text, message);
    });
    if (page.more) page.next_global_position = page.messages.back().global_position + 1;
    return page;
  }

  std::optional<Message> last(const std::string& stream, const std::string& type) override {
    std::string arguments = json_string(stream);
    if (!type.empty()) arguments += ",{\"type\":" + json_string(type) + "}";
    const std::string answer = rpc_.call("stream.last", arguments);
    // Not with the parser: it takes no number beyond 64 bits, and data may hold one.
    if (answer.find_first_not_of(" \t\r\n") == answer.find("null")) return std::nullopt;
    Message message;
    message.stream = stream;
    wire_.read_of_stream(answer, message);
    return message;
  }

  std::optional<std::int64_t> version(const std::string& stream) override {
    const std::string answer = rpc_.call("stream.version", json_string(stream));
    const dom::element root = parse(answer);
    if (root.is_null()) return std::nullopt;
    std::int64_t version = 0;
    if (root.get(version) != simdjson::SUCCESS) throw strange("stream.version");
    return version;
  }

  std::vector<storage::StreamFigures> streams(const std::string& prefix, const std::string& after,
                                              std::size_t limit) override {
    std::string arguments;
    JsonWriter json(arguments);
    json.begin_object().field("limit", std::min(limit, kPageMessages));
    if (!prefix.empty()) json.field("prefix", prefix);
    if (!after.empty()) json.field("cursor", after);
    json.end_object();
    std::vector<storage::StreamFigures> rows;
    const std::string answer = rpc_.call("ns.streams", arguments);
    for (const dom::element row : list(answer, "ns.streams")) {
      storage::StreamFigures& figures = rows.emplace_back();
      std::string_view name, time;
      if (row["stream"].get(name) != simdjson::SUCCESS ||
          row["version"].get(figures.version) != simdjson::SUCCESS) {
        throw strange("ns.streams");
      }
      figures.stream = name;
      if (row["lastActivity"].get(time) == simdjson::SUCCESS) {
        figures.last_activity = messages::parse_time(time).value_or(storage::MessageTime());
      }
    }
    return rows;
  }

  std::vector<storage::CategoryFigures> categories() override {
    std::vector<storage::CategoryFigures> rows;
    const std::string answer = rpc_.call("ns.categories", {});
    for (const dom::element row : list(answer, "ns.categories")) {
      storage::CategoryFigures& figures = rows.emplace_back();
      std::string_view name;
      if (row["category"].get(name) != simdjson::SUCCESS ||
          row["streamCount"].get(figures.streams) != simdjson::SUCCESS ||
          row["messageCount"].get(figures.messages) != simdjson::SUCCESS) {
        throw strange("ns.categories");
      }
      figures.category = name;
    }
    return rows;
  }

  std::int64_t last_global_position() override {
    const std::string answer = rpc_.call("ns.info", json_string(name_space_));
    std::int64_t last = 0;
    if (parse(answer)["lastGlobalPosition"].get(last) != simdjson::SUCCESS) {
      throw strange("ns.info");
    }
    return last;
  }

  std::size_t import(std::span<const Message> messages) override {
    std::string body;
    for (const Message& message : messages) {
      messages::append_export_line(body, message);
      body.push_back('\n');
    }
    return send_import("resume=true", std::move(body));
  }
  void clear() override { send_import("force=true", {}); }

  void follow(const Followed& what, const Take& take, const Rest& rest) override {
    Following following(*this, what);
    if (!following.has_begun() && !what.stream.empty()) {
      following.begin_at(version(what.stream).value_or(-1) + 1);
    }
    bool was_connected = false;
    bool told = false;
    while (true) {
      bool subscribed = false;
      ServerEventReader events;
      const Client::Take piece = [&](std::string_view bytes) {
        if (std::exchange(told, false)) context_.out().note("the daemon is back");
        bool news = !std::exchange(subscribed, true);
        was_connected = true;
        events.feed(bytes,
                    [&](const ServerEvent& event) { news = poke(event, what, following) || news; });
        if (news && following.has_begun()) following.read_on(take);
        rest();
        return true;
      };
      try {
        rpc_.listen("/subscribe?" + subscription(what, following), piece);
      } catch (const Error& error) {
        if (!was_connected || !info(error.code()).retryable) throw;
        if (!std::exchange(told, true)) {
          context_.out().note(fmt::format("{}; trying again", error.message()));
        }
      }
      std::this_thread::sleep_for(kPause);
    }
  }

 private:
  // Pokes only wake: messages are read from a place of our own.
  static std::string subscription(const Followed& what, const Following& following) {
    if (!following.has_begun()) return "all=true";  // there is no word for "from now on"
    const std::string position = std::to_string(following.next());
    if (!what.stream.empty()) return url_form({{"stream", what.stream}, {"position", position}});
    if (what.category.empty()) return "all=true";
    return url_form({{"category", what.category}, {"position", position}});
  }

  // True when it is news for who follows `what`; the first one may be where it begins.
  bool poke(const ServerEvent& event, const Followed& what, Following& following) {
    if (event.type != "poke") return false;
    const dom::element root = parse(event.data);
    std::string_view stream;
    std::int64_t position = 0;
    if (root["stream"].get(stream) != simdjson::SUCCESS ||
        root["globalPosition"].get(position) != simdjson::SUCCESS) {
      throw strange("/subscribe");
    }
    if (!what.category.empty() && category_of(stream) != what.category) return false;
    if (!following.has_begun()) following.begin_at(position);
    return true;
  }

  template <typename Read>
  void collect(std::string_view method, const std::string& arguments, std::size_t limit,
               storage::MessagePage& page, Read read) {
    std::size_t bytes = 0;
    const bool whole = rpc_.elements(method, arguments, [&](std::string_view text) {
      read(text, page.messages.emplace_back());
      bytes += text.size();
      return bytes < kPageBytes;
    });
    page.more = !whole || page.messages.size() == limit;
  }

  // Answers are lines of events: how far it is, and at last that it is done or why it is not.
  std::size_t send_import(std::string_view how, std::string body) {
    ServerEventReader events;
    std::optional<std::size_t> imported;
    std::optional<Error> failure;
    const Client::Take piece = [&](std::string_view bytes) {
      events.feed(bytes, [&](const ServerEvent& event) {
        const dom::element root = parse(event.data);
        std::string_view code, message;
        std::uint64_t count = 0;
        bool done = false;
        if (root["error"].get(code) == simdjson::SUCCESS) {
          if (root["message"].get(message) != simdjson::SUCCESS) message = code;
          const bool taken = code == "POSITION_EXISTS";
          failure.emplace(taken ? ErrorCode::conflict : ErrorCode::invalid_request,
                          fmt::format("{}: {}", rpc_.url(), message));
        } else if (root["done"].get(done) == simdjson::SUCCESS &&
                   root["imported"].get(count) == simdjson::SUCCESS) {
          imported = count;
        }
      });
      return true;
    };
    rpc_.post(fmt::format("/import?{}", how), std::move(body), piece);
    if (failure) throw Error(*failure);
    if (!imported) throw strange("/import");
    return *imported;
  }

  dom::element parse(const std::string& json) {
    dom::element root;
    if (parser_.parse(json).get(root) != simdjson::SUCCESS) throw strange("/rpc");
    return root;
  }
  dom::array list(const std::string& json, std::string_view method) {
    dom::array rows;
    if (parse(json).get(rows) != simdjson::SUCCESS) throw strange(method);
    return rows;
  }
  Error strange(std::string_view what) const {
    return Error(ErrorCode::unavailable,
                 fmt::format("{}: the answer to {} is not understood", rpc_.url(), what),
                 "is it the address of a logctl daemon?");
  }

  Context& context_;
  const std::string name_space_;
  Rpc rpc_;
  WireMessages wire_;
  dom::parser parser_;
};

}  // namespace

std::unique_ptr<StreamSource> open_remote_source(Context& context, const StreamTarget& target) {
  return std::make_unique<RemoteSource>(context, target, token_of(context, target));
}

}  // namespace logctl::cli
