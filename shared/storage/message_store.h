// Ordered streams of messages in namespaces: what every backend offers. One conformance list
// (tests/conformance/messages_*_test.cpp) holds all of them to it. The rules are those of
// message-db and MessageDB/EventoDB (docs/streams.md).
//
// A namespace has its own streams, its own message ids and its own global order. A message has a
// position in its stream, from 0 and without gaps, and a global position in its namespace, from 1
// and growing in the order of commits: who has read up to one never finds a message below it later.
//
// Threads, errors: as store.h. A namespace that does not exist: Error{not_found}, where no other
// answer is foreseen.
#pragma once

#include "shared/base/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

// Nanoseconds, because imported messages may come with so many digits.
using MessageTime = std::chrono::sys_time<std::chrono::nanoseconds>;

struct Message {
  std::string id;  // a UUID, 36 characters in lower case
  std::string stream;
  std::string type;
  std::int64_t position = 0;
  std::int64_t global_position = 0;
  std::string data;      // a JSON object as text without white space between its tokens
  std::string metadata;  // the same, or empty: null
  MessageTime time{};
};

// A message to be written. Views need to live until write() returns.
struct MessageWrite {
  std::string_view name_space;
  std::string_view stream;
  std::string_view id;  // a UUID in lower case
  std::string_view type;
  std::string_view data;
  std::string_view metadata;
  // The position that the stream's last message must have; -1: there must be none.
  std::optional<std::int64_t> expected_version;
  bool id_assigned = false;  // not the client's: no need to look for it
};

struct WriteResult {
  enum class Kind {
    written,
    repeated,           // the id is there with the same stream, type, data and metadata
    wrong_version,      // `position`: that of the stream's last message, -1 without any
    other_content,      // the id is there with other content
    unknown_namespace,  // it does not exist
    busy,               // another transaction holds the namespace: not written, try again
  };
  Kind kind = Kind::written;
  std::int64_t position = -1;
  std::int64_t global_position = 0;
};

struct Namespace {
  std::string id;
  std::string token_hash;  // SHA-256 of the whole token, hex; empty: it has none yet
  std::string description;
  std::string metadata;  // a JSON object as text, or empty
  Timestamp created_at{};
};

struct NamespaceFigures : Namespace {
  std::int64_t messages = 0;
  std::int64_t streams = 0;
  std::int64_t last_global_position = 0;  // 0: none
  // Positions begin anew when the namespace is cleared, or made again after it was deleted: another
  // number then, or another created_at.
  std::int64_t history = 0;
  std::optional<MessageTime> last_activity;
};

struct StreamFigures {
  std::string stream;
  std::int64_t version = 0;  // the position of its last message
  MessageTime last_activity{};
};

struct CategoryFigures {
  std::string category;
  std::int64_t streams = 0;
  std::int64_t messages = 0;
};

struct StreamRead {
  std::string name_space;
  std::string stream;
  std::int64_t position = 0;                    // inclusive, below 0 is 0
  std::optional<std::int64_t> global_position;  // inclusive, besides `position`
  std::size_t limit = 1000;
};

struct ConsumerGroup {
  std::int64_t member = 0;  // from 0
  std::int64_t size = 1;
};

struct CategoryRead {
  std::string name_space;
  std::string category;              // empty: every stream
  std::int64_t global_position = 1;  // inclusive
  std::size_t limit = 1000;
  std::string correlation;  // only messages whose metadata.correlationStreamName has this category
  std::optional<ConsumerGroup> group;  // only streams of this member (record/stream_name.h)
};

// Messages in ascending order. A page ends before its limit when its messages get large; then, and
// when the limit cut it, `more` is set and the next page begins behind the last message. With a
// group or correlation a page may also hold few messages or none after much was looked at: the next
// one begins at `next_global_position`.
struct MessagePage {
  std::vector<Message> messages;
  bool more = false;
  std::int64_t next_global_position = 0;  // of reads by category, with `more`
};

// Enough to find a message again.
struct Poke {
  std::string stream;
  std::int64_t position = 0;
  std::int64_t global_position = 0;
  bool operator==(const Poke&) const = default;
};

