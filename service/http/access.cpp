#include "service/http/access.h"

#include "shared/ratelimit/rate_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace logctl::http {
namespace {

constexpr std::array<std::string_view, 4> kSecretParameters = {"api_key", "apikey", "token",
                                                               "access_token"};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

auth::Allowance allowance(const auth::Principal& principal, Bucket bucket) {
  switch (bucket) {
    case Bucket::records:
      return principal.records;
    case Bucket::bytes:
      return principal.bytes;
    case Bucket::requests:
      break;
  }
  return {principal.rps, principal.burst};
}

// A key's id holds no slash: the buckets of two keys never meet.
std::string bucket_id(const auth::Principal& principal, Bucket bucket) {
  if (bucket == Bucket::requests) return principal.key_id;
  return principal.key_id + "/" + std::string(bucket_name(bucket));
}

// What follows the scheme Bearer; a key may also stand there alone.
std::string_view without_scheme(std::string_view text) {
  static constexpr std::string_view kScheme = "bearer";
  const bool has_scheme =
      text.size() >= kScheme.size() &&
      std::equal(kScheme.begin(), kScheme.end(), text.begin(), [](char expected, char c) {
        return expected == (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
      });
  if (!has_scheme || (text.size() > kScheme.size() && text[kScheme.size()] != ' ')) return text;
  return trim(text.substr(kScheme.size()));
}

}  // namespace

std::string find_token(Request& request, Surface surface) {
  // The parameter is taken out even when a header wins: to handlers it is not a filter.
  std::string from_parameter;
  if (surface == Surface::logs) {
    const auto is_key = [](const auto& parameter) { return parameter.first == "api_key"; };
    auto& parameters = request.parameters;
    const auto found = std::find_if(parameters.begin(), parameters.end(), is_key);
    if (found != parameters.end()) {
      from_parameter = std::move(found->second);
      parameters.erase(std::remove_if(parameters.begin(), parameters.end(), is_key),
                       parameters.end());
    }
  }
  const std::string_view authorization = without_scheme(trim(request.header("authorization")));
  if (!authorization.empty()) return std::string(authorization);
  const std::string_view header = trim(request.header("x-api-key"));
  if (!header.empty()) return std::string(header);
  return from_parameter;
}

std::shared_ptr<const auth::Principal> require_scope(const auth::Answer& answer,
                                                     auth::Scope scope) {
  switch (answer.verdict) {
    case auth::Verdict::ok:
      break;
    case auth::Verdict::missing:
      throw Error(ErrorCode::unauthorized, "API key is required",
                  "send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'");
    case auth::Verdict::expired:
      throw Error(ErrorCode::unauthorized, "API key has expired");
    case auth::Verdict::unknown:
    case auth::Verdict::not_in_snapshot:
      throw Error(ErrorCode::unauthorized, "invalid API key");
  }
  if (!answer.principal->scopes.has(scope)) {
    throw Error(ErrorCode::forbidden,
                fmt::format("key '{}' lacks the scope '{}'", answer.principal->key_id,
                            auth::scope_name(scope)),
                fmt::format("it has: {}", auth::format_scopes(answer.principal->scopes)));
  }
  return answer.principal;
}

std::string_view bucket_name(Bucket bucket) {
  static constexpr std::array<std::string_view, 3> kNames = {"requests", "records", "bytes"};
  return kNames[static_cast<std::size_t>(bucket)];
}

ratelimit::Decision KeyBuckets::take(Bucket bucket, Instant now, double cost) {
  const auth::Allowance most = allowance(principal_, bucket);
  if (most.rate <= 0) return {};
  return limiter_.take(bucket_id(principal_, bucket), most.rate, most.burst, now, cost);
}

ratelimit::Decision KeyBuckets::look(Bucket bucket, Instant now, double cost) {
  const auth::Allowance most = allowance(principal_, bucket);
  if (most.rate <= 0) return {};
  return limiter_.look(bucket_id(principal_, bucket), most.rate, most.burst, now, cost);
}

void KeyBuckets::charge(Bucket bucket, Instant now, double cost) {
  const auth::Allowance most = allowance(principal_, bucket);
  if (most.rate <= 0) return;
  limiter_.charge(bucket_id(principal_, bucket), most.rate, most.burst, now, cost);
}

Error refused_by(metrics::Observer& observer, Request& request, Bucket bucket,
                 const ratelimit::Decision& decision) {
  const auth::Principal& principal = *request.principal;
  request.rate = decision;
  metrics::RateLimited event;
  event.key_id = principal.key_id;
  event.bucket = bucket_name(bucket);
  observer.emit(event);
  const auth::Allowance most = allowance(principal, bucket);
  const ratelimit::RateText rate = ratelimit::rate_text(most.rate);
  return Error(
      ErrorCode::rate_limited,
      fmt::format("the rate limit of key '{}' is used up: {} {} per {}, burst {}", principal.key_id,
                  rate.amount, bucket_name(bucket), rate.word, most.burst),
      fmt::format("try again in {} s", decision.retry_after_seconds));
}

std::string mask_target(std::string_view target) {
  const std::size_t question = target.find('?');
  if (question == std::string_view::npos) return std::string(target);
  std::string out(target.substr(0, question));
  char separator = '?';
  std::string_view rest = target.substr(question + 1);
  while (true) {
    const std::size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    const std::string_view name = pair.substr(0, pair.find('='));
    const auto decoded = percent_decode(name, true);
    // A name that cannot be decoded could be anything.
    const bool secret = !decoded || std::find(kSecretParameters.begin(), kSecretParameters.end(),
                                              *decoded) != kSecretParameters.end();
    out.push_back(separator);
    if (secret) {
      out.append(name).append("=***");
    } else {
      out.append(pair);
    }
    if (end == std::string_view::npos) return out;
    separator = '&';
    rest.remove_prefix(end + 1);
  }
}

bool is_usable_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 128 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace logctl::http
