// Promise 2 as numbers: what came in and where it is, by tenant and overall.
//
// received = stored + duplicate + rejected + spooled. The store's books (committed with the rows)
// say all of it but what still lies in the spool. Of what was stored, `deleted` is no longer there:
// rows = stored - deleted.
#pragma once

#include "shared/ingest/backlog.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace logctl::ingest {

struct Accounting {
  std::uint64_t received = 0;
  std::uint64_t stored = 0;
  std::uint64_t duplicate = 0;
  std::map<std::string, std::uint64_t> rejected;  // by reason
  std::uint64_t spooled = 0;
  std::map<std::string, std::uint64_t> deleted;  // retention, query

  std::uint64_t rejected_total() const;
  std::uint64_t deleted_total() const;
  // What is missing from `received`; 0 when the law holds.
  std::int64_t difference() const;
  Accounting& operator+=(const Accounting& other);
};

using AccountingByTenant = std::map<std::string, Accounting, std::less<>>;

AccountingByTenant account(std::span<const storage::Account> books, const Backlog::Depth& spooled);
Accounting total(const AccountingByTenant& tenants);

}  // namespace logctl::ingest
