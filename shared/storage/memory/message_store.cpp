#include "shared/storage/memory/message_store.h"

#include "shared/record/stream_name.h"
#include "shared/storage/memory/message_data.h"
#include "shared/storage/message_audit.h"
#include "shared/storage/message_import.h"
#include "shared/storage/message_names.h"
#include "shared/storage/message_page.h"
#include "shared/storage/message_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace logctl::storage::memory {
namespace {

class MemoryMessageStore final : public MessageStore {
 public:
  explicit MemoryMessageStore(std::shared_ptr<MessageData> data) : data_(std::move(data)) {}

  std::vector<WriteResult> write(std::span<const MessageWrite> writes, MessageTime now) override {
    require_names(writes);
    std::vector<WriteResult> results(writes.size());
    const auto groups = by_namespace(writes);
    const Lock lock(data_->mutex);
    for (const auto& [name, group] : groups) {
      const auto found = data_->spaces.find(name);
      std::vector<WriteResult> answers;
      if (found == data_->spaces.end()) {
        answers.assign(group.size(), {.kind = WriteResult::Kind::unknown_namespace});
      } else {
        answers = write_group(found->second, group, now);
      }
      for (std::size_t i = 0; i < group.size(); ++i) {
        results[static_cast<std::size_t>(group[i] - writes.data())] = answers[i];
      }
    }
    return results;
  }

  MessagePage read_stream(const StreamRead& read) override {
    const Lock lock(data_->mutex);
    const Space& space = data_->at(read.name_space);
    PageFiller page(read.limit);
    const auto stream = space.streams.find(read.stream);
    if (stream == space.streams.end()) return page.take(false);
    const Positions& messages = stream->second.messages;
    for (auto at = messages.lower_bound(read.position); at != messages.end(); ++at) {
      if (at->second->global_position < read.global_position.value_or(0)) continue;
      if (page.full()) return page.take(true);
      page.add(*at->second);
    }
    return page.take(false);
  }

  MessagePage read_category(const CategoryRead& read) override {
    const Lock lock(data_->mutex);
    const Space& space = data_->at(read.name_space);
    PageFiller page(read.limit);
    // False when the page ends before the message.
    const auto take = [&](const Message& message) {
      if (page.full()) return false;
      is_wanted(space, message, read) ? page.add(message) : page.pass(message.global_position);
      return true;
    };
    if (read.category.empty()) {
      for (auto at = space.messages.lower_bound(read.global_position); at != space.messages.end();
           ++at) {
        if (!take(at->second)) return page.take(true);
      }
      return page.take(false);
    }
    const auto category = space.categories.find(read.category);
    if (category == space.categories.end()) return page.take(false);
    const Positions& messages = category->second.messages;
    for (auto at = messages.lower_bound(read.global_position); at != messages.end(); ++at) {
      if (!take(*at->second)) return page.take(true);
    }
    return page.take(false);
  }

  std::optional<Message> last(std::string_view name_space, std::string_view stream,
                              std::string_view type) override {
    const Lock lock(data_->mutex);
    const Space& space = data_->at(name_space);
    const auto found = space.streams.find(stream);
    if (found == space.streams.end()) return std::nullopt;
    const Positions& messages = found->second.messages;
    const auto newest = std::find_if(messages.rbegin(), messages.rend(), [&](const auto& at) {
      return type.empty() || at.second->type == type;
    });
    return newest == messages.rend() ? std::nullopt : std::optional(*newest->second);
  }

  std::optional<std::int64_t> version(std::string_view name_space,
                                      std::string_view stream) override {
    const Lock lock(data_->mutex);
    const Space& space = data_->at(name_space);
    const auto found = space.streams.find(stream);
    return found == space.streams.end() ? std::nullopt : std::optional(found->second.version());
  }

  std::vector<Poke> pokes(std::string_view name_space, std::int64_t global_position,
                          std::size_t limit) override {
    const Lock lock(data_->mutex);
    const Space& space = data_->at(name_space);
    std::vector<Poke> pokes;
    for (auto at = space.messages.lower_bound(global_position);
         at != space.messages.end() && pokes.size() < limit; ++at) {
      pokes.push_back({at->second.stream, at->second.position, at->first});
    }
    return pokes;
  }

  std::vector<StreamFigures> streams(std::string_view name_space, std::string_view prefix,
                                     std::string_view after, std::size_t limit) override {
    const Lock lock(data_->mutex);
    const Space& space = data_->at(name_space);
    std::vector<StreamFigures> rows;
    auto at = after < prefix ? space.streams.lower_bound(prefix) : space.streams.upper_bound(after);
    for (; at != space.streams.end() && rows.size() < limit; ++at) {
      const auto& [name, stream] = *at;
      if (!name.starts_with(prefix)) break;
      rows.push_back({name, stream.version(), stream.last_activity});
    }
    return rows;
  }

  std::vector<CategoryFigures> categories(std::string_view name_space) override {
    const Lock lock(data_->mutex);
    std::vector<CategoryFigures> rows;
    for (const auto& [name, category] : data_->at(name_space).categories) {
      rows.push_back({name, category.streams, static_cast<std::int64_t>(category.messages.size())});
    }
    return rows;
  }

  bool create_namespace(const Namespace& row) override {
    const Lock lock(data_->mutex);
    const auto [space, created] = data_->spaces.try_emplace(row.id);
    if (!created) return false;
    space->second.row = row;
    space->second.made = ++data_->spaces_made;
    return true;
  }

  std::optional<std::int64_t> delete_namespace(std::string_view id) override {
    const Lock lock(data_->mutex);
    const auto found = data_->spaces.find(id);
    if (found == data_->spaces.end()) return std::nullopt;
    const auto messages = static_cast<std::int64_t>(found->second.messages.size());
    data_->spaces.erase(found);
    data_->tell_of_spaces();
    return messages;
  }

