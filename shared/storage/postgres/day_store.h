// The partitions of a PostgreSQL store as things; taking records out is removal.h's.
#pragma once

#include "shared/storage/days.h"
#include "shared/storage/postgres/pool.h"

#include <memory>
#include <string>

namespace logctl::storage::postgres {

class PostgresDayStore final : public DayStore {
 public:
  PostgresDayStore(std::string conninfo, std::shared_ptr<Pool> pool);

  std::vector<Day> days() override;
  DayInfo describe(Day day, Timestamp now) override;
  std::uint64_t bytes(Day day) override;
  RowsByTenant rows(Day day) override;
  std::uint64_t count(const query::Query& query) override;
  std::optional<Timestamp> newest() override;
  Piece remove(const query::Query& query, std::string_view booked_as, std::size_t most,
               std::optional<query::Cursor>& position) override;
  std::optional<std::uint64_t> drop(Day day, const Agree& agree) override;
  // A drop is one transaction: nothing is ever left over.
  std::size_t finish_drops() override { return 0; }
  std::vector<Day> uncompressed(Timestamp before) override;
  void compress(Day day) override;
  std::string stamp(Day day) override;
  std::string mark(Day day) override;
  void set_mark(Day day, const std::string& mark) override;

 private:
  const std::string conninfo_;
  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres
