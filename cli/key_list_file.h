// The plain lists of keys that other log servers keep. Pure.
//
// Read are: one key a line or several with commas; a file of variables (`API_KEYS=a,b`, also
// LOG_INGESTION_API_KEYS and LOG_AGG_API_KEYS); YAML with `auth.api_keys`. `sha256:HEX` stands for
// a key of which only the hash is known. Empty lines and lines with # are left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

struct ListedKey {
  int line = 0;      // from 1
  std::string id;    // inside a key of ours; empty for others
  std::string hash;  // empty when there is a problem
  std::string problem;
  bool weak = false;  // so short that it can be guessed
};

// `name` is for messages. Throws Error{config} for YAML that is none, Error{validation_error} when
// a file of variables or of YAML holds no list of keys, or a plain file is clearly something else.
std::vector<ListedKey> read_key_list(const std::string& text, const std::string& name);

}  // namespace logctl::cli
