// A daemon's namespaces, over HTTP.
#include "cli/api_key.h"
#include "cli/streams/namespaces.h"
#include "cli/streams/rpc.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"
#include "shared/ingest/json_object.h"
#include "shared/messages/message_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <string_view>

namespace logctl::cli {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr const char* kHint =
    "LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives a key with the scope admin";

// Where a daemon lets every namespace's token do this (messages.open_admin), one is enough.
std::string credential(Context& context) {
  const std::string key = api_key(context.environment());
  return key.empty() ? namespace_token(context.environment()) : key;
}

class RemoteNamespaces final : public Namespaces {
 public:
  RemoteNamespaces(Context& context, const std::string& url)
      : rpc_(url, credential(context), kHint) {}

  NamespaceToken create(const NewNamespace& wanted) override {
    std::string arguments = json_string(wanted.id) + ",";
    JsonWriter json(arguments);
    json.begin_object();
    if (!wanted.description.empty()) json.field("description", wanted.description);
    if (!wanted.metadata.empty()) json.key("metadata").raw(wanted.metadata);
    if (!wanted.token.empty()) json.field("token", wanted.token);
    json.end_object();
    return token(rpc_.call("ns.create", arguments));
  }

  std::vector<storage::NamespaceFigures> list() override {
    std::vector<storage::NamespaceFigures> rows;
    read(rpc_.call("ns.list", {}), [&](ondemand::document& answer) {
      for (ondemand::object row : answer.get_array()) rows.push_back(figures(row));
    });
    return rows;
  }

  storage::NamespaceFigures info(const std::string& id) override {
    storage::NamespaceFigures row;
    read(rpc_.call("ns.info", json_string(id)),
         [&](ondemand::document& answer) { row = figures(answer.get_object()); });
    return row;
  }

  std::int64_t remove(const std::string& id) override {
    std::int64_t messages = 0;
    read(rpc_.call("ns.delete", json_string(id)),
         [&](ondemand::document& answer) { messages = answer["messagesDeleted"].get_int64(); });
    return messages;
  }

  NamespaceToken rotate_token(const std::string& id) override {
    return token(rpc_.call("ns.rotateToken", json_string(id)));
  }

 private:
  // Not as a tree: that takes no number beyond 64 bits, and metadata may hold one.
  template <typename Take>
  void read(const std::string& json, Take take) {
    const simdjson::padded_string padded(json);
    try {
      ondemand::document answer = parser_.iterate(padded);
      take(answer);
    } catch (const simdjson::simdjson_error&) {
      throw Error(ErrorCode::unavailable,
                  fmt::format("{}: the answer to /rpc is not understood", rpc_.url()),
                  "is it the address of a logctl daemon?");
    }
  }

  NamespaceToken token(const std::string& json) {
    NamespaceToken made;
    read(json, [&](ondemand::document& answer) {
      made.token = std::string_view(answer["token"].get_string());
      made.created_at = time(answer["createdAt"]);
    });
    return made;
  }

  static Timestamp time(simdjson::simdjson_result<ondemand::value> value) {
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS) return {};
    return parse_rfc3339(text).value_or(Timestamp());
  }

  // Not every answer has all of it.
  static storage::NamespaceFigures figures(ondemand::object row) {
    storage::NamespaceFigures figures;
    figures.id = std::string_view(row["namespace"].get_string());
    figures.messages = row["messageCount"].get_int64();
    std::string_view text;
    if (row["description"].get_string().get(text) == simdjson::SUCCESS) figures.description = text;
    figures.created_at = time(row["createdAt"]);
    std::int64_t number = 0;
    if (row["streamCount"].get_int64().get(number) == simdjson::SUCCESS) figures.streams = number;
    if (row["lastGlobalPosition"].get_int64().get(number) == simdjson::SUCCESS) {
      figures.last_global_position = number;
    }
    if (row["lastActivity"].get_string().get(text) == simdjson::SUCCESS) {
      figures.last_activity = messages::parse_time(text);
    }
    ondemand::object metadata;
    if (row["metadata"].get_object().get(metadata) == simdjson::SUCCESS) {
      const std::string_view raw = metadata.raw_json();
      ingest::append_object(figures.metadata, raw, "metadata");
    }
    return figures;
  }

  Rpc rpc_;
  ondemand::parser parser_;
};

}  // namespace

std::unique_ptr<Namespaces> open_remote_namespaces(Context& context, const std::string& url) {
  return std::make_unique<RemoteNamespaces>(context, url);
}

}  // namespace logctl::cli
