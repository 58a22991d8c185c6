// What the reading calls answer: records, pages and statistics as response bodies. Pure.
#pragma once

#include "service/http/response.h"
#include "shared/query/parameters.h"
#include "shared/storage/context.h"
#include "shared/storage/counting.h"
#include "shared/storage/patterns.h"
#include "shared/storage/store.h"

#include <cstdint>

namespace logctl::handlers {

// Change66's envelope {success, message, data}; every list also carries `next_cursor` beside them
// while more rows follow.
http::Response recent_answer(const query::FilterRequest& request, const storage::Page& page);
http::Response filter_answer(const query::FilterRequest& request, const storage::Page& page,
                             const storage::Total& counted);
http::Response record_answer(const LogRecord& record);
// The records in the order of time, and which of them was asked for.
http::Response context_answer(const storage::RecordContext& context);
http::Response patterns_answer(const storage::Patterns& patterns);
http::Response statistics_answer(const storage::Statistics& statistics, double average_latency_ms,
                                 double error_rate_percent);

// The Log Aggregator's envelope {success, data, meta} and record.
http::Response list_answer(const query::FilterRequest& request, const storage::Page& page);

// 400 {error, message, details:[{field, message}]}.
http::Response parameter_error_answer(const query::ParameterError& error);

}  // namespace logctl::handlers
