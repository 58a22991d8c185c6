// Reads calls of POST /rpc: a JSON array of a method's name and its arguments.
//
// Pure but for its buffers: one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::messages {

struct RpcValue {
  enum class Kind { absent, null, boolean, number, text, object, array };
  Kind kind = Kind::absent;
  // Of a text; of an object its JSON, checked and without white space; of a number how it was sent.
  std::string text;
  std::optional<std::int64_t> whole;  // of a number without a fraction

  // What people call it: "a text", "null".
  std::string_view described() const;
  // Not sent, or null.
  bool empty() const { return kind == Kind::absent || kind == Kind::null; }
};

// The fields of an object; of equal names the last one counts.
class RpcObject {
 public:
  explicit RpcObject(std::vector<std::pair<std::string, RpcValue>> fields = {})
      : fields_(std::move(fields)) {}
  // An absent value when there is no such field.
  const RpcValue& at(std::string_view name) const;
  // The same, taken out.
  RpcValue take(std::string_view name);

 private:
  std::vector<std::pair<std::string, RpcValue>> fields_;
};

struct RpcCall {
  std::string method;
  std::vector<RpcValue> arguments;
  // An absent value behind the last.
  const RpcValue& argument(std::size_t index) const;
};

class RpcReader {
 public:
  RpcReader();
  ~RpcReader();
  RpcReader(const RpcReader&) = delete;

  // `body` may get spare capacity. Throws Error{invalid_json} when it is not JSON,
  // Error{validation_error} when it is no call or holds what no store takes.
  RpcCall read(std::string& body);
  // The fields of a value of kind `object`.
  RpcObject fields(const RpcValue& object);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace logctl::messages
