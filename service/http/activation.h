// Listeners on sockets that were open before the daemon: socket activation.
#pragma once

#include "service/http/server.h"

#include <vector>

namespace logctl::http {

// Gives each of `sockets` to the listener of `specs` with its address. When the configuration names
// no listeners, the sockets take the place of server.host and server.port. Throws Error{config} for
// a socket that is no listening stream, or that no listener asks for.
void adopt_sockets(std::vector<ListenerSpec>& specs, const config::Config& config,
                   const std::vector<int>& sockets);

}  // namespace logctl::http