  bool set_token(std::string_view id, std::string_view token_hash) override {
    const Lock lock(data_->mutex);
    const auto found = data_->spaces.find(id);
    if (found == data_->spaces.end()) return false;
    found->second.row.token_hash = token_hash;
    data_->tell_of_spaces();
    return true;
  }

  std::optional<Namespace> find_namespace(std::string_view id) override {
    const Lock lock(data_->mutex);
    const auto found = data_->spaces.find(id);
    return found == data_->spaces.end() ? std::nullopt : std::optional(found->second.row);
  }

  std::optional<NamespaceFigures> namespace_figures(std::string_view id) override {
    const Lock lock(data_->mutex);
    const auto found = data_->spaces.find(id);
    return found == data_->spaces.end() ? std::nullopt : std::optional(found->second.figures());
  }

  std::vector<NamespaceFigures> namespaces() override {
    const Lock lock(data_->mutex);
    std::vector<NamespaceFigures> rows;
    for (const auto& [id, space] : data_->spaces) rows.push_back(space.figures());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.created_at > b.created_at; });
    return rows;
  }

  std::size_t import(std::string_view name_space, std::span<const Message> messages,
                     bool skip_same) override {
    require_names(messages);
    const Lock lock(data_->mutex);
    Space& space = data_->at(name_space);
    const std::vector<const Message*> added = importable(space, messages, skip_same);
    for (const Message* message : added) space.store(*message);
    if (!added.empty()) data_->tell(space);
    return added.size();
  }

  std::int64_t clear(std::string_view name_space) override {
    const Lock lock(data_->mutex);
    Space& space = data_->at(name_space);
    const auto messages = static_cast<std::int64_t>(space.messages.size());
    space.clear();
    space.made = ++data_->spaces_made;
    data_->tell_of_spaces();
    return messages;
  }

  MessageAudit verify(std::string_view name_space, const Progress& at) override {
    const Lock lock(data_->mutex);
    const Space& space = data_->at(name_space);
    MessageAuditor audit(at);
    for (const auto& [position, message] : space.messages) {
      audit.message(message, category_of(message.stream), correlation_of(message.metadata));
    }
    for (const auto& [name, stream] : space.streams) {
      audit.stream({name, stream.version(), stream.last_activity}, stream.group_hash);
    }
    for (const auto& [name, category] : space.categories) {
      audit.category({name, category.streams, static_cast<std::int64_t>(category.messages.size())});
    }
    return audit.finish(space.figures());
  }

 private:
  std::vector<WriteResult> write_group(Space& space, std::span<const MessageWrite* const> group,
                                       MessageTime now) REQUIRES_LOCK(data_->mutex) {
    NamespaceState state;
    state.last_global_position = space.last_global_position;
    for (const MessageWrite* write : group) {
      if (const auto stream = space.streams.find(write->stream); stream != space.streams.end()) {
        state.versions.emplace(write->stream, stream->second.version());
      }
      if (const auto id = space.ids.find(write->id); id != space.ids.end()) {
        state.known.emplace(write->id, *id->second);
      }
    }
    MessagePlan plan = plan_writes(group, state);
    for (const PlannedMessage& planned : plan.messages) {
      Message message;
      message.id = planned.write->id;
      message.stream = planned.write->stream;
      message.type = planned.write->type;
      message.position = planned.position;
      message.global_position = planned.global_position;
      message.data = planned.write->data;
      message.metadata = planned.write->metadata;
      message.time = now;
      space.store(std::move(message));
    }
    if (!plan.messages.empty()) data_->tell(space);
    return std::move(plan.results);
  }

  static bool is_wanted(const Space& space, const Message& message, const CategoryRead& read) {
    if (read.group) {
      const auto& hash = space.streams.find(message.stream)->second.group_hash;
      if (!hash || member_of(*hash, read.group->size) != read.group->member) return false;
    }
    return read.correlation.empty() || correlation_of(message.metadata) == read.correlation;
  }

  // Those that are not there yet. Throws when one of them has no place.
  static std::vector<const Message*> importable(const Space& space,
                                                std::span<const Message> messages, bool skip_same) {
    std::vector<const Message*> added;
    std::unordered_map<std::string_view, const Message*> ids;
    std::set<std::pair<std::string_view, std::int64_t>> positions;
    std::set<std::int64_t> global_positions;
    for (const Message& message : messages) {
      const Message* there = nullptr;
      if (const auto found = space.ids.find(message.id); found != space.ids.end()) {
        there = found->second;
      } else if (const auto before = ids.find(message.id); before != ids.end()) {
        there = before->second;
      }
      if (there != nullptr) {
        if (skip_same && same_message(*there, message)) continue;
        throw id_taken(message);
      }
      const auto stream = space.streams.find(message.stream);
      if (!positions.emplace(message.stream, message.position).second ||
          (stream != space.streams.end() && stream->second.messages.contains(message.position))) {
        throw position_taken(message);
      }
      if (!global_positions.insert(message.global_position).second ||
          space.messages.contains(message.global_position)) {
        throw global_position_taken(message);
      }
      ids.emplace(message.id, &message);
      added.push_back(&message);
    }
    return added;
  }

  const std::shared_ptr<MessageData> data_;
};

}  // namespace

std::shared_ptr<MessageData> make_message_data() { return std::make_shared<MessageData>(); }

std::unique_ptr<MessageStore> open_messages(std::shared_ptr<MessageData> data) {
  return std::make_unique<MemoryMessageStore>(std::move(data));
}

}  // namespace logctl::storage::memory
