// Where `logctl streams` finds its messages: the store itself, or a daemon over HTTP. One namespace
// each.
//
// One thread. Throws Error: not_found for a namespace that does not exist, conflict where the state
// of a stream refuses a write, unauthorized and forbidden for a daemon's tokens, unavailable when
// the store or the daemon is away.
#pragma once

#include "cli/context.h"
#include "shared/base/error.h"
#include "shared/storage/message_store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// What the commands have in common.
struct StreamTarget {
  std::string name_space;  // empty: not said
  std::string url;         // empty: the store
  std::string token_file;  // with `url`; empty: from the environment
};

// Without stream and category: every message of the namespace.
struct Followed {
  std::string stream;
  std::string category;
  std::optional<std::int64_t>
      from;  // a position of the stream, else a global one; nothing: what comes
};

class StreamSource {
 public:
  using Take = std::function<void(const storage::Message&)>;
  using Rest = std::function<void()>;

  virtual ~StreamSource() = default;

  virtual const std::string& name_space() const = 0;
  // Where the message stands, now or since it was written first. Views need to live until it
  // returns; `name_space` is filled in, as in every call.
  virtual storage::WriteResult write(storage::MessageWrite write) = 0;
  // What write() would find, and nothing is written: `repeated` with the place of the message that
  // has its id and its content, else `wrong_version` with the position of the stream's last one,
  // whatever version it expects. Throws as write() does for an id with other content.
  virtual storage::WriteResult look(storage::MessageWrite write) = 0;
  virtual storage::MessagePage read_stream(storage::StreamRead read) = 0;
  virtual storage::MessagePage read_category(storage::CategoryRead read) = 0;
  virtual std::optional<storage::Message> last(const std::string& stream,
                                               const std::string& type) = 0;
  virtual std::optional<std::int64_t> version(const std::string& stream) = 0;
  virtual std::vector<storage::StreamFigures> streams(const std::string& prefix,
                                                      const std::string& after,
                                                      std::size_t limit) = 0;
  virtual std::vector<storage::CategoryFigures> categories() = 0;
  virtual std::int64_t last_global_position() = 0;  // of the namespace; 0: it has no message
  // How many of them were not there before.
  virtual std::size_t import(std::span<const storage::Message> messages) = 0;
  virtual void clear() = 0;  // every message of the namespace

  // Hands over what there is and what comes, until `take` throws; `rest` is called when nothing
  // more is there just now. Comes back by itself when the store or the daemon was away.
  virtual void follow(const Followed& what, const Take& take, const Rest& rest) = 0;
};

std::unique_ptr<StreamSource> open_source(Context& context, const StreamTarget& target);
std::unique_ptr<StreamSource> open_store_source(Context& context, const std::string& name_space);
std::unique_ptr<StreamSource> open_remote_source(Context& context, const StreamTarget& target);

// No stream gets so far: a write that expects it is never carried out.
inline constexpr std::int64_t kImpossibleVersion = std::numeric_limits<std::int64_t>::max();

// The error of a write whose expected version is not the stream's; -1: there is no message.
Error wrong_version(std::string_view stream, std::int64_t expected, std::int64_t found);
// The error for a namespace that does not exist.
Error no_namespace(std::string_view id);

}  // namespace logctl::cli
