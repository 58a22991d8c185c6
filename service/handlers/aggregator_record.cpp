#include "service/handlers/aggregator_record.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::handlers {
namespace {

constexpr std::array<std::string_view, 10> kOwnMembers = {
    "process_count", "total_cpu_percent", "total_memory_usage", "environment",
    "application",   "component",         "correlation_id",     "tags",
    "enriched_at",   "processed_count",
};

// Key (without quotes) and value, as they stand in the text.
using Member = std::pair<std::string_view, std::string_view>;

// Reads over JSON that was valid when it was stored.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Behind the opening quote: to behind the closing one.
  std::string_view rest_of_string() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, text_.size());
    const std::string_view inside = text_.substr(begin, at_ - begin);
    if (at_ < text_.size()) ++at_;
    return inside;
  }
  // To the comma or bracket that ends the value here.
  std::string_view value() {
    skip_space();
    const std::size_t begin = at_;
    int depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (depth == 0 && (c == ',' || c == '}')) break;
      ++at_;
      if (c == '"') {
        rest_of_string();
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (c == '}' || c == ']') {
        --depth;
      }
    }
    return text_.substr(begin, at_ - begin);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<std::vector<Member>> members_of(std::string_view object) {
  std::vector<Member> members;
  Scanner scanner(object);
  if (!scanner.take('{')) return std::nullopt;
  if (scanner.take('}')) return members;
  do {
    if (!scanner.take('"')) return std::nullopt;
    const std::string_view key = scanner.rest_of_string();
    if (!scanner.take(':')) return std::nullopt;
    members.emplace_back(key, scanner.value());
  } while (scanner.take(','));
  if (!scanner.take('}')) return std::nullopt;
  return members;
}

bool is_own(const Member& member) {
  return std::ranges::find(kOwnMembers, member.first) != kOwnMembers.end();
}

}  // namespace

void write_aggregator_record(JsonWriter& writer, const LogRecord& record) {
  const auto members = members_of(record.properties).value_or(std::vector<Member>());
  std::string metadata = "{";
  bool has_application = false;
  for (const Member& member : members) {
    if (member.first == "application") has_application = true;
    if (is_own(member)) continue;
    if (metadata.size() > 1) metadata += ',';
    metadata.append("\"").append(member.first).append("\":").append(member.second);
  }
  metadata += '}';
  writer.begin_object()
      .field("id", format_record_id(record.timestamp, record.event_id))
      .field("organization_id", record.tenant)
      .field("user_id", record.user_id)
      .field("timestamp", record.timestamp)
      .field("host", record.host)
      .field("message", record.message)
      .field("level", level_name(record.level))
      .field("metadata", metadata);
  if (!has_application) writer.field("application", record.service);
  for (const Member& member : members) {
    if (is_own(member)) writer.key(member.first).raw(member.second);
  }
  writer.end_object();
}

}  // namespace logctl::handlers
