// Which messages a subscription is about. The same rules as reads of the store: see
// record/stream_name.h for categories and members of consumer groups. Pure.
#pragma once

#include "shared/storage/message_store.h"

#include <optional>
#include <string>

namespace logctl::messages {

struct PokeFilter {
  enum class Kind { stream, category, all };
  Kind kind = Kind::all;
  std::string name;                             // of the stream or category
  std::int64_t position = 0;                    // of a stream: the first one wanted
  std::optional<storage::ConsumerGroup> group;  // of a category

  bool matches(const storage::Poke& poke) const;
};

}  // namespace logctl::messages
