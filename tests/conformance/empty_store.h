// An empty store of the backend under test, which goes away with its owner. Each backend's test
// executable links its own implementation beside the one list of promises.
#pragma once

#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/storage/backend.h"

#include <memory>
#include <string>

namespace logctl::test {

class EmptyStore {
 public:
  EmptyStore();
  ~EmptyStore();

  // One instance of the store, as a process of its own would open it. Nothing is migrated.
  storage::Backend open(const config::Config& config, const Clock& clock);
  // Runs a statement about `logs` wherever there are records, past the interfaces.
  void execute(const std::string& sql);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logctl::test
