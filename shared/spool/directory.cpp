#include "shared/spool/directory.h"

#include "shared/base/crc32c.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace logctl::spool {
namespace {

constexpr std::string_view kSegmentEnding = ".segment";
constexpr std::string_view kNewSegment = "segment.new";
constexpr std::string_view kPosition = "position";
constexpr std::string_view kReserve = "reserve";
constexpr std::string_view kCorrupt = "corrupt";
constexpr std::string_view kCorruptEnding = ".frame";
constexpr std::size_t kDigits = 20;
constexpr std::uint64_t kReserveBytes = 1024 * 1024;
constexpr unsigned kFileMode = 0600;  // records are nobody else's business

std::optional<std::uint64_t> parse_digits(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string checksum_line(std::string_view text) {
  return fmt::format("crc32c {:08x}\n", crc32c(text));
}

// Takes the first line, which begins with `name`, off the front of `text`; gives what follows it.
std::string_view take_line(std::string_view& text, std::string_view name) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line.starts_with(name) ? line.substr(name.size()) : std::string_view();
}

std::optional<SavedPosition> parse_position(std::string_view content) {
  const std::size_t last = content.rfind("crc32c ");
  if (last == std::string_view::npos ||
      content.substr(last) != checksum_line(content.substr(0, last))) {
    return std::nullopt;
  }
  check_version(parse_digits(take_line(content, "logctl spool ")).value_or(0));
  SavedPosition saved;
  saved.id = take_line(content, "id ");
  saved.released = parse_digits(take_line(content, "released ")).value_or(0);
  saved.source.name = saved.id;
  if (content.starts_with("source ")) {
    saved.source.name = take_line(content, "source ");
    saved.source.unbooked = parse_digits(take_line(content, "unbooked ")).value_or(0);
  }
  if (content.starts_with("unproven ")) {
    saved.unproven = parse_digits(take_line(content, "unproven "));
  }
  return saved;
}

// The numbers in the names with that ending; names of equal length sort like their numbers.
std::vector<Position> positions_in(FileSystem& files, const std::filesystem::path& directory,
                                   std::string_view ending) {
  std::vector<Position> found;
  for (const std::string& name : files.list(directory)) {
    const std::string_view digits = std::string_view(name).substr(0, kDigits);
    if (name.size() != kDigits + ending.size() || !name.ends_with(ending)) continue;
    if (const auto position = parse_digits(digits)) found.push_back(*position);
  }
  return found;
}

}  // namespace

Directory::Directory(FileSystem& files, std::filesystem::path path)
    : files_(files), path_(std::move(path)) {}

std::vector<Position> Directory::segments() const {
  return positions_in(files_, path_, kSegmentEnding);
}

std::filesystem::path Directory::segment_path(Position base) const {
  return path_ / fmt::format("{:020}{}", base, kSegmentEnding);
}

std::unique_ptr<RandomFile> Directory::open_segment(Position base) const {
  return files_.open_read(segment_path(base));
}

std::unique_ptr<RandomFile> Directory::make_segment(const SegmentHead& head,
                                                    std::uint64_t bytes) const {
  // Under another name until it is whole: a segment whose head cannot be read is always damage.
  const std::filesystem::path unfinished = path_ / kNewSegment;
  std::unique_ptr<RandomFile> file;
  try {
    file = files_.create(unfinished, kFileMode);
    file->allocate(kSegmentHeadBytes + bytes);
    const std::string text = encode(head);
    const std::string_view part = text;
    file->write_at(0, std::span(&part, 1));
    file->sync();
    files_.rename(unfinished, segment_path(head.base));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::disk_full) throw;
    files_.remove(unfinished);
    throw Error(ErrorCode::overloaded, error.message(), "free space on the disk");
  }
  // From here on the name may be there: after a failure no frame may follow in the segment before.
  files_.sync_directory(path_);
  return file;
}

std::uint64_t Directory::cut_segment(Position base, Position end) const {
  const std::uint64_t size = kSegmentHeadBytes + (end - base);
  try {
    const auto file = files_.open_read_write(segment_path(base));
    if (file->size() > size) file->truncate(size);
    return std::min(size, file->size());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return 0;
  }
}

void Directory::sync_segment(Position base) const {
  files_.open_read_write(segment_path(base))->sync();
  files_.sync_directory(path_);
}

void Directory::remove_segment(Position base) const { files_.remove(segment_path(base)); }

std::optional<SavedPosition> Directory::read_position(bool& damaged) const {
  damaged = false;
  std::string content(512, '\0');
  try {
    content.resize(files_.open_read(path_ / kPosition)->read_at(0, content));
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw;
  }
  const auto saved = parse_position(content);
  damaged = !saved;
  return saved;
}

void Directory::write_position(const SavedPosition& saved) const {
  std::string text =
      fmt::format("logctl spool {}\nid {}\nreleased {}\n", kVersion, saved.id, saved.released);
  if (saved.source.name != saved.id) {
    text += fmt::format("source {}\nunbooked {}\n", saved.source.name, saved.source.unbooked);
  }
  if (saved.unproven) text += fmt::format("unproven {}\n", *saved.unproven);
  text += checksum_line(text);
  try {
    replace_file(files_, path_ / kPosition, text, kFileMode);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::disk_full || !files_.remove(path_ / kReserve)) throw;
    replace_file(files_, path_ / kPosition, text, kFileMode);
  }
}

void Directory::keep_reserve() const {
  for (const std::string& name : files_.list(path_)) {
    if (name == kReserve) return;
  }
  try {
    files_.create(path_ / kReserve, kFileMode)->allocate(kReserveBytes);
  } catch (const Error& error) {
    files_.remove(path_ / kReserve);
    if (error.code() != ErrorCode::disk_full) throw;
  }
}

void Directory::tidy() const {
  files_.remove(path_ / kNewSegment);
  files_.remove(path_ / (std::string(kPosition) + ".tmp"));
}

std::filesystem::path Directory::corrupt_path(Position begin) const {
  return path_ / kCorrupt / fmt::format("{:020}{}", begin, kCorruptEnding);
}

std::map<Position, std::uint64_t> Directory::set_aside() const {
  std::map<Position, std::uint64_t> found;
  for (const Position begin : positions_in(files_, path_ / kCorrupt, kCorruptEnding)) {
    found.emplace(begin, files_.open_read(corrupt_path(begin))->size());
  }
  return found;
}

std::unique_ptr<RandomFile> Directory::make_corrupt_file(Position begin) const {
  files_.make_directories(path_ / kCorrupt, 0700);
  return files_.create(corrupt_path(begin), kFileMode);
}

}  // namespace logctl::spool
