// libFuzzer target: any bytes as the body of POST /rpc. They are read or refused; what was read
// holds objects that read again as they are. Built with clang and -DLOGCTL_FUZZ=ON.
#include "shared/base/error.h"
#include "shared/ingest/json_object.h"
#include "shared/messages/rpc_call.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace logctl;
using namespace logctl::messages;

namespace {

constexpr const char* kNames[] = {"type",     "data",          "metadata", "id",
                                  "position", "consumerGroup", ""};

void check(RpcReader& reader, const RpcValue& value, int depth) {
  if (value.kind != RpcValue::Kind::object) return;
  // What was checked once is its own shortest form.
  std::string again;
  ingest::append_object(again, value.text, "again");
  if (again != value.text) std::abort();
  if (depth == 3) return;
  const RpcObject fields = reader.fields(value);
  for (const char* name : kNames) check(reader, RpcValue(fields.at(name)), depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static RpcReader reader;
  std::string body(reinterpret_cast<const char*>(data), size);
  RpcCall call;
  try {
    call = reader.read(body);
  } catch (const Error&) {
    return 0;  // refused, which is an answer
  }
  for (const RpcValue& argument : call.arguments) check(reader, argument, 0);
  return 0;
}
