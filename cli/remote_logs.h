// Records from a daemon: /api/v1/logs/query and /api/v1/logs/tail.
#pragma once

#include "cli/client.h"
#include "cli/context.h"
#include "shared/query/parameters.h"
#include "shared/record/record.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace logctl::cli {

// How an answer of /logs/query ended: it throws when that was too early.
struct RemoteEnd {
  bool cut_by_limit = false;
};
// Calls `take` for every line that is a record. Throws Error{unavailable} when the answer broke
// off, with the daemon's reason where it gave one, and what the daemon refused in its words.
RemoteEnd read_remote_records(Context& context, const std::string& url,
                              const query::Parameters& parameters,
                              const std::function<void(std::string_view)>& take);

// Prints what the daemon finds, as print_records does from a store.
void print_remote_records(Context& context, const std::string& url,
                          const query::Parameters& parameters, std::uint64_t limit);

// Follows the daemon's live tail until `record` throws or the daemon refuses; comes back by itself
// when the connection is lost, behind the last record. `record` gets each record's JSON once;
// `rest` is called when nothing more is there just now.
void follow_remote(Context& context, const std::string& url, const query::Parameters& parameters,
                   const std::function<void(std::string_view)>& record,
                   const std::function<void()>& rest);

}  // namespace logctl::cli
