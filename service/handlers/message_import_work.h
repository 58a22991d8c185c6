// What an import does on a worker: takes the text of the body apart into lines and stores them.
//
// Memory: one line and one transaction's messages. One thread at a time; all that is lent outlives
// it.
#pragma once

#include "service/messages/hub.h"
#include "shared/base/error.h"
#include "shared/messages/transfer.h"
#include "shared/metrics/observer.h"
#include "shared/storage/message_store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace logctl::handlers {

class MessageImportWork {
 public:
  struct Settings {
    std::string name_space;
    bool skip_same = false;  // what is there with the same content is left out
    std::uint64_t max_message_bytes = 0;
    std::uint64_t max_line_bytes = 0;
  };
  MessageImportWork(storage::MessageStore& store, messages::PokeHub& hub,
                    metrics::Observer& observer, Settings settings);
  MessageImportWork(const MessageImportWork&) = delete;

  // Why an import ends before its body does.
  struct Failure {
    std::string_view code;
    std::string message;
    std::uint64_t line = 0;  // from 1: what came before it is stored
  };
  // Text that may end in the middle of a line. Nothing when all is well.
  std::optional<Failure> take(std::string_view text);
  // After the last text; `cut`: the line that has begun will not come any more.
  enum class End { whole, cut };
  std::optional<Failure> finish(End end);

  const messages::ImportedCounts& counts() const { return importer_.counts(); }
  std::uint64_t stored_lines() const { return stored_lines_; }

 private:
  std::size_t store(std::span<const storage::Message> messages);
  void take_lines(std::string_view text);
  void end_line();
  std::optional<Failure> guarded(const std::function<void()>& work);

  storage::MessageStore& store_;
  messages::PokeHub& hub_;
  metrics::Observer& observer_;
  const Settings settings_;
  messages::MessageImporter importer_;
  std::string line_;
  std::uint64_t line_number_ = 0;  // of the last one that is complete
  std::uint64_t stored_lines_ = 0;
  bool refused_ = false;  // by the store
};

}  // namespace logctl::handlers
