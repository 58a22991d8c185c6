#include "shared/storage/sqlite/functions.h"

#include "shared/base/error.h"
#include "shared/query/property.h"
#include "shared/query/property_condition.h"
#include "shared/query/text_condition.h"

#include <sqlite3.h>

#include <array>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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

void property_number(sqlite3_context* context, int count, sqlite3_value** values) {
  guarded(context, [&] {
    const query::Property found = property_of(count, values);
    if (found.kind == query::Property::Kind::number) answer(context, found.text);
  });
}

// What is compiled from arguments that are the same for every row: once for a statement.
template <typename Compiled, typename Make>
Compiled& compiled(sqlite3_context* context, int argument, std::unique_ptr<Compiled>& made,
                   Make make) {
  auto* kept = static_cast<Compiled*>(sqlite3_get_auxdata(context, argument));
  if (kept != nullptr) return *kept;
  made = make();
  return *made;
}
template <typename Compiled>
void keep(sqlite3_context* context, int argument, std::unique_ptr<Compiled> made) {
  if (!made) return;
  sqlite3_set_auxdata(context, argument, made.release(),
                      [](void* kept) { delete static_cast<Compiled*>(kept); });
}

void property_passes(sqlite3_context* context, int count, sqlite3_value** values) {
  guarded(context, [&] {
    std::unique_ptr<query::PropertyCondition> made;
    const auto& condition = compiled(context, 1, made, [&] {
      std::vector<std::string> path;
      for (int i = 3; i < count; ++i) path.emplace_back(text_of(values[i]));
      return std::make_unique<query::PropertyCondition>(
          static_cast<query::Op>(sqlite3_value_int(values[1])), text_of(values[2]),
          std::move(path));
    });
    sqlite3_result_int(context, condition.passes(text_of(values[0])) ? 1 : 0);
    keep(context, 1, std::move(made));
  });
}

template <query::Op op>
void text_passes(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  guarded(context, [&] {
    std::unique_ptr<query::TextCondition> made;
    const auto& condition = compiled(context, 1, made, [&] {
      return std::make_unique<query::TextCondition>(op, text_of(values[1]));
    });
    sqlite3_result_int(context, condition.passes(text_of(values[0])) ? 1 : 0);
    keep(context, 1, std::move(made));
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
      Function{"logctl_property_number", -1, &property_number},
      Function{"logctl_property_passes", -1, &property_passes},
      Function{"logctl_contains", 2, &text_passes<query::Op::contains>},
      Function{"logctl_matches", 2, &text_passes<query::Op::matches>},
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
