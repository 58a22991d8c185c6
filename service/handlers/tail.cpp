#include "service/handlers/tail.h"

#include "service/handlers/log_answers.h"
#include "service/handlers/query_body.h"
#include "service/handlers/tail_source.h"
#include "service/http/access.h"
#include "shared/query/parameters.h"
#include "shared/query/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;

constexpr std::uint32_t kMostLines = 1000;
constexpr std::array<std::string_view, 6> kOfPages = {"page",   "page_size",  "limit",
                                                      "cursor", "sort_order", "sort_by"};

std::uint32_t parse_lines(const std::string& value) {
  std::uint32_t lines = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, lines);
  if (error != std::errc() || stop != end || lines > kMostLines) {
    const std::string_view shown = query::is_storable_text(value) ? std::string_view(value) : "?";
    throw query::ParameterError(
        "lines",
        fmt::format("expected a whole number from 0 to {}, found `{}`", kMostLines, shown));
  }
  return lines;
}

std::optional<tail::Position> parse_place(std::string_view name, std::string_view value) {
  if (value.empty()) return std::nullopt;
  auto position = tail::parse_position(value);
  if (!position) {
    const std::string_view shown = query::is_storable_text(value) ? value.substr(0, 200) : "?";
    throw query::ParameterError(
        std::string(name),
        fmt::format("expected the id of an event of this stream, found `{}`", shown));
  }
  return position;
}

void read_question(query::Parameters parameters, std::string_view header,
                   std::span<const std::string> event_types, Timestamp now,
                   TailSource::Settings& settings) {
  settings.after = parse_place("Last-Event-ID", header);
  for (const auto& [name, value] : parameters) {
    if (std::ranges::find(kOfPages, name) != kOfPages.end()) {
      throw query::ParameterError(name,
                                  "has no meaning here: records come as they are stored; lines=N "
                                  "begins with older ones");
    }
    if (name == "lines" && !value.empty()) settings.lines = parse_lines(value);
    // For browsers, which cannot send the header the first time.
    if (name == "last_event_id" && !settings.after) settings.after = parse_place(name, value);
  }
  std::erase_if(parameters, [](const auto& parameter) {
    return parameter.first == "lines" || parameter.first == "last_event_id";
  });
  settings.question = query::parse_filter(parameters, event_types, now).query;
  settings.question.offset = 0;
  if (settings.question.until) {
    throw query::ParameterError("until", "has no meaning here: a tail goes on with what comes");
  }
}

// The key that the request came with, which the session has taken out of the parameters.
std::string token_of(const http::Request& request) {
  http::Request as_sent;
  as_sent.headers = request.headers;
  const std::size_t question = request.target.find('?');
  if (question != std::string::npos) {
    auto parameters =
        http::parse_query_string(std::string_view(request.target).substr(question + 1));
    if (parameters) as_sent.parameters = std::move(*parameters);
  }
  return http::find_token(as_sent, http::Surface::logs);
}

}  // namespace

TailHandlers::TailHandlers(tail::Hub& hub, storage::LogStore& store, HeavyWork& work,
                           auth::Authenticator& authenticator,
                           std::shared_ptr<const config::Config> config, const Clock& clock)
    : hub_(hub),
      store_(store),
      work_(work),
      authenticator_(authenticator),
      config_(std::move(config)),
      clock_(clock) {}

awaitable<http::Response> TailHandlers::tail(http::Request& request) {
  if (!request.principal) throw Error(ErrorCode::unauthorized, "an API key is required");
  const auto config = config_.get();
  http::Response response;
  try {
    TailSource::Settings settings;
    read_question(question_of(request), request.header("last-event-id"), config->ingest.event_types,
                  clock_.now(), settings);
    query::bind(settings.question, request.principal->view());
    settings.heartbeat = config->tail.heartbeat;
    settings.allowed = [&authenticator = authenticator_, token = token_of(request)] {
      const auth::Answer key = authenticator.check(token);
      return key.verdict == auth::Verdict::ok && key.principal->scopes.has(auth::Scope::read);
    };
    response.content_type = "text/event-stream";
    response.with("Cache-Control", "no-cache").with("X-Accel-Buffering", "no");
    response.source =
        std::make_shared<TailSource>(hub_, store_, work_, clock_, std::move(settings));
  } catch (const query::ParameterError& error) {
    response = parameter_error_answer(error);
  }
  co_return response;
}

}  // namespace logctl::handlers