// What verify() found to be wrong, in words that name the stream or the message.
struct MessageAudit {
  std::int64_t streams = 0;
  std::int64_t messages = 0;
  // Of every message in global order, id to time: equal for namespaces with equal content.
  std::string digest;
  std::vector<std::string> problems;  // the first hundred
  std::int64_t problem_count = 0;
};

class MessageStore {
 public:
  virtual ~MessageStore() = default;

  // Writes all of them in order and in one transaction, durably; each gets its own answer, and one
  // that is refused costs no other. A namespace that another transaction holds is waited for a
  // moment only; writes to it are answered `busy` then. `now` is the time of the messages. When the
  // store is away or its commit is in doubt, tries again for a bounded time, then throws: what has
  // happened then is not known, and the same ids may be written again. Throws
  // Error{validation_error} for names that no store takes (message_names.h), and writes nothing.
  virtual std::vector<WriteResult> write(std::span<const MessageWrite> writes, MessageTime now) = 0;

  virtual MessagePage read_stream(const StreamRead& read) = 0;
  virtual MessagePage read_category(const CategoryRead& read) = 0;
  // The newest message of the stream, or of those of one type when `type` is not empty.
  virtual std::optional<Message> last(std::string_view name_space, std::string_view stream,
                                      std::string_view type) = 0;
  virtual std::optional<std::int64_t> version(std::string_view name_space,
                                              std::string_view stream) = 0;
  // All messages from `global_position` on, at most `limit`, in order.
  virtual std::vector<Poke> pokes(std::string_view name_space, std::int64_t global_position,
                                  std::size_t limit) = 0;
  // By name, behind `after`, with this prefix.
  virtual std::vector<StreamFigures> streams(std::string_view name_space, std::string_view prefix,
                                             std::string_view after, std::size_t limit) = 0;
  virtual std::vector<CategoryFigures> categories(std::string_view name_space) = 0;

  // False when the id exists.
  virtual bool create_namespace(const Namespace& row) = 0;
  // The messages that went with it; nothing when there is none.
  virtual std::optional<std::int64_t> delete_namespace(std::string_view id) = 0;
  // False when there is none.
  virtual bool set_token(std::string_view id, std::string_view token_hash) = 0;
  // Cheap: for checking a token.
  virtual std::optional<Namespace> find_namespace(std::string_view id) = 0;
  virtual std::optional<NamespaceFigures> namespace_figures(std::string_view id) = 0;
  virtual std::vector<NamespaceFigures> namespaces() = 0;  // newest first

  // Puts messages at the positions that they carry, in one transaction; later writes go on behind
  // the highest of them. With `skip_same`, one that is there already with the same content at the
  // same positions is left out and not counted. Throws Error{conflict} that names a message whose
  // id, position or global position is taken: nothing of the call is stored then. How many it
  // stored.
  virtual std::size_t import(std::string_view name_space, std::span<const Message> messages,
                             bool skip_same) = 0;
  // Removes every message and stream, and begins to count from the start. How many messages.
  virtual std::int64_t clear(std::string_view name_space) = 0;

  // Reads everything: positions without gaps, global order, categories, group hashes and counters
  // against the messages. `at` is called now and then with the number of messages read.
  using Progress = std::function<void(std::int64_t read)>;
  virtual MessageAudit verify(std::string_view name_space, const Progress& at) = 0;
};

// Which namespaces have changed, by whichever process. One listener, from its making on; one
// thread.
class MessageNews {
 public:
  virtual ~MessageNews() = default;
  // Ids of namespaces with new messages since the last call; waits at most `wait` for some. Cheap
  // while nothing happens. Throws Error when the store is away: what is written until a new
  // listener is made is then not told.
  virtual std::vector<std::string> next(microseconds wait) = 0;
  // Ids of those that the last next() found with another token, cleared or gone; it ends its wait
  // for them as well.
  virtual const std::vector<std::string>& changed() const = 0;
};

}  // namespace logctl::storage
