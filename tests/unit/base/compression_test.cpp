#include "shared/base/compression.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/deflate.h"

#include <zstd.h>

#include <random>
#include <vector>

using namespace logctl;
using test::deflated;

namespace {

std::string zstd(std::string_view data, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string out(ZSTD_compressBound(data.size()) + 64, '\0');
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  if (window_log != 0) {
    // In two steps, so that the encoder does not know the size and has to state its window.
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    REQUIRE_FALSE(ZSTD_isError(ZSTD_compressStream2(context, &to, &in, ZSTD_e_continue)));
  }
  REQUIRE(ZSTD_compressStream2(context, &to, &in, ZSTD_e_end) == 0);
  out.resize(to.pos);
  ZSTD_freeCCtx(context);
  return out;
}

std::string packed(Compression kind, std::string_view data) {
  switch (kind) {
    case Compression::gzip:
      return deflated(data, 15 + 16);
    case Compression::deflate:
      return deflated(data, 15);
    case Compression::zstd:
      return zstd(data);
    case Compression::none:
      break;
  }
  return std::string(data);
}

std::string error_of(Compression kind, std::string_view data, std::uint64_t max) {
  try {
    decompress_all(kind, data, max, 0);
  } catch (const Error& error) {
    return std::string(info(error.code()).name) + ": " + error.message();
  }
  return "no error";
}

// Text that compresses, but not to nothing.
std::string sample(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text += "word" + std::to_string(random() % 1000) + ' ';
  text.resize(size);
  return text;
}

constexpr Compression kKinds[] = {Compression::gzip, Compression::deflate, Compression::zstd};

}  // namespace

TEST_CASE("compression: kinds by magic number and by content encoding", "[base]") {
  CHECK(detect_compression(packed(Compression::gzip, "x")) == Compression::gzip);
  CHECK(detect_compression(packed(Compression::zstd, "x")) == Compression::zstd);
  CHECK(detect_compression(std::string_view("\x51\x2A\x4D\x18", 4)) == Compression::zstd);
  CHECK(detect_compression("{\"message\":1}") == Compression::none);
  CHECK(detect_compression("") == Compression::none);
  CHECK(detect_compression("\x1F") == Compression::none);
  CHECK(parse_content_encoding("") == Compression::none);
  CHECK(parse_content_encoding("identity") == Compression::none);
  CHECK(parse_content_encoding("GZip") == Compression::gzip);
  CHECK(parse_content_encoding("x-gzip") == Compression::gzip);
  CHECK(parse_content_encoding("deflate") == Compression::deflate);
  CHECK(parse_content_encoding("zstd") == Compression::zstd);
  CHECK_FALSE(parse_content_encoding("br"));
  CHECK_FALSE(parse_content_encoding("gzip, gzip"));
}

TEST_CASE("compression: data of every size comes back, with room for padding", "[base]") {
  for (const Compression kind : kKinds) {
    for (const std::size_t size : {0UL, 1UL, 1000UL, 65535UL, 65536UL, 65537UL, 3000000UL}) {
      const std::string text = sample(size);
      CAPTURE(static_cast<int>(kind), size);
      const std::string out = decompress_all(kind, packed(kind, text), 1 << 22, 64);
      CHECK(out == text);
      CHECK(out.capacity() >= size + 64);
    }
  }
  CHECK(decompress_all(Compression::none, "as it is", 8, 64) == "as it is");
}

TEST_CASE("compression: bare deflate streams are understood", "[base]") {
  const std::string text = sample(5000);
  CHECK(decompress_all(Compression::deflate, deflated(text, -15), 1 << 20, 0) == text);
}

TEST_CASE("compression: members and frames may follow each other", "[base]") {
  for (const Compression kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    const std::string two = packed(kind, "first\n") + packed(kind, "") + packed(kind, "second\n");
    CHECK(decompress_all(kind, two, 1 << 20, 0) == "first\nsecond\n");
  }
}

TEST_CASE("compression: one byte at a time gives the same", "[base]") {
  const std::string text = sample(20000);
  for (const Compression kind : kKinds) {
    const std::string data = packed(kind, text) + packed(kind, text);
    const auto decoder = make_decompressor(kind);
    CHECK_FALSE(decoder->complete());
    std::string out;
    char buffer[7];
    for (const char& byte : data) {
      std::string_view input(&byte, 1);
      while (true) {
        const std::size_t n = decoder->decode(input, buffer);
        out.append(buffer, n);
        if (n == 0) break;
      }
      REQUIRE(input.empty());
    }
    CHECK(out == text + text);
    CHECK(decoder->complete());
  }
}

TEST_CASE("compression: data cut off anywhere is an error, never a shorter text", "[base]") {
  const std::string text = sample(3000);
  for (const Compression kind : kKinds) {
    const std::string data = packed(kind, text);
    for (std::size_t size = 0; size < data.size(); ++size) {
      CAPTURE(static_cast<int>(kind), size);
      CHECK(error_of(kind, std::string_view(data).substr(0, size), 1 << 20)
                .starts_with("invalid_request: "));
    }
  }
  CHECK(error_of(Compression::gzip, packed(Compression::gzip, text).substr(0, 100), 1 << 20) ==
        "invalid_request: gzip data is damaged: it ends in the middle of the stream");
}

TEST_CASE("compression: garbage and flipped bits are errors", "[base]") {
  const std::string text = sample(3000);
  for (const Compression kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    CHECK(error_of(kind, "this is not compressed at all", 1 << 20).starts_with("invalid_request"));
    CHECK(error_of(kind, packed(kind, text) + "garbage behind", 1 << 20)
              .starts_with("invalid_request"));
  }
  std::string flipped = packed(Compression::gzip, text);
  flipped[flipped.size() - 6] = static_cast<char>(flipped[flipped.size() - 6] ^ 1);  // checksum
  CHECK(error_of(Compression::gzip, flipped, 1 << 20) ==
        "invalid_request: gzip data is damaged: incorrect data check");
}

TEST_CASE("compression: a bomb stops at the cap", "[base]") {
  const std::string zeros(20'000'000, '\0');
  for (const Compression kind : kKinds) {
    CAPTURE(static_cast<int>(kind));
    const std::string bomb = packed(kind, zeros);
    CHECK(bomb.size() < 40'000);
    CHECK(error_of(kind, bomb, 1'000'000) ==
          "request_too_large: the decompressed data is larger than the 1000000 bytes allowed");
    CHECK(error_of(kind, bomb, zeros.size() - 1).starts_with("request_too_large"));
    CHECK(error_of(kind, bomb, zeros.size()) == "no error");
  }
  CHECK(error_of(Compression::none, "12345", 4).starts_with("request_too_large"));
  CHECK(error_of(Compression::gzip, packed(Compression::gzip, ""), 0) == "no error");
}

TEST_CASE("compression: a zstd body may not demand a window beyond 8 MiB, a file may", "[base]") {
  const std::string frame = zstd(sample(100'000), 27);
  CHECK(error_of(Compression::zstd, frame, 1 << 20).starts_with("invalid_request: zstd data"));
  const auto decoder = make_decompressor(Compression::zstd);
  std::vector<char> out(200'000);
  std::string_view input = frame;
  CHECK(decoder->decode(input, out) > 0);
}

TEST_CASE("compression: what we compress comes back", "[base]") {
  const std::string text = GENERATE(std::string(), std::string("x"), sample(100'000));
  const std::string packed = zstd_compress(text);
  CHECK(decompress_all(Compression::zstd, packed, 1 << 20, 0) == text);
  if (text.size() > 1) CHECK(packed.size() < text.size());
}
