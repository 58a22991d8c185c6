// Reads one message from JSON: a line of an export. Pure but for its buffers: one thread.
#pragma once

#include "shared/storage/message_store.h"

#include <memory>
#include <string>
#include <string_view>

namespace logctl::messages {

class MessageReader {
 public:
  MessageReader();
  ~MessageReader();

  // Fills `message` from a line {"id","stream","type","pos","gpos","data","meta","time"}; `meta`
  // may be null or absent. Throws Error{invalid_json} when it is not JSON, and
  // Error{validation_error} that names the field when it is no such message.
  void read(std::string_view line, storage::Message& message);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// True for 8-4-4-4-12 hex digits; puts the letters into lower case.
bool normalize_uuid(std::string& text);

}  // namespace logctl::messages
