#include "shared/storage/message_audit.h"

#include "shared/query/property.h"
#include "shared/record/stream_name.h"
#include "shared/storage/message_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace logctl::storage {
namespace {

constexpr std::size_t kMostProblems = 100;
constexpr std::int64_t kMessagesPerProgress = 1000;
constexpr std::size_t kTextPerSum = 64 * 1024;

// As every store writes them: in lower case.
bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const std::string_view allowed = dash ? "-" : "0123456789abcdef";
    if (allowed.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

std::string number_or_none(std::optional<std::int64_t> number) {
  return number ? std::to_string(*number) : "none";
}

}  // namespace

void MessageAuditor::problem(std::string words) {
  ++audit_.problem_count;
  if (audit_.problems.size() < kMostProblems) audit_.problems.push_back(std::move(words));
}

void MessageAuditor::digest(const Message& message) {
  // Each text with its length, so that no two messages read the same.
  const auto text = [this](std::string_view value) {
    fmt::format_to(std::back_inserter(text_), "{}:", value.size());
    text_.append(value);
  };
  text(message.id);
  text(message.stream);
  text(message.type);
  fmt::format_to(std::back_inserter(text_), "{},{},", message.position, message.global_position);
  text(message.data);
  text(message.metadata);
  fmt::format_to(std::back_inserter(text_), "{}\n", message.time.time_since_epoch().count());
  if (text_.size() < kTextPerSum) return;
  sum_.update(text_);
  text_.clear();
}

void MessageAuditor::check_form(const Message& message) {
  if (!is_uuid(message.id)) {
    problem(fmt::format("message '{}' of stream '{}' at position {}: its id is no UUID", message.id,
                        message.stream, message.position));
  }
  if (!query::is_json_object(message.data)) {
    problem(fmt::format("message '{}' of stream '{}' at position {}: its data is no JSON object",
                        message.id, message.stream, message.position));
  }
  if (!message.metadata.empty() && !query::is_json_object(message.metadata)) {
    problem(
        fmt::format("message '{}' of stream '{}' at position {}: its metadata is no JSON object",
                    message.id, message.stream, message.position));
  }
}

void MessageAuditor::message(const Message& message, std::string_view category,
                             std::string_view correlation) {
  ++audit_.messages;
  digest(message);
  check_form(message);
  if (message.global_position <= last_global_position_) {
    problem(fmt::format("message '{}': global position {} comes behind {}", message.id,
                        message.global_position, last_global_position_));
  }
  last_global_position_ = std::max(last_global_position_, message.global_position);

  const auto [found, first] = streams_.try_emplace(message.stream);
  Stream& stream = found->second;
  const std::string_view expected_category = category_of(message.stream);
  Category& counted = categories_.try_emplace(std::string(expected_category)).first->second;
  if (first) ++counted.streams;
  ++counted.messages;
  if (message.position != stream.version + 1) {
    problem(fmt::format("stream '{}': position {} at global position {} comes behind {}",
                        message.stream, message.position, message.global_position, stream.version));
  }
  stream.version = std::max(stream.version, message.position);
  stream.last_activity = first ? message.time : std::max(stream.last_activity, message.time);
  last_activity_ = last_activity_ ? std::max(*last_activity_, message.time) : message.time;

  if (category != expected_category) {
    problem(fmt::format("message '{}' of stream '{}' is noted in category '{}'", message.id,
                        message.stream, category));
  }
  if (const std::string expected = correlation_of(message.metadata); correlation != expected) {
    problem(fmt::format("message '{}' is noted with correlation '{}', its metadata says '{}'",
                        message.id, correlation, expected));
  }
  if (at_ && audit_.messages % kMessagesPerProgress == 0) at_(audit_.messages);
}

void MessageAuditor::stream(const StreamFigures& figures, std::optional<std::int64_t> group_hash) {
  const auto found = streams_.find(figures.stream);
  if (found == streams_.end()) {
    problem(fmt::format("stream '{}' is noted but has no messages", figures.stream));
    return;
  }
  Stream& stream = found->second;
  stream.noted = true;
  if (figures.version != stream.version) {
    problem(fmt::format("stream '{}' is noted with version {}, its last message has {}",
                        figures.stream, figures.version, stream.version));
  }
  if (figures.last_activity != stream.last_activity) {
    problem(fmt::format("stream '{}': its noted last activity is not that of its messages",
                        figures.stream));
  }
  if (const auto expected = group_hash_of(figures.stream); group_hash != expected) {
    problem(fmt::format("stream '{}' is noted with group hash {}, its name has {}", figures.stream,
                        number_or_none(group_hash), number_or_none(expected)));
  }
}

void MessageAuditor::category(const CategoryFigures& figures) {
  const auto found = categories_.find(figures.category);
  if (found == categories_.end()) {
    problem(fmt::format("category '{}' is noted but has no messages", figures.category));
    return;
  }
  Category& category = found->second;
  category.noted = true;
  if (figures.streams != category.streams || figures.messages != category.messages) {
    problem(fmt::format("category '{}' is noted with {} streams and {} messages, it has {} and {}",
                        figures.category, figures.streams, figures.messages, category.streams,
                        category.messages));
  }
}

MessageAudit MessageAuditor::finish(const NamespaceFigures& figures) {
  for (const auto& [name, stream] : streams_) {
    if (!stream.noted) problem(fmt::format("stream '{}' has messages but is not noted", name));
  }
  for (const auto& [name, category] : categories_) {
    if (!category.noted) problem(fmt::format("category '{}' has messages but is not noted", name));
  }
  audit_.streams = static_cast<std::int64_t>(streams_.size());
  if (figures.messages != audit_.messages || figures.streams != audit_.streams) {
    problem(fmt::format("namespace '{}' is noted with {} streams and {} messages, it has {} and {}",
                        figures.id, figures.streams, figures.messages, audit_.streams,
                        audit_.messages));
  }
  // Positions are never used again, so the last one may be of a message that is gone.
  if (figures.last_global_position < last_global_position_) {
    problem(
        fmt::format("namespace '{}' is noted with last global position {}, its last message "
                    "has {}",
                    figures.id, figures.last_global_position, last_global_position_));
  }
  if (figures.last_activity != last_activity_) {
    problem(fmt::format("namespace '{}': its noted last activity is not that of its messages",
                        figures.id));
  }
  sum_.update(text_);
  text_.clear();
  audit_.digest = sum_.hex();
  if (at_) at_(audit_.messages);
  return std::move(audit_);
}

}  // namespace logctl::storage
