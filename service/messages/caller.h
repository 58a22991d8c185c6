// Who calls the surface `messages`, and where he may act.
#pragma once

#include <string>

namespace logctl::messages {

struct Caller {
  std::string name_space;  // empty: an administrator's API key, which belongs to none
  std::string token_hash;  // of the namespace's token; empty in test mode: not compared
  bool admin = false;      // may make, list, inspect and delete any namespace
};

}  // namespace logctl::messages
