#include "shared/messages/transfer.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/messages/message_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::messages {
namespace {

using storage::Message;

constexpr std::size_t kPageMessages = 1000;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

std::optional<storage::MessageTime> parse_time_or_day(std::string_view text) {
  if (const auto day = parse_day(text)) {
    return parse_time(format_rfc3339(Timestamp(day->time_since_epoch())));
  }
  return parse_time(text);
}

MessageExporter::MessageExporter(Read read, std::string name_space, ExportChoice choice,
                                 std::int64_t position, std::int64_t end)
    : read_(std::move(read)),
      name_space_(std::move(name_space)),
      choice_(std::move(choice)),
      end_(end),
      position_(position) {
  std::vector<std::string> categories = choice_.categories;
  std::ranges::sort(categories);
  categories.erase(std::ranges::unique(categories).begin(), categories.end());
  if (categories.empty()) categories.emplace_back();
  for (std::string& category : categories) {
    Source& source = sources_.emplace_back();
    source.category = std::move(category);
    source.position = position;
  }
}

// False when the source has nothing more.
bool MessageExporter::fill(Source& source) {
  while (source.used == source.page.messages.size()) {
    if (source.ended || source.position > end_) return false;
    storage::CategoryRead read;
    read.name_space = name_space_;
    read.category = source.category;
    read.global_position = source.position;
    read.limit = kPageMessages;
    source.page = read_(read);
    source.used = 0;
    source.ended = !source.page.more;
    source.position = source.page.next_global_position;
    std::vector<Message>& messages = source.page.messages;
    while (!messages.empty() && messages.back().global_position > end_) {
      messages.pop_back();
      source.ended = true;
    }
  }
  return true;
}

// The source with the next message of all.
MessageExporter::Source* MessageExporter::first() {
  Source* best = nullptr;
  for (Source& source : sources_) {
    if (!fill(source)) continue;
    if (best == nullptr || source.page.messages[source.used].global_position <
                               best->page.messages[best->used].global_position) {
      best = &source;
    }
  }
  return best;
}

bool MessageExporter::next(std::string& lines) {
  for (std::size_t n = 0; n < kPageMessages; ++n) {
    Source* source = first();
    if (source == nullptr) return false;
    const Message& message = source->page.messages[source->used++];
    position_ = message.global_position + 1;
    ++looked_at_;
    if (choice_.since && message.time < *choice_.since) continue;
    if (choice_.until && message.time >= *choice_.until) continue;
    append_export_line(lines, message);
    lines.push_back('\n');
    ++messages_;
  }
  return true;
}

bool MessageImporter::add(std::string_view line, std::uint64_t number) {
  if (is_blank(line)) return false;
  if (chunk_.size() == used_) chunk_.emplace_back();
  Message& message = chunk_[used_];
  try {
    reader_.read(line, message);
    const std::uint64_t bytes = message.data.size() + message.metadata.size();
    if (bytes > max_message_bytes_) {
      throw Error(ErrorCode::validation_error,
                  fmt::format("data and metadata have {} bytes, at most {} are allowed", bytes,
                              max_message_bytes_),
                  "messages.max_message_bytes allows more");
    }
    bytes_ += bytes;
  } catch (const Error& error) {
    finish();  // what came before it counts
    throw error.within(fmt::format("line {}", number));
  }
  if (used_++ == 0) first_line_ = number;
  last_line_ = number;
  if (used_ < kChunkMessages && bytes_ < kChunkBytes) return false;
  flush();
  return true;
}

void MessageImporter::finish() {
  if (used_ > 0) flush();
}

void MessageImporter::flush() {
  // The chunk is over, also when the store refuses it.
  bytes_ = 0;
  const std::span<const Message> messages(chunk_.data(), std::exchange(used_, 0));
  std::size_t stored = 0;
  try {
    stored = store_(messages);
  } catch (const Error& error) {
    throw error.within(fmt::format("lines {} to {}", first_line_, last_line_));
  }
  counts_.lines += messages.size();
  counts_.imported += stored;
  counts_.skipped += messages.size() - stored;
  for (const Message& message : messages) {
    counts_.global_position = std::max(counts_.global_position, message.global_position);
  }
}

}  // namespace logctl::messages
