// A spool with batches in it, in front of a store in memory: what a drainer needs.
#pragma once

#include "shared/ingest/accounting.h"
#include "shared/ingest/drainer.h"
#include "tests/support/batches.h"
#include "tests/support/eventually.h"
#include "tests/support/fake_store.h"
#include "tests/support/kept_letters.h"
#include "tests/support/spool_world.h"
#include "tests/support/temp_dir.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::test {

class DrainWorld : public SpoolWorld {
 public:
  DrainWorld() { open(); }
  ~DrainWorld() {
    store.release();
    drainer.reset();
  }

  // One request as the spooler writes it; returns the position behind it.
  spool::Position put(const Batch& batch) {
    encoder.clear();
    encoder.add(batch, batch.tenant);
    return put_frame(encoder.bytes(0, encoder.size()), batch);
  }
  spool::Position put(const std::vector<std::string>& ids, std::vector<Rejection> rejections = {},
                      std::string_view tenant = "default") {
    return put(make_batch(ids, std::move(rejections), tenant));
  }
  // The same with another payload.
  spool::Position put_frame(std::string_view payload, const Batch& batch) {
    const auto records = static_cast<std::uint32_t>(batch.records.size());
    if (drainer) backlog->add(batch.tenant, records);
    const std::vector<spool::FrameToWrite> frames = {{{batch.received, records}, payload}};
    return spool->append(frames);
  }

  void start() {
    drainer = std::make_unique<ingest::Drainer>(*spool, store, *backlog, letters, observer, limits);
  }
  // As a restart of the daemon.
  void restart() {
    drainer.reset();
    backlog = std::make_unique<ingest::Backlog>();
    open();
    start();
  }
  bool drained() {
    return eventually([this] { return spool->figures().bytes == 0; });
  }
  bool counted() {
    return eventually([this] { return drainer->state().counted; });
  }
  // The drainer's problem, as soon as there is one.
  std::string problem() {
    std::string found;
    eventually([&] {
      found = drainer->state().problem;
      return !found.empty();
    });
    return found;
  }
  std::vector<ingest::DeadLetter> kept() { return kept_letters(config); }
  // The store's books of this spool: `tenant what` -> count.
  std::map<std::string, std::uint64_t> books() {
    std::map<std::string, std::uint64_t> sums;
    for (const storage::Account& entry : store.accounts()) {
      if (entry.source == spool->id()) sums[entry.tenant + " " + entry.what] += entry.count;
    }
    return sums;
  }
  ingest::Accounting accounting() {
    return ingest::total(ingest::account(store.accounts(), backlog->depth()));
  }

  static config::Config quiet(const TempDir& folder) {
    config::Config config;
    config.log.level = "error";
    config.storage.data_dir = folder.path();
    return config;
  }

  TempDir folder;
  config::Config config = quiet(folder);
  config::BatchLimits limits;
  metrics::Observer observer{config};
  FakeStore store;
  ingest::DeadLetters letters{config, clock, observer};
  std::unique_ptr<ingest::Backlog> backlog = std::make_unique<ingest::Backlog>();
  ingest::SpoolEncoder encoder;
  std::unique_ptr<ingest::Drainer> drainer;  // last: uses all the others
};

}  // namespace logctl::test
