// A daemon's namespaces, over HTTP.
#include "cli/api_key.h"
#include "cli/streams/namespaces.h"
#include "cli/streams/rpc.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"
#include "shared/messages/message_json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <string_view>

namespace logctl::cli {
namespace {

namespace dom = simdjson::dom;

constexpr const char* kHint =
    "LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives a key with the scope admin";

std::string in_quotes(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

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
    std::string arguments = in_quotes(wanted.id) + ",";
    JsonWriter json(arguments);
    json.begin_object();
    if (!wanted.description.empty()) json.field("description", wanted.description);
    if (!wanted.metadata.empty()) json.key("metadata").raw(wanted.metadata);
    if (!wanted.token.empty()) json.field("token", wanted.token);
    json.end_object();
    return token(rpc_.call("ns.create", arguments));
  }

  std::vector<storage::NamespaceFigures> list() override {
    const std::string answer = rpc_.call("ns.list", {});
    dom::array rows;
    if (parse(answer).get(rows) != simdjson::SUCCESS) throw strange();
    std::vector<storage::NamespaceFigures> list;
    for (const dom::element row : rows) list.push_back(figures(row));
    return list;
  }

  storage::NamespaceFigures info(const std::string& id) override {
    return figures(parse(rpc_.call("ns.info", in_quotes(id))));
  }

  std::int64_t remove(const std::string& id) override {
    const std::string answer = rpc_.call("ns.delete", in_quotes(id));
    std::int64_t messages = 0;
    if (parse(answer)["messagesDeleted"].get(messages) != simdjson::SUCCESS) throw strange();
    return messages;
  }

  NamespaceToken rotate_token(const std::string& id) override {
    return token(rpc_.call("ns.rotateToken", in_quotes(id)));
  }

 private:
  dom::element parse(const std::string& json) {
    dom::element root;
    if (parser_.parse(json).get(root) != simdjson::SUCCESS) throw strange();
    return root;
  }

  NamespaceToken token(const std::string& answer) {
    const dom::element root = parse(answer);
    NamespaceToken made;
    std::string_view text;
    if (root["token"].get(text) != simdjson::SUCCESS) throw strange();
    made.token = text;
    made.created_at = time_of(root, "createdAt");
    return made;
  }

  static Timestamp time_of(dom::element row, const char* name) {
    std::string_view text;
    if (row[name].get(text) != simdjson::SUCCESS) return {};
    return parse_rfc3339(text).value_or(Timestamp());
  }

  storage::NamespaceFigures figures(dom::element row) {
    storage::NamespaceFigures figures;
    std::string_view text;
    if (row["namespace"].get(text) != simdjson::SUCCESS ||
        row["messageCount"].get(figures.messages) != simdjson::SUCCESS) {
      throw strange();
    }
    figures.id = text;
    if (row["description"].get(text) == simdjson::SUCCESS) figures.description = text;
    figures.created_at = time_of(row, "createdAt");
    // Not every answer has these.
    std::int64_t number = 0;
    if (row["streamCount"].get(number) == simdjson::SUCCESS) figures.streams = number;
    if (row["lastGlobalPosition"].get(number) == simdjson::SUCCESS) {
      figures.last_global_position = number;
    }
    if (row["lastActivity"].get(text) == simdjson::SUCCESS) {
      figures.last_activity = messages::parse_time(text);
    }
    dom::element metadata;
    if (row["metadata"].get(metadata) == simdjson::SUCCESS && metadata.is_object()) {
      figures.metadata = simdjson::minify(metadata);
    }
    return figures;
  }

  Error strange() const {
    return Error(ErrorCode::unavailable,
                 fmt::format("{}: the answer to /rpc is not understood", rpc_.url()),
                 "is it the address of a logctl daemon?");
  }

  Rpc rpc_;
  dom::parser parser_;
};

}  // namespace

std::unique_ptr<Namespaces> open_remote_namespaces(Context& context, const std::string& url) {
  return std::make_unique<RemoteNamespaces>(context, url);
}

}  // namespace logctl::cli
