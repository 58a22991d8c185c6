// The store itself.
#include "cli/streams/following.h"
#include "shared/base/error.h"

#include <fmt/format.h>

#include <array>
#include <thread>
#include <utility>

namespace logctl::cli {
namespace {

using storage::WriteResult;

constexpr microseconds kWait = seconds(10);  // then a listener is asked again
constexpr microseconds kPause = seconds(1);
constexpr microseconds kHeld = seconds(10);  // so long a namespace may be held by others

class StoreSource final : public StreamSource {
 public:
  StoreSource(Context& context, std::string name_space)
      : context_(context),
        backend_(context.existing_backend()),
        store_(*backend_.messages),
        name_space_(std::move(name_space)) {
    if (!store_.find_namespace(name_space_)) throw no_namespace(name_space_);
  }

  const std::string& name_space() const override { return name_space_; }

  WriteResult write(storage::MessageWrite write) override {
    const WriteResult result = try_write(write);
    if (result.kind == WriteResult::Kind::wrong_version) {
      throw wrong_version(write.stream, write.expected_version.value_or(0), result.position);
    }
    return result;
  }

  WriteResult look(storage::MessageWrite write) override {
    write.expected_version = kImpossibleVersion;
    return try_write(write);
  }

  storage::MessagePage read_stream(storage::StreamRead read) override {
    read.name_space = name_space_;
    return store_.read_stream(read);
  }
  storage::MessagePage read_category(storage::CategoryRead read) override {
    read.name_space = name_space_;
    return store_.read_category(read);
  }
  std::optional<storage::Message> last(const std::string& stream,
                                       const std::string& type) override {
    return store_.last(name_space_, stream, type);
  }
  std::optional<std::int64_t> version(const std::string& stream) override {
    return store_.version(name_space_, stream);
  }
  std::vector<storage::StreamFigures> streams(const std::string& prefix, const std::string& after,
                                              std::size_t limit) override {
    return store_.streams(name_space_, prefix, after, limit);
  }
  std::vector<storage::CategoryFigures> categories() override {
    return store_.categories(name_space_);
  }
  std::int64_t last_global_position() override {
    const auto figures = store_.namespace_figures(name_space_);
    if (!figures) throw no_namespace(name_space_);
    return figures->last_global_position;
  }

  std::size_t import(std::span<const storage::Message> messages) override {
    return store_.import(name_space_, messages, true);
  }
  void clear() override { store_.clear(name_space_); }

  void follow(const Followed& what, const Take& take, const Rest& rest) override {
    Following following(*this, what);
    if (!following.has_begun()) following.begin_at(end_of(what));
    bool told = false;
    while (true) {
      try {
        listen(following, take, rest, told);
      } catch (const Error& error) {
        if (!info(error.code()).retryable) throw;
        if (!std::exchange(told, true)) {
          context_.out().note(fmt::format("{}; trying again", error.message()));
        }
      }
      std::this_thread::sleep_for(kPause);
    }
  }

 private:
  // Written, repeated or wrong_version.
  WriteResult try_write(storage::MessageWrite write) {
    write.name_space = name_space_;
    const std::array writes = {write};
    const storage::MessageTime now(context_.clock().now().time_since_epoch());
    WriteResult result = store_.write(writes, now).front();
    const auto deadline = std::chrono::steady_clock::now() + kHeld;
    while (result.kind == WriteResult::Kind::busy && std::chrono::steady_clock::now() < deadline) {
      result = store_.write(writes, now).front();
    }
    switch (result.kind) {
      case WriteResult::Kind::written:
      case WriteResult::Kind::repeated:
      case WriteResult::Kind::wrong_version:
        break;
      case WriteResult::Kind::other_content:
        throw Error(ErrorCode::conflict,
                    fmt::format("message {} is there already with other content", write.id),
                    "a message is written again only as it was");
      case WriteResult::Kind::busy:
        throw Error(ErrorCode::locked,
                    fmt::format("another transaction holds the namespace '{}'", name_space_),
                    "nothing was written; try again");
      case WriteResult::Kind::unknown_namespace:
        throw no_namespace(name_space_);
    }
    return result;
  }

  // Until the store is away. Listens before it reads, so that nothing comes in between.
  void listen(Following& following, const Take& take, const Rest& rest, bool& told) {
    const auto news = backend_.message_news();
    while (true) {
      following.read_on(take);
      if (std::exchange(told, false)) context_.out().note("the store is back");
      rest();
      news->next(kWait);
    }
  }

  // The position of the next message.
  std::int64_t end_of(const Followed& what) {
    if (!what.stream.empty()) return version(what.stream).value_or(-1) + 1;
    return last_global_position() + 1;
  }

  Context& context_;
  storage::Backend& backend_;
  storage::MessageStore& store_;
  const std::string name_space_;
};

}  // namespace

std::unique_ptr<StreamSource> open_store_source(Context& context, const std::string& name_space) {
  return std::make_unique<StoreSource>(context, name_space);
}

}  // namespace logctl::cli
