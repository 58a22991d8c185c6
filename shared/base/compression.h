// Decompression of gzip (also zlib) and zstd streams, with a cap on what may come out; compression
// of what we send.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace logctl {

enum class Compression { none, gzip, deflate, zstd };

// By the first bytes of the data; none when no magic number matches.
Compression detect_compression(std::string_view first_bytes);
// By Content-Encoding: empty and `identity` are none; `gzip`, `x-gzip`, `deflate`, `zstd`. Nothing
// otherwise.
std::optional<Compression> parse_content_encoding(std::string_view name);

// Streaming decoder; one per stream, one thread. Takes concatenated gzip members and zstd frames.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  // Decodes from the front of `input`, which it shortens, into `out`; returns the bytes written.
  // Returns 0 with an empty input when it needs more. Throws Error{invalid_request} on damaged
  // data.
  virtual std::size_t decode(std::string_view& input, std::span<char> out) = 0;
  // True when the data ended where a stream may end; false means it was cut off.
  virtual bool complete() const = 0;
};
std::unique_ptr<Decompressor> make_decompressor(Compression kind);

// `data` as one zstd frame, quickly rather than small.
std::string zstd_compress(std::string_view data);

// Streaming encoder of text that comes in pieces; one per stream, one thread.
class Compressor {
 public:
  virtual ~Compressor() = default;
  // Appends what is ready to `out`; with `last` the stream is ended.
  virtual void write(std::string_view data, bool last, std::string& out) = 0;
};

// One zstd frame with a checksum. `helpers`: threads of zstd's that compress beside the caller's;
// 0 leaves it to that one.
class ZstdWriter final : public Compressor {
 public:
  explicit ZstdWriter(int level, int helpers = 0);
  ~ZstdWriter() override;
  void write(std::string_view data, bool last, std::string& out) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// One gzip member.
class GzipWriter final : public Compressor {
 public:
  explicit GzipWriter(int level);
  ~GzipWriter() override;
  void write(std::string_view data, bool last, std::string& out) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The whole of `data` into a string with at least `padding` bytes of spare capacity. Throws
// Error{request_too_large} when more than `max_bytes` would come out (nothing beyond that is ever
// allocated), Error{invalid_request} when the data is damaged or cut off.
std::string decompress_all(Compression kind, std::string_view data, std::uint64_t max_bytes,
                           std::size_t padding);

}  // namespace logctl
