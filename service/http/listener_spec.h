// What an entry of server.listeners means.
#pragma once

#include "service/http/server.h"

#include <string_view>

namespace logctl::http {

// Throws Error{config} naming the entry and what is wrong.
ListenerSpec parse_listener(std::string_view text);

}  // namespace logctl::http
