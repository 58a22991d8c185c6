// Compressed input for tests, made by zlib itself.
#pragma once

#include "tests/support/catch.h"

#include <zlib.h>

#include <string>
#include <string_view>

namespace logctl::test {

// `window_bits` chooses the wrapping as for zlib's deflateInit2.
inline std::string deflated(std::string_view data, int window_bits) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(data.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string gzip(std::string_view data) { return deflated(data, 15 + 16); }

}  // namespace logctl::test
