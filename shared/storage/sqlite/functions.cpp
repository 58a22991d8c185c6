#include "shared/storage/sqlite/functions.h"

#include "shared/base/error.h"
#include "shared/query/number.h"
#include "shared/query/property.h"
#include "shared/query/regex.h"

#include <sqlite3.h>

#include <array>
#include <compare>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void answer(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// No exception may pass through SQLite.
template <typename Work>
void guarded(sqlite3_context* context, Work work) {
  try {
    work();
  } catch (const std::exception& failed) {
    sqlite3_result_error(context, failed.what(), -1);
  }
}

query::Property property_of(int count, sqlite3_value** values) {
  thread_local std::vector<std::string> path;
  path.resize(static_cast<std::size_t>(count > 0 ? count - 1 : 0));
  for (std::size_t i = 0; i < path.size(); ++i) path[i] = text_of(values[i + 1]);
  return count > 0 ? query::find_property(text_of(values[0]), path) : query::Property{};
}

void property(sqlite3_context* context, int count, sqlite3_value** values) {
  guarded(context, [&] {
    using Kind = query::Property::Kind;
    const query::Property found = property_of(count, values);
    if (found.kind != Kind::absent && found.kind != Kind::container) answer(context, found.text);
  });
}

void property_kind(sqlite3_context* context, int count, sqlite3_value** values) {
  guarded(context, [&] {
    constexpr std::array<std::string_view, 5> kNames = {"", "text", "number", "boolean",
                                                        "container"};
    const auto kind = static_cast<std::size_t>(property_of(count, values).kind);
    if (kind > 0) answer(context, kNames.at(kind));
  });
}

void number_order(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  guarded(context, [&] {
    const auto order = query::compare_numbers(text_of(values[0]), text_of(values[1]));
    sqlite3_result_int(context, std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0);
  });
}

// The pattern is the same for every row: compiled once for a statement.
void matches(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  guarded(context, [&] {
    auto* regex = static_cast<query::Regex*>(sqlite3_get_auxdata(context, 1));
    if (regex != nullptr) {
      sqlite3_result_int(context, regex->found_in(text_of(values[0])) ? 1 : 0);
      return;
    }
    auto made = std::make_unique<query::Regex>(text_of(values[1]));
    sqlite3_result_int(context, made->found_in(text_of(values[0])) ? 1 : 0);
    sqlite3_set_auxdata(context, 1, made.release(),
                        [](void* kept) { delete static_cast<query::Regex*>(kept); });
  });
}

}  // namespace

int register_functions(sqlite3* db) {
  struct Function {
    const char* name;
    int arguments;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
  };
  constexpr std::array kFunctions = {
      Function{"logctl_property", -1, &property},
      Function{"logctl_property_kind", -1, &property_kind},
      Function{"logctl_number_order", 2, &number_order},
      Function{"logctl_matches", 2, &matches},
  };
  for (const Function& function : kFunctions) {
    const int result =
        sqlite3_create_function_v2(db, function.name, function.arguments,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                                   function.call, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return result;
  }
  return SQLITE_OK;
}

}  // namespace logctl::storage::sqlite
