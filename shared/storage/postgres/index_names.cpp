#include "shared/storage/postgres/index_names.h"

#include "shared/base/ids.h"
#include "shared/storage/postgres/partitions.h"

#include <algorithm>

namespace logctl::storage::postgres {

std::string index_suffix(const IndexField& field) {
  if (field.kind != IndexField::Kind::property) return field.name;
  // A property's name can be longer than a name in the database.
  std::string hash = uuid_of(field.name);
  std::erase(hash, '-');
  return "p_" + hash;
}

std::string index_name(std::chrono::sys_days day, const IndexField& field) {
  return partition_name(day) + std::string(kIndexInfix) + index_suffix(field);
}

bool names_day_index(std::string_view line) {
  constexpr std::size_t kPartitionBytes = 13;  // logs_YYYYMMDD
  for (std::size_t at = line.find(kIndexInfix); at != std::string_view::npos;
       at = line.find(kIndexInfix, at + 1)) {
    if (at >= kPartitionBytes &&
        partition_day(line.substr(at - kPartitionBytes, kPartitionBytes))) {
      return true;
    }
  }
  return false;
}

}  // namespace logctl::storage::postgres
