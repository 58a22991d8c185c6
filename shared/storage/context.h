// What stands around one record in the order of time.
#pragma once

#include "shared/query/query.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

inline constexpr std::uint32_t kMostAround = 500;  // on either side

struct ContextRequest {
  RecordKey record;
  std::uint32_t before = 10;
  std::uint32_t after = 10;
  std::vector<query::Field> same;  // others must have the record's value here, or none like it
};

// `service,host` -> fields. Nothing when one of them is no text field; `wrong` is its name then.
std::optional<std::vector<query::Field>> parse_same(std::string_view list, std::string& wrong);

struct RecordContext {
  Page before;  // the nearest first
  Page record;
  Page after;
};

// Nothing when the view does not show the record. A page that reaches kMostPageBytes ends there.
// Throws as LogStore::search.
std::optional<RecordContext> find_context(LogStore& store, const query::View& view,
                                          const ContextRequest& request);

// All of it, the oldest first.
std::vector<const LogRecord*> in_order(const RecordContext& context);

}  // namespace logctl::storage
