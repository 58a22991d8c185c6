#include "shared/ingest/import_target.h"

#include "shared/ingest/tally.h"

#include <string_view>
#include <vector>

namespace logctl::ingest {
namespace {

constexpr std::string_view kSource = "import";  // in the books

}  // namespace

storage::AppendResult StoreTarget::append(const Batch& batch) {
  std::vector<const LogRecord*> pointers;
  pointers.reserve(batch.records.size());
  for (const LogRecord& record : batch.records) pointers.push_back(&record);
  const Sums sums = settled_before(batch);
  const std::vector<storage::Count> counts = counts_of(sums);
  return store_.append(pointers, {kSource, counts});
}

storage::AppendResult NoTarget::append(const Batch& batch) {
  storage::AppendResult result;
  result.outcomes.assign(batch.records.size(), Outcome::stored);
  return result;
}

}  // namespace logctl::ingest
