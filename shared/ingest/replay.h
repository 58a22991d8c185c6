// Dead letters on their way into the store, after what was wrong was put right: the rules, the
// store, or the letters themselves.
//
// A letter is read by today's rules in its own dialect, for its tenant. Doing it twice stores
// nothing twice: a record that came without an event id gets one from the letter's id, and one
// without a time has the time at which it came in. One thread.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/ingest/dead_letter.h"
#include "shared/ingest/rules.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace logctl::ingest {

// What became of one letter.
struct Replayed {
  std::uint32_t stored = 0;      // records: a letter that is a whole body may hold several
  std::uint32_t duplicates = 0;  // records that the store had already
  // Why the letter cannot leave yet; nothing: all of it is in the store.
  std::optional<Rejection> refusal;
};

struct ReplayResult {
  std::vector<Replayed> letters;  // in order; fewer than given when the store failed
  std::optional<Error> failure;   // then, why
};

// Returns when everything that it calls stored or duplicate is durable. `store` null only reads the
// letters: `stored` then counts what would have been given to the store.
ReplayResult replay(std::span<const DeadLetter> letters, storage::LogStore* store,
                    std::shared_ptr<const Rules> rules, const Clock& clock);

}  // namespace logctl::ingest
