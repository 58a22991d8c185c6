// What `logctl query` does besides asking the store for records. Each returns the exit status or
// throws Error.
#pragma once

#include "cli/context.h"
#include "cli/query_flags.h"
#include "shared/query/query.h"

#include <cstdint>
#include <string>
#include <vector>

namespace logctl::cli {

struct QueryOptions {
  QueryFlags flags;
  std::string sort;
  bool sort_given = false;
  std::uint64_t limit = 0;
  bool ascending = false;
  std::vector<std::string> files;
  bool explain = false;
  std::string around;
  std::uint64_t before = 10;
  std::uint64_t after = 10;
  std::string same;
  std::string url;  // of a daemon; empty: the store
};

// --file: the same question about files, without a store.
int query_files(Context& context, const QueryOptions& options, query::Query query);
// --explain: prints the question, its SQL with the values, and the store's plans.
int query_explain(Context& context, const QueryOptions& options, query::Query query);
// --around: a record with those before and after it, oldest first.
int query_around(Context& context, const QueryOptions& options);

}  // namespace logctl::cli
