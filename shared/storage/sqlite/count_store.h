// Counts over all day files, each from its roll-ups where they can tell.
#pragma once

#include "shared/config/config.h"
#include "shared/storage/counting.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/readers.h"
#include "shared/storage/write_load.h"

#include <functional>
#include <memory>

namespace logctl::storage::sqlite {

class SqliteCountStore final : public CountStore {
 public:
  SqliteCountStore(const Directory& directory, const config::Config& config,
                   std::shared_ptr<const WriteLoad> writers);

  std::vector<query::Group> groups(const query::Grouping& question) override;
  query::Values values(const query::ValuesQuestion& question) override;
  query::Facets facets(const query::FacetsQuestion& question) override;
  query::Stats stats(const query::StatsQuestion& question) override;
  Total total(const query::Query& query, std::uint64_t most) override;

 private:
  // Every day that can hold rows, newest first, until `work` says that it is enough. Gets out of
  // the way of writers between two days.
  void each_day(const query::Query& query, const std::function<bool(Connection&, Day)>& work);

  const Directory directory_;
  const microseconds query_timeout_;
  const std::shared_ptr<const WriteLoad> write_load_;
  Readers readers_;
};

// The groups of one day, by `visit`ing its statements' rows: a bucket comes first when the question
// has a step. Reads one moment of the file.
void count_day(Connection& connection, Day day, const query::Grouping& question, GroupSums& sums);

}  // namespace logctl::storage::sqlite
