// How long records are kept, and what was deleted by a query: as the store remembers it.
//
// Threads and errors as storage/store.h.
#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

struct RetentionRule {
  std::string tenant;  // empty: every tenant
  std::string match;   // text of a query (query/syntax.h); empty: what no other rule matches
  microseconds age{};
  Timestamp set_at{};
};

// A deletion by a query, for the audit.
struct Deletion {
  std::string id;
  std::string tenant;
  std::string query;   // text with exact times
  std::string ran_by;  // person and machine
  Timestamp started_at{};
  std::optional<Timestamp> finished_at;  // nothing: it runs, or was cut off
  std::uint64_t planned = 0;             // rows
  std::uint64_t deleted = 0;
};

class RetentionStore {
 public:
  virtual ~RetentionStore() = default;

  // By tenant and match.
  virtual std::vector<RetentionRule> rules() = 0;
  // Adds it or replaces the one with the same tenant and match.
  virtual void set(const RetentionRule& rule) = 0;
  // False when there is no such rule.
  virtual bool remove(std::string_view tenant, std::string_view match) = 0;

  // The newest first.
  virtual std::vector<Deletion> deletions() = 0;
  // Adds it or replaces the one with the same id.
  virtual void save(const Deletion& deletion) = 0;
};

}  // namespace logctl::storage
