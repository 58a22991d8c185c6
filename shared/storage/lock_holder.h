// Who holds a lock of migrations, of maintenance, or a daemon's: the same words on every store.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace logctl::storage {

struct LockHolder {
  std::string pid;    // of the process that holds it, on `host`
  std::string host;   // up to the first dot
  std::string since;  // RFC 3339
  std::string more;   // what else the store knows, may be empty
};

// This process, at this time.
LockHolder this_process(Timestamp now);

// A line without spaces in its parts, short enough for PostgreSQL's application_name.
std::string encode(const LockHolder& holder);
// Nothing when the text is none that encode() made. A name that was cut off is taken as it is.
std::optional<LockHolder> decode_holder(std::string_view text);

// "process 4711 on db1 since 2026-01-15T10:30:00Z"
std::string describe(const LockHolder& holder);

// What lock() throws; nobody is known when the holder has just gone.
Error lock_error(const std::optional<LockHolder>& holder, microseconds waited);

}  // namespace logctl::storage
