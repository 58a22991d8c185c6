#include "shared/storage/message_plan.h"

#include "shared/query/property.h"
#include "shared/record/stream_name.h"

#include <array>

namespace logctl::storage {
namespace {

bool same_content(const MessageWrite& write, std::string_view stream, std::string_view type,
                  std::string_view data, std::string_view metadata) {
  return write.stream == stream && write.type == type && write.data == data &&
         write.metadata == metadata;
}

}  // namespace

std::map<std::string_view, std::vector<const MessageWrite*>> by_namespace(
    std::span<const MessageWrite> writes) {
  std::map<std::string_view, std::vector<const MessageWrite*>> groups;
  for (const MessageWrite& write : writes) groups[write.name_space].push_back(&write);
  return groups;
}

MessagePlan plan_writes(std::span<const MessageWrite* const> writes, const NamespaceState& state) {
  MessagePlan plan;
  plan.results.reserve(writes.size());
  plan.messages.reserve(writes.size());
  std::unordered_map<std::string_view, std::size_t> planned_ids;
  std::int64_t global_position = state.last_global_position;

  for (const MessageWrite* write : writes) {
    WriteResult& result = plan.results.emplace_back();
    // An id that is there was written before: then the version was right, whatever it is now.
    if (const auto known = state.known.find(std::string(write->id)); known != state.known.end()) {
      const Message& there = known->second;
      const bool same = same_content(*write, there.stream, there.type, there.data, there.metadata);
      result.kind = same ? WriteResult::Kind::repeated : WriteResult::Kind::other_content;
      result.position = there.position;
      result.global_position = there.global_position;
      continue;
    }
    if (const auto planned = planned_ids.find(write->id); planned != planned_ids.end()) {
      const PlannedMessage& there = plan.messages[planned->second];
      const bool same = same_content(*write, there.write->stream, there.write->type,
                                     there.write->data, there.write->metadata);
      result.kind = same ? WriteResult::Kind::repeated : WriteResult::Kind::other_content;
      result.position = there.position;
      result.global_position = there.global_position;
      continue;
    }
    auto version = plan.new_versions.find(write->stream);
    std::int64_t last = -1;
    if (version != plan.new_versions.end()) {
      last = version->second;
    } else if (const auto found = state.versions.find(std::string(write->stream));
               found != state.versions.end()) {
      last = found->second;
    }
    if (write->expected_version && *write->expected_version != last) {
      result.kind = WriteResult::Kind::wrong_version;
      result.position = last;
      continue;
    }
    result.position = last + 1;
    result.global_position = ++global_position;
    plan.new_versions.insert_or_assign(write->stream, result.position);
    planned_ids.emplace(write->id, plan.messages.size());
    plan.messages.push_back({write, result.position, result.global_position});
  }
  return plan;
}

std::string correlation_of(std::string_view metadata) {
  static const std::array<std::string, 1> kPath = {"correlationStreamName"};
  if (metadata.empty()) return {};
  const query::Property name = query::find_property(metadata, kPath);
  if (name.kind != query::Property::Kind::text) return {};
  return std::string(category_of(name.text));
}

}  // namespace logctl::storage
