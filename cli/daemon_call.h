// Calls to a daemon that answer with one piece of JSON, and what all calls to it share.
//
// One thread. A refusal is thrown as Error in the daemon's own words, with the exit status that the
// same mistake has on the store.
#pragma once

#include "cli/client.h"
#include "cli/context.h"
#include "shared/query/parameters.h"

#include <string>
#include <string_view>

namespace logctl::cli {

class Arguments;
class Option;

// --url.
Option add_url(Arguments app, std::string& url);

// With the key from the environment, where there is one.
Headers headers_with_key(Context& context);
[[noreturn]] void refuse(const std::string& url, const Answer& answer);
// The text member of a JSON object; empty when there is none.
std::string text_member(std::string_view json, std::string_view name);
// Throws Error{usage} when a tenant is named: the key decides on it.
void require_no_tenant(const std::string& tenant);

struct DaemonCall {
  std::string url;
  std::string_view method = "GET";
  std::string path;
  query::Parameters parameters;
  microseconds timeout = seconds(60);
};
// `data` of the answer as it was sent. Throws Error{unavailable} for what is no such answer.
std::string call_daemon(Context& context, const DaemonCall& call);

}  // namespace logctl::cli
