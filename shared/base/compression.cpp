#include "shared/base/compression.h"

#include "shared/base/error.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace logctl {
namespace {

// What a helper gets at a time: little enough to begin soon.
constexpr int kHelperBytes = 1024 * 1024;

constexpr std::size_t kFirstOutput = 64 * 1024;
// What RFC 9659 lets a content coding demand; a frame may ask for up to 2 GiB. Files may go to what
// zstd itself takes by default.
constexpr int kBodyWindowLog = 23;
constexpr int kFileWindowLog = 27;

std::string_view name_of(Compression kind) {
  switch (kind) {
    case Compression::none:
      return "identity";
    case Compression::gzip:
      return "gzip";
    case Compression::deflate:
      return "deflate";
    case Compression::zstd:
      return "zstd";
  }
  return "unknown";
}

[[noreturn]] void damaged(Compression kind, std::string_view what) {
  throw Error(ErrorCode::invalid_request,
              fmt::format("{} data is damaged: {}", name_of(kind), what));
}

class Copier final : public Decompressor {
 public:
  std::size_t decode(std::string_view& input, std::span<char> out) override {
    const std::size_t n = std::min(input.size(), out.size());
    if (n != 0) std::memcpy(out.data(), input.data(), n);
    input.remove_prefix(n);
    return n;
  }
  bool complete() const override { return true; }
};

class Inflater final : public Decompressor {
 public:
  explicit Inflater(Compression kind) : kind_(kind) {}
  ~Inflater() override {
    if (open_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  std::size_t decode(std::string_view& input, std::span<char> out) override {
    std::size_t written = 0;
    while (written == 0 && !out.empty()) {
      if (between_ && input.empty()) return 0;
      if (between_) begin_member(input.front());
      constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
      stream_.avail_in = static_cast<uInt>(std::min(input.size(), kMost));
      stream_.next_out = reinterpret_cast<Bytef*>(out.data());
      stream_.avail_out = static_cast<uInt>(std::min(out.size(), kMost));
      const uInt in_before = stream_.avail_in;
      const uInt out_before = stream_.avail_out;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t read = in_before - stream_.avail_in;
      input.remove_prefix(read);
      written = out_before - stream_.avail_out;
      if (result == Z_STREAM_END) {
        between_ = true;
        members_ = true;
      } else if (result == Z_NEED_DICT) {
        damaged(kind_, "it needs a preset dictionary");
      } else if (result == Z_MEM_ERROR) {
        throw Error(ErrorCode::internal, "no memory to decompress");
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        if (written > 0) return written;  // zlib says it again when asked for more
        damaged(kind_, stream_.msg != nullptr ? stream_.msg : "not a valid stream");
      } else if (read == 0 && written == 0) {
        return 0;
      }
    }
    return written;
  }
  bool complete() const override { return members_ && between_; }

 private:
  void begin_member(char first) {
    // `deflate` means zlib, but many clients send the bare stream; its first byte tells.
    const bool zlib = (static_cast<unsigned char>(first) & 0x8FU) == 0x08U;
    int window = 15 + 32;  // gzip or zlib, whichever the header says
    if (kind_ == Compression::deflate) window = zlib ? 15 : -15;
    if (!open_) {
      if (inflateInit2(&stream_, window) != Z_OK) {
        throw Error(ErrorCode::internal, "no memory to decompress");
      }
      open_ = true;
    } else {
      inflateReset2(&stream_, window);
    }
    between_ = false;
  }

  const Compression kind_;
  z_stream stream_{};
  bool open_ = false;
  bool between_ = true;  // no member is begun
  bool members_ = false;
};

class ZstdDecoder final : public Decompressor {
 public:
  explicit ZstdDecoder(int window_log) : stream_(ZSTD_createDStream()) {
    if (!stream_) throw Error(ErrorCode::internal, "no memory to decompress");
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, window_log);
  }

  std::size_t decode(std::string_view& input, std::span<char> out) override {
    std::size_t written = 0;
    while (written == 0 && !out.empty()) {
      if (between_ && input.empty()) return 0;
      ZSTD_inBuffer in{input.data(), input.size(), 0};
      ZSTD_outBuffer to{out.data(), out.size(), 0};
      const std::size_t result = ZSTD_decompressStream(stream_.get(), &to, &in);
      if (ZSTD_isError(result)) damaged(Compression::zstd, ZSTD_getErrorName(result));
      input.remove_prefix(in.pos);
      written = to.pos;
      between_ = result == 0;
      frames_ = frames_ || between_;
      if (in.pos == 0 && written == 0) return 0;
    }
    return written;
  }
  bool complete() const override { return frames_ && between_; }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool between_ = true;  // no frame is begun
  bool frames_ = false;
};

std::unique_ptr<Decompressor> make(Compression kind, int window_log) {
  switch (kind) {
    case Compression::none:
      return std::make_unique<Copier>();
    case Compression::gzip:
    case Compression::deflate:
      return std::make_unique<Inflater>(kind);
    case Compression::zstd:
      return std::make_unique<ZstdDecoder>(window_log);
  }
  throw Error(ErrorCode::internal, "unknown compression");
}

[[noreturn]] void too_large(std::uint64_t max_bytes) {
  throw Error(ErrorCode::request_too_large,
              fmt::format("the decompressed data is larger than the {} bytes allowed", max_bytes));
}

}  // namespace

Compression detect_compression(std::string_view first_bytes) {
  if (first_bytes.starts_with("\x1F\x8B")) return Compression::gzip;
  if (first_bytes.starts_with("\x28\xB5\x2F\xFD")) return Compression::zstd;
  // A skippable frame, as some writers put in front.
  if (first_bytes.size() >= 4 && (static_cast<unsigned char>(first_bytes[0]) & 0xF0U) == 0x50U &&
      first_bytes.substr(1, 3) == "\x2A\x4D\x18") {
    return Compression::zstd;
  }
  return Compression::none;
}

std::optional<Compression> parse_content_encoding(std::string_view name) {
  struct Row {
    std::string_view name;
    Compression kind;
  };
  constexpr std::array rows = {
      Row{"", Compression::none},           Row{"identity", Compression::none},
      Row{"gzip", Compression::gzip},       Row{"x-gzip", Compression::gzip},
      Row{"deflate", Compression::deflate}, Row{"zstd", Compression::zstd},
  };
  const auto same = [name](const Row& row) {
    return std::equal(name.begin(), name.end(), row.name.begin(), row.name.end(),
                      [](char a, char b) {
                        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
                      });
  };
  const auto* found = std::find_if(rows.begin(), rows.end(), same);
  if (found == rows.end()) return std::nullopt;
  return found->kind;
}

std::unique_ptr<Decompressor> make_decompressor(Compression kind) {
  return make(kind, kFileWindowLog);
}

std::string zstd_compress(std::string_view data) {
  std::string out(ZSTD_compressBound(data.size()), '\0');
  const std::size_t size = ZSTD_compress(out.data(), out.size(), data.data(), data.size(), 1);
  if (ZSTD_isError(size)) {
    throw Error(ErrorCode::internal, std::string("zstd: ") + ZSTD_getErrorName(size));
  }
  out.resize(size);
  return out;
}

struct ZstdWriter::State {
  struct Free {
    void operator()(ZSTD_CCtx* stream) const { ZSTD_freeCCtx(stream); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> stream{ZSTD_createCCtx()};
};

ZstdWriter::ZstdWriter(int level, int helpers) : state_(std::make_unique<State>()) {
  if (!state_->stream) throw Error(ErrorCode::internal, "no memory to compress");
  // A zstd that was built without threads says no and does it by itself.
  ZSTD_CCtx_setParameter(state_->stream.get(), ZSTD_c_nbWorkers, helpers);
  if (helpers > 0) ZSTD_CCtx_setParameter(state_->stream.get(), ZSTD_c_jobSize, kHelperBytes);
  ZSTD_CCtx_setParameter(state_->stream.get(), ZSTD_c_compressionLevel, level);
  ZSTD_CCtx_setParameter(state_->stream.get(), ZSTD_c_checksumFlag, 1);
}

ZstdWriter::~ZstdWriter() = default;

void ZstdWriter::write(std::string_view data, bool last, std::string& out) {
  ZSTD_inBuffer in{data.data(), data.size(), 0};
  const ZSTD_EndDirective mode = last ? ZSTD_e_end : ZSTD_e_continue;
  std::size_t left = 0;
  do {
    const std::size_t used = out.size();
    out.resize(used + ZSTD_CStreamOutSize());
    ZSTD_outBuffer to{out.data() + used, out.size() - used, 0};
    left = ZSTD_compressStream2(state_->stream.get(), &to, &in, mode);
    out.resize(used + to.pos);
    if (ZSTD_isError(left)) {
      throw Error(ErrorCode::internal, std::string("zstd: ") + ZSTD_getErrorName(left));
    }
  } while (last ? left != 0 : in.pos < in.size);
}

struct GzipWriter::State {
  z_stream stream{};
  ~State() { deflateEnd(&stream); }
};

GzipWriter::GzipWriter(int level) : state_(std::make_unique<State>()) {
  constexpr int kGzip = 16;  // asks zlib for gzip's header and end instead of its own
  constexpr int kMemoryLevel = 8;
  if (deflateInit2(&state_->stream, level, Z_DEFLATED, MAX_WBITS + kGzip, kMemoryLevel,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw Error(ErrorCode::internal, "no memory to compress");
  }
}

GzipWriter::~GzipWriter() = default;

void GzipWriter::write(std::string_view data, bool last, std::string& out) {
  z_stream& stream = state_->stream;
  bool done = false;
  while (!done) {
    const auto piece =
        static_cast<uInt>(std::min<std::size_t>(data.size(), std::numeric_limits<uInt>::max()));
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = piece;
    const bool end = last && piece == data.size();
    const std::size_t used = out.size();
    out.resize(used + kFirstOutput);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(kFirstOutput);
    const int state = deflate(&stream, end ? Z_FINISH : Z_NO_FLUSH);
    out.resize(used + kFirstOutput - stream.avail_out);
    data.remove_prefix(piece - stream.avail_in);
    if (state == Z_STREAM_ERROR) throw Error(ErrorCode::internal, "gzip: the stream is broken");
    done = last ? state == Z_STREAM_END : data.empty() && stream.avail_out != 0;
  }
}

std::string decompress_all(Compression kind, std::string_view data, std::uint64_t max_bytes,
                           std::size_t padding) {
  const auto decoder = make(kind, kBodyWindowLog);
  std::string out;
  std::size_t size = 0;
  while (true) {
    if (size == out.size()) {
      const std::uint64_t wanted =
          size == 0 ? std::max<std::uint64_t>(kFirstOutput, data.size()) : size * 2;
      const auto next = static_cast<std::size_t>(std::min(wanted, max_bytes));
      if (next == size) {
        // Full: one byte more decides between exactly enough and too much.
        char extra;
        if (decoder->decode(data, std::span(&extra, 1)) != 0) too_large(max_bytes);
        break;
      }
      // A fresh string, because growing in place may take twice what was asked for.
      std::string larger;
      larger.reserve(next + padding);
      larger.append(out, 0, size);
      larger.resize(next);
      out = std::move(larger);
    }
    const std::size_t n = decoder->decode(data, std::span(out).subspan(size));
    size += n;
    if (n == 0) break;
  }
  if (!decoder->complete()) damaged(kind, "it ends in the middle of the stream");
  out.resize(size);
  out.reserve(size + padding);
  return out;
}

}  // namespace logctl
