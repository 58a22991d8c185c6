#include "shared/storage/books.h"

#include <cstddef>
#include <string>

namespace logctl::storage {
namespace {

constexpr auto kReasons = static_cast<std::size_t>(Reason::refused_by_store) + 1;

std::array<std::string, kReasons> make_names() {
  std::array<std::string, kReasons> names;
  for (std::size_t i = 0; i < kReasons; ++i) {
    names[i] = kRejectedPrefix;
    names[i] += reason_name(static_cast<Reason>(i));
  }
  return names;
}

}  // namespace

std::string_view rejected_as(Reason reason) {
  static const std::array<std::string, kReasons> names = make_names();
  return names.at(static_cast<std::size_t>(reason));
}

void Books::add(std::string_view tenant, Outcome outcome) {
  if (last_ == nullptr || last_->first != tenant) last_ = &*records_.try_emplace(tenant).first;
  ++last_->second[static_cast<std::size_t>(outcome)];
}

void Books::add(const Count& count) { others_[{count.tenant, count.what}] += count.count; }

std::vector<Count> Books::counts() const {
  auto sums = others_;
  const auto book = [&](std::string_view tenant, std::string_view what, std::uint64_t records) {
    sums[{tenant, what}] += records;
    sums[{tenant, kReceived}] += records;
  };
  for (const auto& [tenant, ends] : records_) {
    const auto of = [&ends = ends](Outcome outcome) {
      return ends[static_cast<std::size_t>(outcome)];
    };
    book(tenant, kStored, of(Outcome::stored));
    book(tenant, kDuplicate, of(Outcome::duplicate));
    book(tenant, rejected_as(Reason::refused_by_store), of(Outcome::rejected));
  }
  std::vector<Count> counts;
  for (const auto& [key, records] : sums) {
    if (records > 0) counts.push_back({key.first, key.second, records});
  }
  return counts;
}

}  // namespace logctl::storage
