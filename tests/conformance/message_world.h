// The small language of the promises about messages: a migrated store with the namespace "shop",
// and messages in one line.
#pragma once

#include "shared/base/ids.h"
#include "shared/storage/message_store.h"
#include "tests/conformance/world.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::test {

using storage::CategoryRead;
using storage::Message;
using storage::MessagePage;
using storage::MessageTime;
using storage::MessageWrite;
using storage::StreamRead;
using storage::WriteResult;
using Kind = storage::WriteResult::Kind;

inline constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

// A UUID that shows its number.
inline std::string message_id(std::uint64_t number) {
  std::string digits = std::to_string(number);
  return "00000000-0000-7000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

// A message to be written, which owns its text.
struct Draft {
  std::string stream;
  std::string type = "Happened";
  std::string data = "{}";
  std::string metadata = {};
  std::optional<std::int64_t> expected = std::nullopt;
  std::string id = {};  // empty: one that nobody has
  std::string name_space = "shop";
};

inline Draft with_id(std::uint64_t number, std::string stream, std::string data = "{}") {
  return {.stream = std::move(stream), .data = std::move(data), .id = message_id(number)};
}

struct MessageWorld : World {
  MessageTime time{std::chrono::nanoseconds(1'773'144'000'123'456'789)};

  MessageWorld() { add_namespace("shop"); }

  storage::MessageStore& messages() { return *backend.messages; }

  void add_namespace(const std::string& id) {
    storage::Namespace row;
    row.id = id;
    row.token_hash = std::string(64, 'a');
    row.created_at = clock.now();
    REQUIRE(messages().create_namespace(row));
  }

  // Ids that were not given are made and count as assigned. What another transaction keeps from
  // being written is written when it is over. Any thread.
  static std::vector<WriteResult> write_to(storage::MessageStore& store, std::vector<Draft> drafts,
                                           MessageTime time) {
    std::vector<MessageWrite> writes;
    for (Draft& draft : drafts) {
      MessageWrite& write = writes.emplace_back();
      write.id_assigned = draft.id.empty();
      if (draft.id.empty()) draft.id = uuid_v7(system_clock().now());
      write.name_space = draft.name_space;
      write.stream = draft.stream;
      write.id = draft.id;
      write.type = draft.type;
      write.data = draft.data;
      write.metadata = draft.metadata;
      write.expected_version = draft.expected;
    }
    std::vector<WriteResult> results = store.write(writes, time);
    while (true) {
      std::vector<MessageWrite> again;
      std::vector<std::size_t> places;
      for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i].kind != Kind::busy) continue;
        again.push_back(writes[i]);
        places.push_back(i);
      }
      if (again.empty()) return results;
      const std::vector<WriteResult> answers = store.write(again, time);
      for (std::size_t i = 0; i < places.size(); ++i) results[places[i]] = answers[i];
    }
  }
  std::vector<WriteResult> write_all(std::vector<Draft> drafts) {
    return write_to(messages(), std::move(drafts), time);
  }
  WriteResult write(Draft draft) { return write_all({std::move(draft)}).front(); }
  // So many messages with numbers as data, from `first` on.
  void write_numbers(const std::string& stream, int count, int first = 0) {
    std::vector<Draft> drafts;
    for (int i = first; i < first + count; ++i) {
      drafts.push_back({.stream = stream, .data = "{\"n\":" + std::to_string(i) + "}"});
    }
    for (const WriteResult& result : write_all(std::move(drafts)))
      CHECK(result.kind == Kind::written);
  }

  StreamRead reading(std::string stream, std::int64_t position = 0, std::size_t limit = kAll) {
    return {.name_space = "shop",
            .stream = std::move(stream),
            .position = position,
            .global_position = std::nullopt,
            .limit = limit};
  }
  CategoryRead reading_category(std::string category, std::int64_t global_position = 1,
                                std::size_t limit = kAll) {
    return {.name_space = "shop",
            .category = std::move(category),
            .global_position = global_position,
            .limit = limit,
            .correlation = {},
            .group = std::nullopt};
  }

  // Everything, page by page.
  static std::vector<Message> all_of(storage::MessageStore& store, StreamRead read) {
    std::vector<Message> messages;
    while (true) {
      MessagePage page = store.read_stream(read);
      messages.insert(messages.end(), page.messages.begin(), page.messages.end());
      if (!page.more) return messages;
      read.position = page.messages.back().position + 1;
    }
  }
  static std::vector<Message> all_of(storage::MessageStore& store, CategoryRead read) {
    std::vector<Message> messages;
    while (true) {
      MessagePage page = store.read_category(read);
      messages.insert(messages.end(), page.messages.begin(), page.messages.end());
      if (!page.more) return messages;
      if (page.next_global_position <= read.global_position) {
        throw std::runtime_error("a page that leads nowhere");
      }
      read.global_position = page.next_global_position;
    }
  }
  std::vector<Message> stream(const std::string& name) { return all_of(messages(), reading(name)); }
  std::vector<Message> category(const std::string& name) {
    return all_of(messages(), reading_category(name));
  }
  storage::NamespaceFigures figures(const std::string& name = "shop") {
    return messages().namespace_figures(name).value();
  }
  void check_whole(const std::string& name = "shop") {
    const storage::MessageAudit audit = messages().verify(name, {});
    INFO("first problem: " << (audit.problems.empty() ? "" : audit.problems.front()));
    CHECK(audit.problem_count == 0);
    CHECK(audit.messages == figures(name).messages);
    CHECK(audit.streams == figures(name).streams);
  }
};

inline std::vector<std::int64_t> positions(const std::vector<Message>& messages) {
  std::vector<std::int64_t> result;
  for (const Message& message : messages) result.push_back(message.position);
  return result;
}
inline std::vector<std::int64_t> global_positions(const std::vector<Message>& messages) {
  std::vector<std::int64_t> result;
  for (const Message& message : messages) result.push_back(message.global_position);
  return result;
}
inline std::vector<std::string> stream_names(const std::vector<Message>& messages) {
  std::vector<std::string> result;
  for (const Message& message : messages) result.push_back(message.stream);
  return result;
}
inline std::vector<Kind> kinds(const std::vector<WriteResult>& results) {
  std::vector<Kind> result;
  for (const WriteResult& one : results) result.push_back(one.kind);
  return result;
}

using Numbers = std::vector<std::int64_t>;
using Names = std::vector<std::string>;
using Kinds = std::vector<Kind>;

}  // namespace logctl::test
