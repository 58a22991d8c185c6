#include "shared/ingest/line_reader.h"

#include "shared/base/error.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace logctl::ingest {
namespace {

constexpr std::size_t kInputBytes = 256 * 1024;
constexpr std::size_t kMagicBytes = 4;
constexpr std::size_t kKeptOfOverlong = 64 * 1024;
constexpr std::chrono::milliseconds kQuiet(200);
constexpr std::size_t kTypicalLine = 512;

File open_input(const std::filesystem::path& path) {
  if (path != "-") return File::open_read(path);
  const int fd = ::dup(STDIN_FILENO);
  if (fd < 0) throw Error(ErrorCode::io, "cannot read standard input: " + errno_text(errno));
  return File(fd, "standard input");
}

}  // namespace

LineReader::LineReader(const std::filesystem::path& path, Limits limits,
                       const std::atomic<bool>* cancelled)
    : limits_(limits),
      file_(open_input(path)),
      wanted_(std::min(limits.piece_bytes, limits.max_lines * kTypicalLine)),
      cancelled_(cancelled) {
  struct stat status {};
  if (::fstat(file_.fd(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) {
      throw Error(ErrorCode::io, path.string() + " is a folder, expected a file of JSON lines");
    }
    regular_ = S_ISREG(status.st_mode);
  }
  detect();
}

bool LineReader::next(LinePiece& piece) {
  piece = {};
  piece.begin = offset_;
  piece.first_line = next_line_;
  fill(piece.text);
  const bool at_end = offset_ + piece.text.size() == end_;
  if (!at_end && (!text_ended_ || damage_)) {
    const std::size_t end = piece.text.rfind('\n');
    if (end != std::string::npos) {
      carry_.assign(piece.text, end + 1);
      piece.text.resize(end + 1);
    } else if (damage_) {
      std::rethrow_exception(damage_);  // a torn line is nobody's record
    } else {
      skip_overlong(piece);
      return true;
    }
  }
  piece.lines = cut_after_lines(piece.text);
  piece.bytes = piece.text.size();
  next_line_ += piece.lines;
  offset_ += piece.bytes;
  piece.read_bytes = read_bytes_;
  return !piece.text.empty();
}

// Leaves at most limits_.max_lines in `text`, the rest waits for the next piece; the number of
// lines left.
std::size_t LineReader::cut_after_lines(std::string& text) {
  std::size_t lines = 0;
  std::size_t end = 0;
  while (lines < limits_.max_lines) {
    const std::size_t newline = text.find('\n', end);
    if (newline == std::string::npos) {
      wanted_ = std::min(limits_.piece_bytes, wanted_ * 2);
      return lines;
    }
    end = newline + 1;
    ++lines;
  }
  carry_.insert(0, text, end);
  text.resize(end);
  wanted_ = end + end / 8;
  return lines;
}

// Reads until the piece is full or the input ends, or until a pipe is silent for a moment while
// there is a line to hand out.
void LineReader::fill(std::string& text) {
  const std::size_t full = static_cast<std::size_t>(
      std::min<std::uint64_t>(std::max(wanted_, limits_.max_line_bytes + 1), end_ - offset_));
  text.reserve(full + limits_.padding);
  text += carry_;
  carry_.clear();
  const Deadline deadline = std::chrono::steady_clock::now() + kQuiet;
  bool has_line = text.find('\n') != std::string::npos;
  while (text.size() < full && !text_ended_) {
    if (!regular_ && has_line && pending_.empty() && !readable_before(deadline)) return;
    const std::size_t before = text.size();
    std::size_t got = 0;
    // Small steps from a pipe, because a string that grows is filled with zeros first.
    text.resize(regular_ && !decompressor_ ? full : std::min(full, before + kInputBytes));
    try {
      got = read_text(std::span(text).subspan(before));
    } catch (const Error&) {
      damage_ = std::current_exception();
    }
    text.resize(before + got);
    if (got == 0) text_ended_ = true;
    has_line = has_line || std::memchr(text.data() + before, '\n', got) != nullptr;
  }
}

void LineReader::skip_overlong(LinePiece& piece) {
  OverlongLine& line = piece.overlong.emplace();
  line.start = piece.text.substr(0, kKeptOfOverlong);
  line.bytes = piece.text.size();
  while (!text_ended_) {
    piece.text.resize(kInputBytes);
    std::size_t got = 0;
    try {
      got = read_text(piece.text);
    } catch (const Error&) {
      damage_ = std::current_exception();
    }
    if (got == 0) {
      text_ended_ = true;
      break;
    }
    const std::string_view read(piece.text.data(), got);
    const std::size_t end = read.find('\n');
    line.bytes += std::min(end, got);
    if (end != std::string_view::npos) {
      carry_ = read.substr(end + 1);
      break;
    }
  }
  piece.text.clear();
  piece.lines = text_ended_ ? 0 : 1;
  piece.bytes = line.bytes + piece.lines;
  piece.read_bytes = read_bytes_;
  next_line_ += piece.lines;
  offset_ += piece.bytes;
}

void LineReader::go_to(std::uint64_t begin, std::uint64_t line, std::uint64_t end) {
  if (begin > offset_) {
    if (regular_ && !decompressor_) {
      carry_.clear();
      pending_ = {};
      if (::lseek(file_.fd(), static_cast<off_t>(begin), SEEK_SET) < 0) {
        throw Error(ErrorCode::io, "cannot go to byte " + std::to_string(begin) + " of '" +
                                       file_.path().string() + "': " + errno_text(errno));
      }
      read_bytes_ = begin;
    } else {
      skip_text(begin - offset_);
    }
    offset_ = begin;
  }
  next_line_ = line;
  end_ = end;
}

void LineReader::skip_text(std::uint64_t bytes) {
  const std::size_t carried = std::min<std::uint64_t>(bytes, carry_.size());
  carry_.erase(0, carried);
  bytes -= carried;
  std::string thrown_away(kInputBytes, '\0');
  while (bytes > 0) {
    const std::size_t got =
        read_text(std::span(thrown_away).first(std::min<std::uint64_t>(bytes, kInputBytes)));
    if (got == 0) {
      throw Error(ErrorCode::conflict,
                  "the input is shorter than the part of it that was loaded before");
    }
    bytes -= got;
  }
}

std::string_view LineReader::first_line() {
  while (carry_.size() < kFirstLine && carry_.find('\n') == std::string::npos) {
    const std::size_t before = carry_.size();
    carry_.resize(kFirstLine);
    const std::size_t got = read_text(std::span(carry_).subspan(before));
    carry_.resize(before + got);
    if (got == 0) break;
  }
  return std::string_view(carry_).substr(0, std::min(carry_.find('\n'), carry_.size()));
}

// 0 at the end of the text.
std::size_t LineReader::read_text(std::span<char> out) {
  if (!decompressor_) {
    if (pending_.empty()) return read_file(out);
    const std::size_t size = std::min(out.size(), pending_.size());
    std::memcpy(out.data(), pending_.data(), size);
    pending_.remove_prefix(size);
    return size;
  }
  while (true) {
    if (pending_.empty() && !file_ended_) pending_ = {input_.data(), read_file(input_)};
    const std::size_t before = pending_.size();
    const std::size_t size = decompressor_->decode(pending_, out);
    if (size > 0) return size;
    if (!pending_.empty() && pending_.size() == before) {
      throw Error(ErrorCode::invalid_request, "the compressed data is damaged");
    }
    if (!pending_.empty() || !file_ended_) continue;
    if (decompressor_->complete()) return 0;
    throw Error(ErrorCode::invalid_request,
                "the compressed data is cut off after " + std::to_string(read_bytes_) + " bytes");
  }
}

std::size_t LineReader::read_file(std::span<char> out) {
  bool ready = regular_;
  while (!ready && !(cancelled_ != nullptr && *cancelled_))
    ready = readable_before(std::chrono::steady_clock::now() + kQuiet);
  const std::size_t size = ready ? file_.read(out) : 0;
  read_bytes_ += size;
  file_ended_ = size == 0;
  return size;
}

void LineReader::detect() {
  input_.resize(kInputBytes);
  std::size_t size = 0;
  while (size < kMagicBytes && !file_ended_) {
    size += read_file(std::span(input_).subspan(size));
  }
  pending_ = {input_.data(), size};
  const Compression compression = detect_compression(pending_);
  if (compression != Compression::none) decompressor_ = make_decompressor(compression);
}

bool LineReader::readable_before(Deadline deadline) const {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  pollfd state{file_.fd(), POLLIN, 0};
  return ::poll(&state, 1, static_cast<int>(left.count())) != 0;
}

}  // namespace logctl::ingest
