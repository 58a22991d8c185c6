// Streams of messages in PostgreSQL: writes over connections of their own, reads over the pool.
// Thread-safe.
//
// What is left of removed namespaces is deleted by whoever removes one, and else beside writes.
#pragma once

#include "shared/storage/message_store.h"
#include "shared/storage/postgres/message_reads.h"
#include "shared/storage/postgres/message_writer.h"
#include "shared/storage/postgres/pool.h"

#include <atomic>
#include <memory>
#include <string>

namespace logctl::storage::postgres {

class PostgresMessageStore final : public MessageStore {
 public:
  PostgresMessageStore(std::shared_ptr<Pool> pool, const MessageWriter::Settings& settings);

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

 private:
  std::vector<NamespaceFigures> figures(const std::string& condition,
                                        const std::vector<Value>& values);
  // Deletes what was left, one transaction after the other, for a bounded time.
  void sweep();

  const std::shared_ptr<Pool> pool_;
  const std::string conninfo_;
  MessageReads reads_;
  MessageWriter writer_;
  // Whether removed namespaces may have left something.
  std::atomic<bool> swept_ = false;
};

}  // namespace logctl::storage::postgres
