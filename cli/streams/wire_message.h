// Reads messages from the answers of a daemon. Pure but for its buffers: one thread.
#pragma once

#include "shared/storage/message_store.h"

#include <memory>
#include <string_view>

namespace logctl::cli {

class WireMessages {
 public:
  WireMessages();
  ~WireMessages();

  // [id, type, position, globalPosition, data, metadata|null, time]; the stream stays what it is.
  void read_of_stream(std::string_view json, storage::Message& message);
  // [id, stream, type, position, globalPosition, data, metadata|null, time]
  void read_of_category(std::string_view json, storage::Message& message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace logctl::cli
