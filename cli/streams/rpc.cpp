#include "cli/streams/rpc.h"

#include "cli/http_error.h"
#include "shared/base/error.h"
#include "shared/base/json_writer.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <optional>
#include <utility>

namespace logctl::cli {
namespace {

constexpr microseconds kTimeout = seconds(60);  // for an answer, and for each piece of a long one
constexpr microseconds kQuiet = seconds(45);    // three of the daemon's signs of life

struct Refusal {
  std::string code;
  std::string message;
  std::optional<std::int64_t> expected;
  std::optional<std::int64_t> actual;
};

// {"error":{"code","message","details"}}, or what other paths of the daemon say.
Refusal read_refusal(std::string_view body) {
  Refusal refusal;
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(body);
  simdjson::dom::element root;
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) return refusal;
  simdjson::dom::element error;
  if (root["error"].get(error) != simdjson::SUCCESS || !error.is_object()) error = root;
  std::string_view text;
  if (error["code"].get(text) == simdjson::SUCCESS) refusal.code = text;
  if (error["message"].get(text) == simdjson::SUCCESS) refusal.message = text;
  std::int64_t number = 0;
  if (error["details"]["expected"].get(number) == simdjson::SUCCESS) refusal.expected = number;
  if (error["details"]["actual"].get(number) == simdjson::SUCCESS) refusal.actual = number;
  return refusal;
}

}  // namespace

Rpc::Rpc(std::string url, std::string credential, std::string hint)
    : url_(std::move(url)),
      credential_(std::move(credential)),
      hint_(std::move(hint)),
      client_(url_, kTimeout) {}

Headers Rpc::headers() const {
  Headers headers = {{"content-type", "application/json"}};
  if (!credential_.empty()) headers.emplace_back("authorization", "Bearer " + credential_);
  return headers;
}

std::string Rpc::request(std::string_view method, std::string_view arguments) {
  std::string body = "[";
  append_json_string(body, method);
  if (!arguments.empty()) body += ",";
  body += arguments;
  return body + "]";
}

void Rpc::refuse(const Answer& answer) const {
  const Refusal refusal = read_refusal(answer.body);
  std::string words = refusal.message;
  if (refusal.expected && refusal.actual) {
    throw VersionConflict(fmt::format("{}: expected version {}, found {}", url_, *refusal.expected,
                                      *refusal.actual),
                          *refusal.actual);
  }
  if (words.empty()) words = fmt::format("status {}", answer.status);
  throw Error(error_of_status(answer.status), fmt::format("{}: {}", url_, words),
              answer.status == 401 || answer.status == 403 ? hint_ : std::string());
}

std::string Rpc::call(std::string_view method, std::string_view arguments) {
  Answer answer = client_.send("POST", "/rpc", headers(), request(method, arguments));
  if (answer.status != 200) refuse(answer);
  return std::move(answer.body);
}

bool Rpc::elements(std::string_view method, std::string_view arguments,
                   const std::function<bool(std::string_view)>& take) {
  ArrayElements array;
  bool enough = false;
  const ArrayElements::Take element = [&](std::string_view text) {
    enough = !take(text);
    return !enough;
  };
  const Client::Take piece = [&](std::string_view bytes) { return array.feed(bytes, element); };
  const Answer answer =
      client_.stream("POST", "/rpc", headers(), request(method, arguments), piece);
  if (answer.status != 200) refuse(answer);
  if (!enough && (array.broken() || !array.ended())) {
    throw Error(ErrorCode::unavailable, fmt::format("{}: the answer is no list of messages", url_),
                "is it the address of a logctl daemon?");
  }
  return !enough;
}

void Rpc::post(std::string_view target, std::string body, const Client::Take& take) {
  Headers sent = headers();
  sent.front().second = "application/x-ndjson";
  const Answer answer = client_.stream("POST", target, sent, std::move(body), take);
  if (answer.status != 200) refuse(answer);
}

void Rpc::listen(std::string_view target, const Client::Take& take) {
  Client client(url_, kQuiet);
  const Answer answer = client.stream("GET", target, headers(), {}, take);
  if (answer.status != 200) refuse(answer);
}

bool ArrayElements::end_element(const Take& take) {
  const std::size_t begin = element_.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return true;
  const bool go_on = take(std::string_view(element_).substr(begin));
  element_.clear();
  return go_on;
}

bool ArrayElements::feed(std::string_view bytes, const Take& take) {
  for (const char c : bytes) {
    if (in_text_) {
      element_.push_back(c);
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_text_ = false;
      }
      continue;
    }
    if (depth_ == 0) {
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
      broken_ = ended_ || c != '[';
      if (broken_) return false;
      depth_ = 1;
      continue;
    }
    if (c == ']' || c == '}') --depth_;
    if (depth_ == 0) {
      ended_ = true;
      if (!end_element(take)) return false;
      continue;
    }
    if (c == ',' && depth_ == 1) {
      if (!end_element(take)) return false;
      continue;
    }
    if (c == '[' || c == '{') ++depth_;
    if (c == '"') in_text_ = true;
    element_.push_back(c);
  }
  return true;
}

}  // namespace logctl::cli
