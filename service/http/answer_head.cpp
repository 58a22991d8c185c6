#include "service/http/answer_head.h"

#include "shared/base/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace logctl::http {
namespace {

constexpr std::string_view kFixed =
    "Server: logctl\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "X-XSS-Protection: 1; mode=block\r\n"
    "Referrer-Policy: strict-origin-when-cross-origin\r\n";

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 207:
      return "Multi-Status";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unknown";
  }
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  const std::size_t begin = out.size();
  out.append(value);
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
      [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  out.append("\r\n");
}

void append_number_header(std::string& out, std::string_view name, std::uint64_t value) {
  out.append(name).append(": ");
  append_number(out, value);
  out.append("\r\n");
}

void append_rate(std::string& out, const ratelimit::Decision& rate) {
  append_number_header(out, "RateLimit-Limit", rate.limit);
  append_number_header(out, "RateLimit-Remaining", rate.remaining);
  append_number_header(out, "RateLimit-Reset", rate.reset_seconds);
  append_number_header(out, "X-RateLimit-Limit", rate.limit);
  append_number_header(out, "X-RateLimit-Remaining", rate.remaining);
  append_number_header(out, "X-RateLimit-Reset", rate.reset_seconds);
}

void append_cors(std::string& out, const config::Server& server, std::string_view origin) {
  const auto& origins = server.cors_origins;
  const bool anyone = std::find(origins.begin(), origins.end(), "*") != origins.end();
  if (!anyone) append_header(out, "Vary", "Origin");
  if (origin.empty()) return;
  if (!anyone && std::find(origins.begin(), origins.end(), origin) == origins.end()) return;
  append_header(out, "Access-Control-Allow-Origin", anyone ? std::string_view("*") : origin);
  append_header(out, "Access-Control-Expose-Headers",
                "X-Request-ID, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
                "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-API-Key-Expires");
}

bool has_body(int status) { return status != 204 && status != 304 && status >= 200; }

}  // namespace

std::string_view http_date(std::time_t now) {
  thread_local std::time_t formatted = -1;
  thread_local std::string text;
  if (now == formatted) return text;
  static constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                            "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  // Names are fixed English whatever the locale, so strftime is of no use.
  const auto two_digits = [](int n) {
    return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)};
  };
  text.assign(kDays[static_cast<std::size_t>(parts.tm_wday)]).append(", ");
  text.append(two_digits(parts.tm_mday)).append(" ");
  text.append(kMonths[static_cast<std::size_t>(parts.tm_mon)]).append(" ");
  text.append(std::to_string(parts.tm_year + 1900)).append(" ");
  text.append(two_digits(parts.tm_hour)).append(":");
  text.append(two_digits(parts.tm_min)).append(":");
  text.append(two_digits(parts.tm_sec)).append(" GMT");
  formatted = now;
  return text;
}

void append_head(std::string& out, const Response& response, const AnswerContext& context) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(response.status));
  out.append(" ").append(reason(response.status)).append("\r\n").append(kFixed);
  out.append("Date: ").append(http_date(std::time(nullptr))).append("\r\n");
  out.append("X-Request-ID: ").append(context.request_id).append("\r\n");
  if (has_body(response.status)) {
    append_header(out, "Content-Type", response.content_type);
    if (!response.source) {
      append_number_header(out, "Content-Length", response.body.size());
    } else if (!context.http_1_0) {
      out.append("Transfer-Encoding: chunked\r\n");
    }
  }
  for (const auto& [name, value] : response.headers) append_header(out, name, value);
  if (response.status == 401) append_header(out, "WWW-Authenticate", "Bearer");
  if (!context.allow.empty()) append_header(out, "Allow", context.allow);
  if (context.rate != nullptr) append_rate(out, *context.rate);
  if (context.key_ends) append_header(out, "X-API-Key-Expires", format_rfc3339(*context.key_ends));
  const auto is_open = [](const auto& header) {
    return header.first == "Access-Control-Allow-Origin";
  };
  const bool open = std::any_of(response.headers.begin(), response.headers.end(), is_open);
  if (context.server != nullptr && context.server->cors_enabled && !open) {
    append_cors(out, *context.server, context.origin);
  }
  if (!context.keep_alive) {
    out.append("Connection: close\r\n");
  } else if (context.http_1_0) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

Response preflight_response() {
  Response response;
  response.status = 204;
  response.with("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  response.with("Access-Control-Allow-Headers",
                "Authorization, Content-Type, Content-Encoding, X-API-Key, X-Request-ID");
  response.with("Access-Control-Max-Age", "43200");
  return response;
}

}  // namespace logctl::http
