// A parser with a fixed clock and short words for what went in and what came out.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/time_text.h"
#include "shared/config/config.h"
#include "shared/ingest/parser.h"
#include "shared/ingest/rules.h"
#include "tests/support/catch.h"

#include <memory>
#include <string>
#include <string_view>

namespace logctl::test {

struct ParserFixture {
  config::Config config;
  ManualClock clock{*parse_rfc3339("2026-01-15T12:00:00Z")};

  ingest::Parser parser() {
    return ingest::Parser(std::make_shared<const ingest::Rules>(config), clock);
  }
  Batch one(std::string body, ingest::Dialect dialect = ingest::Dialect::native) {
    return parser().parse_one(std::move(body), dialect, "default");
  }
  Batch many(std::string body, ingest::Dialect dialect = ingest::Dialect::native) {
    return parser().parse_many(std::move(body), dialect, "default");
  }
  Batch lines(std::string body, std::uint32_t first = 0) {
    return parser().parse_lines(std::move(body), "default", first);
  }
  // The only rejection of a body, as `field reason: message`; empty when the record was taken.
  std::string verdict(std::string body, ingest::Dialect dialect = ingest::Dialect::native) {
    const Batch batch = one(std::move(body), dialect);
    CHECK(batch.received == 1);
    CHECK(batch.records.size() + batch.rejections.size() == 1);
    if (batch.rejections.empty()) return {};
    const Rejection& r = batch.rejections[0];
    return r.field + (r.field.empty() ? "" : " ") + std::string(reason_name(r.reason)) + ": " +
           r.message;
  }
};

}  // namespace logctl::test
