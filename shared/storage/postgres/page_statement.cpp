#include "shared/storage/postgres/page_statement.h"

#include "shared/storage/page_limit.h"

#include <algorithm>
#include <cstdint>

namespace logctl::storage::postgres {
namespace {

// Of more rows, the size of each one's texts is looked at for longer than the window takes to plan.
constexpr std::uint32_t kMostLightRows = 128;
constexpr std::size_t kTexts = 3;

}  // namespace

PageStatement page_statement(const query::Query& query, std::size_t usual) {
  const std::size_t most_text = kMostPageBytes / (kTexts * std::max<std::size_t>(query.limit, 1));
  if (query.limit > kMostLightRows || usual > most_text / 4) return bounded_page_statement(query);
  return {query::select_light_page(query, most_text), true};
}

PageStatement bounded_page_statement(const query::Query& query) {
  return {query::select_page(query, kMostPageBytes), false};
}

}  // namespace logctl::storage::postgres
