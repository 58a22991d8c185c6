// What earlier backups have: the partitions that a new one can refer to, and how well they packed.
//
// Read once, when made; may be asked by many threads.
#pragma once

#include "shared/backup/manifest.h"
#include "shared/backup/repository.h"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace logctl::backup {

class EarlierBackups {
 public:
  // Reads the manifests of the earlier backups of this kind of store. `full`: nothing is to be
  // referred to. `note` is told of manifests that cannot be read.
  EarlierBackups(const Repository& repository, const std::string& store, bool full,
                 const std::function<void(std::string_view)>& note);

  // What one of them has of a partition under the same stamp, with its file in place.
  const Partition* find(const std::string& name, const std::string& stamp) const;
  bool empty() const { return partitions_.empty(); }
  // What compression leaves of a byte.
  double ratio() const { return ratio_; }

 private:
  std::map<std::pair<std::string, std::string>, Partition> partitions_;  // by name and stamp
  double ratio_;
};

}  // namespace logctl::backup
