// Messages out of a namespace and into one, as lines of JSON: what export and import do, whatever
// is at the other end. Memory is bounded by a page or a transaction. One thread each.
#pragma once

#include "shared/messages/message_reader.h"
#include "shared/storage/message_store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::messages {

// A time, or a day, which is its beginning in UTC. Nothing otherwise.
std::optional<storage::MessageTime> parse_time_or_day(std::string_view text);

struct ExportChoice {
  std::vector<std::string> categories;        // none: all
  std::optional<storage::MessageTime> since;  // inclusive
  std::optional<storage::MessageTime> until;  // exclusive
};

// Reads by category in the order of global positions.
class MessageExporter {
 public:
  using Read = std::function<storage::MessagePage(const storage::CategoryRead&)>;

  // From one global position to another, both inclusive. With the namespace's last one as `end`,
  // every category ends at the same moment, whatever is written meanwhile. `read` throws what its
  // source throws.
  MessageExporter(Read read, std::string name_space, ExportChoice choice, std::int64_t position,
                  std::int64_t end);

  // Appends the lines of some more messages; false when there are no more. A piece may be empty
  // where nothing was chosen for a while.
  bool next(std::string& lines);

  std::int64_t position() const { return position_; }   // where a later exporter would go on
  std::uint64_t messages() const { return messages_; }  // that were appended
  std::uint64_t looked_at() const { return looked_at_; }

 private:
  // One category on its way.
  struct Source {
    std::string category;
    std::int64_t position = 1;  // of the next page
    storage::MessagePage page;
    std::size_t used = 0;  // of the page
    bool ended = false;
  };
  bool fill(Source& source);
  Source* first();

  Read read_;
  const std::string name_space_;
  const ExportChoice choice_;
  const std::int64_t end_;
  std::vector<Source> sources_;
  std::int64_t position_;
  std::uint64_t messages_ = 0;
  std::uint64_t looked_at_ = 0;
};

struct ImportedCounts {
  std::uint64_t lines = 0;           // with a message
  std::uint64_t imported = 0;        // durably stored
  std::uint64_t skipped = 0;         // there already with the same content
  std::int64_t global_position = 0;  // the highest that was seen
};

// Takes lines and stores them, so many in a transaction.
class MessageImporter {
 public:
  static constexpr std::size_t kChunkMessages = 1000;
  static constexpr std::size_t kChunkBytes = 8 * 1024 * 1024;  // of data and metadata

  // Stores a chunk and tells how many messages of it were new.
  using Store = std::function<std::size_t(std::span<const storage::Message>)>;
  MessageImporter(Store store, std::uint64_t max_message_bytes)
      : store_(std::move(store)), max_message_bytes_(max_message_bytes) {}

  // One line, without its end; `number` counts from 1. A blank one is no message. True when a chunk
  // was stored. Throws Error{invalid_json, validation_error} that begins with the line and names
  // the field, and what the store throws, with the lines that it was about; everything that
  // counts() tells is stored then.
  bool add(std::string_view line, std::uint64_t number);
  // Stores what waits.
  void finish();

  const ImportedCounts& counts() const { return counts_; }

 private:
  void flush();

  Store store_;
  const std::uint64_t max_message_bytes_;
  MessageReader reader_;
  std::vector<storage::Message> chunk_;
  std::size_t used_ = 0;  // of chunk_, whose strings are used again
  std::size_t bytes_ = 0;
  std::uint64_t first_line_ = 0;
  std::uint64_t last_line_ = 0;
  ImportedCounts counts_;
};

}  // namespace logctl::messages
