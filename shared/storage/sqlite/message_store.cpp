#include "shared/storage/sqlite/message_store.h"

#include "shared/storage/message_import.h"
#include "shared/storage/message_names.h"
#include "shared/storage/sqlite/message_news.h"
#include "shared/storage/sqlite/message_spaces.h"
#include "shared/storage/sqlite/meta.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

constexpr std::size_t kMostIdleReaders = 16;

// Who deletes or clears waits for so long; what is left then, writers delete on the way.
constexpr seconds kSweepTime(5);
constexpr milliseconds kSweepStep(5);
constexpr milliseconds kSweepStepBesideWrites(2);

}  // namespace

SqliteMessageStore::SqliteMessageStore(const Directory& directory, Access access)
    : directory_(directory), connection_(open_meta(directory, access)) {
  // Indexes are written to all over the place: a longer log moves each of their pages less often.
  connection_.execute("PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000");
}

// Lends a reader to `use`. One that failed is closed.
template <typename Use>
auto SqliteMessageStore::reading(const Use& use) {
  std::unique_ptr<MessageReader> reader;
  {
    const Lock lock(mutex_);
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!reader) reader = std::make_unique<MessageReader>(open_meta(directory_, Access::read_only));
  auto answer = use(*reader);
  const Lock lock(mutex_);
  if (idle_.size() < kMostIdleReaders) idle_.push_back(std::move(reader));
  return answer;
}

MessageWriter& SqliteMessageStore::writer() {
  if (!writer_) writer_ = std::make_unique<MessageWriter>(connection_);
  return *writer_;
}

std::vector<WriteResult> SqliteMessageStore::write(std::span<const MessageWrite> writes,
                                                   MessageTime now) {
  require_names(writes);
  const Lock lock(writing_);
  std::vector<WriteResult> results = writer().write(writes, now);
  if (!sweeping_) static_cast<void>(sweep_some(kSweepStepBesideWrites));
  return results;
}

MessagePage SqliteMessageStore::read_stream(const StreamRead& read) {
  return reading([&](MessageReader& reader) { return reader.read_stream(read); });
}

MessagePage SqliteMessageStore::read_category(const CategoryRead& read) {
  return reading([&](MessageReader& reader) { return reader.read_category(read); });
}

std::optional<Message> SqliteMessageStore::last(std::string_view name_space,
                                                std::string_view stream, std::string_view type) {
  return reading([&](MessageReader& reader) { return reader.last(name_space, stream, type); });
}

std::optional<std::int64_t> SqliteMessageStore::version(std::string_view name_space,
                                                        std::string_view stream) {
  return reading([&](MessageReader& reader) { return reader.version(name_space, stream); });
}

std::vector<Poke> SqliteMessageStore::pokes(std::string_view name_space,
                                            std::int64_t global_position, std::size_t limit) {
  return reading(
      [&](MessageReader& reader) { return reader.pokes(name_space, global_position, limit); });
}

std::vector<StreamFigures> SqliteMessageStore::streams(std::string_view name_space,
                                                       std::string_view prefix,
                                                       std::string_view after, std::size_t limit) {
  return reading(
      [&](MessageReader& reader) { return reader.streams(name_space, prefix, after, limit); });
}

std::vector<CategoryFigures> SqliteMessageStore::categories(std::string_view name_space) {
  return reading([&](MessageReader& reader) { return reader.categories(name_space); });
}

bool SqliteMessageStore::create_namespace(const Namespace& row) {
  const Lock lock(writing_);
  return sqlite::create_namespace(connection_, row);
}

std::optional<std::int64_t> SqliteMessageStore::delete_namespace(std::string_view id) {
  std::optional<std::int64_t> messages;
  {
    const Lock lock(writing_);
    messages = remove_namespace(connection_, id);
    if (!messages) return std::nullopt;
    swept_ = false;
  }
  sweep();
  return messages;
}

bool SqliteMessageStore::set_token(std::string_view id, std::string_view token_hash) {
  const Lock lock(writing_);
  return set_namespace_token(connection_, id, token_hash);
}

std::optional<Namespace> SqliteMessageStore::find_namespace(std::string_view id) {
  return namespace_figures(id);
}

std::optional<NamespaceFigures> SqliteMessageStore::namespace_figures(std::string_view id) {
  return reading([&](MessageReader& reader) { return reader.namespace_figures(id); });
}

std::vector<NamespaceFigures> SqliteMessageStore::namespaces() {
  return reading([](MessageReader& reader) { return reader.namespaces(); });
}

std::size_t SqliteMessageStore::import(std::string_view name_space,
                                       std::span<const Message> messages, bool skip_same) {
  require_names(messages);
  const Lock lock(writing_);
  return writer().import(name_space, messages, skip_same);
}

std::int64_t SqliteMessageStore::clear(std::string_view name_space) {
  std::optional<std::int64_t> messages;
  {
    const Lock lock(writing_);
    messages = empty_namespace(connection_, name_space);
    if (!messages) throw no_such_namespace(name_space);
    swept_ = false;
  }
  sweep();
  return *messages;
}

MessageAudit SqliteMessageStore::verify(std::string_view name_space, const Progress& at) {
  return reading([&](MessageReader& reader) { return reader.verify(name_space, at); });
}

std::unique_ptr<MessageNews> SqliteMessageStore::news() const {
  return std::make_unique<SqliteMessageNews>(open_meta(directory_, Access::read_only));
}

bool SqliteMessageStore::sweep_some(microseconds time) {
  if (swept_) return false;
  try {
    swept_ = !sweep_messages(connection_, time);
  } catch (const Error&) {  // what was asked for is done: the next write goes on with the rest
    return false;
  }
  return !swept_;
}

void SqliteMessageStore::sweep() {
  using SteadyClock = std::chrono::steady_clock;
  const auto until = SteadyClock::now() + kSweepTime;
  {
    const Lock lock(writing_);
    if (sweeping_) return;  // another thread sees to it
    sweeping_ = true;
  }
  while (true) {
    SteadyClock::duration took{};
    {
      const Lock lock(writing_);
      const auto began = SteadyClock::now();
      sweeping_ = began < until && sweep_some(kSweepStep);
      if (!sweeping_) return;
      took = SteadyClock::now() - began;
    }
    // A mutex is not fair: without a rest, writers here and elsewhere would never get in.
    std::this_thread::sleep_for(took);
  }
}

}  // namespace logctl::storage::sqlite
