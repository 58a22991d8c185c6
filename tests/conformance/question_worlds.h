// Random records and random questions about them, for comparing answers: small words, so that many
// questions find something, and every odd value that has ever made a difference.
#pragma once

#include "shared/query/query.h"
#include "tests/conformance/world.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace logctl::test {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : random_(seed) {}
  // 0 to sides - 1; the same on every platform, which distributions are not.
  std::size_t roll(std::size_t sides) { return random_() % sides; }
  bool once_in(std::size_t times) { return roll(times) == 0; }
  template <typename List>
  const auto& one_of(const List& list) {
    return list[roll(std::size(list))];
  }

 private:
  std::mt19937 random_;
};

// One record, of the tenant `default` or rarely another; its text is kept by `rows`.
void add_random_record(Dice& dice, Rows& rows);

// A question that both stores take: filters, bounds, order, limit, rarely an offset.
query::Query random_question(Dice& dice);

// For messages: everything that is in it.
std::string describe(const query::Query& query);
std::string describe(const LogRecord& record);

}  // namespace logctl::test
