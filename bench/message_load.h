// Many connections that write messages as fast as they are answered, from one thread: the load
// shall cost little beside the daemon that it is put on.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::bench {

struct MessageLoad {
  std::uint16_t port = 8080;
  std::string token;
  int connections = 1;
  int streams = 1;  // of each connection
  double seconds = 5;
};

struct LoadResult {
  std::uint64_t written = 0;
  double seconds = 0;
  std::map<int, std::uint64_t> answers;  // by status; 0: the connection broke
  std::vector<double> latencies_ms;      // sorted
};

// Throws std::runtime_error when no connection can be made.
LoadResult write_messages(const MessageLoad& load);

// The call of stream.write for message number `n` of a stream, about 300 bytes of it data and
// metadata.
std::string write_call(std::string_view stream, std::uint64_t n);
// The data and the metadata of it, as JSON.
std::string message_data(std::uint64_t n);
std::string message_metadata(std::uint64_t n);

}  // namespace logctl::bench
