// Streams of messages in meta.sqlite.
//
// Any thread may call. One connection writes, lent by a mutex; reads run beside it and beside each
// other on connections that are kept open between them. Nothing is prepared before it is needed:
// a store can be opened before it is migrated.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/message_store.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/message_reader.h"
#include "shared/storage/sqlite/message_writer.h"

#include <memory>
#include <optional>
#include <vector>

namespace logctl::storage::sqlite {

class SqliteMessageStore final : public MessageStore {
 public:
  SqliteMessageStore(const Directory& directory, Access access);

  std::vector<WriteResult> write(std::span<const MessageWrite> writes, MessageTime now) override;
  MessagePage read_stream(const StreamRead& read) override;
  MessagePage read_category(const CategoryRead& read) override;
  std::optional<Message> last(std::string_view name_space, std::string_view stream,
                              std::string_view type) override;
  std::optional<std::int64_t> version(std::string_view name_space,
                                      std::string_view stream) override;
  std::vector<Poke> pokes(std::string_view name_space, std::int64_t global_position,
                          std::size_t limit) override;
  std::vector<StreamFigures> streams(std::string_view name_space, std::string_view prefix,
                                     std::string_view after, std::size_t limit) override;
  std::vector<CategoryFigures> categories(std::string_view name_space) override;

  bool create_namespace(const Namespace& row) override;
  std::optional<std::int64_t> delete_namespace(std::string_view id) override;
  bool set_token(std::string_view id, std::string_view token_hash) override;
  std::optional<Namespace> find_namespace(std::string_view id) override;
  std::optional<NamespaceFigures> namespace_figures(std::string_view id) override;
  std::vector<NamespaceFigures> namespaces() override;

  std::size_t import(std::string_view name_space, std::span<const Message> messages,
                     bool skip_same) override;
  std::int64_t clear(std::string_view name_space) override;
  MessageAudit verify(std::string_view name_space, const Progress& at) override;

  // A listener with a connection of its own.
  std::unique_ptr<MessageNews> news() const;

 private:
  template <typename Use>
  auto reading(const Use& use);
  MessageWriter& writer() REQUIRES_LOCK(writing_);
  // What was left, one transaction after the other, for a bounded time.
  void sweep();
  // One of them; whether there is more to do.
  bool sweep_some(microseconds time) REQUIRES_LOCK(writing_);

  const Directory directory_;
  Mutex writing_;
  Connection connection_ GUARDED_BY(writing_);
  std::unique_ptr<MessageWriter> writer_ GUARDED_BY(writing_);
  // Whether removed namespaces may have left something.
  bool swept_ GUARDED_BY(writing_) = false;
  bool sweeping_ GUARDED_BY(writing_) = false;  // sweep() is at it
  Mutex mutex_;
  std::vector<std::unique_ptr<MessageReader>> idle_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
