// Messages as JSON: the arrays of answers and the lines of exports. data and metadata are copied as
// they were written. Pure.
#pragma once

#include "shared/storage/message_store.h"

#include <optional>
#include <string>
#include <string_view>

namespace logctl::messages {

// [id, type, position, globalPosition, data, metadata|null, time]
void append_stream_message(std::string& out, const storage::Message& message);
// [id, stream, type, position, globalPosition, data, metadata|null, time]
void append_category_message(std::string& out, const storage::Message& message);
// {"id","stream","type","pos","gpos","data","meta","time"} in one line, without its end.
void append_export_line(std::string& out, const storage::Message& message);

// RFC 3339 in UTC, with a fraction of exactly the digits needed, at most nine.
void append_time(std::string& out, storage::MessageTime time);
// The same read: any offset, up to nine digits. Nothing when it is no such time, or outside of the
// years 1678 to 2261.
std::optional<storage::MessageTime> parse_time(std::string_view text);

}  // namespace logctl::messages
