// logctl-parse-reference RECORDS BATCH: one thread of simdjson reads every field of the bodies that
// logctl-load sends, and does nothing else. What a server for them cannot beat.
#include "bench/records.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

namespace ondemand = simdjson::ondemand;

// Reads what lies below `value` and adds it up, so that no read can be left out.
std::uint64_t read(ondemand::value value) {
  switch (value.type()) {
    case ondemand::json_type::object: {
      std::uint64_t sum = 0;
      for (auto field : value.get_object()) {
        sum += std::string_view(field.unescaped_key()).size();
        sum += read(field.value());
      }
      return sum;
    }
    case ondemand::json_type::array: {
      std::uint64_t sum = 0;
      for (auto element : value.get_array()) sum += read(element.value());
      return sum;
    }
    case ondemand::json_type::string:
      return std::string_view(value.get_string()).size();
    case ondemand::json_type::number:
      return static_cast<std::uint64_t>(double(value.get_double()));
    case ondemand::json_type::boolean:
      return bool(value.get_bool()) ? 1 : 0;
    default:
      return value.is_null() ? 1 : 0;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: logctl-parse-reference RECORDS BATCH\n", stderr);
    return 2;
  }
  const std::uint64_t records = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t batch = std::max<std::uint64_t>(1, std::strtoull(argv[2], nullptr, 10));
  std::vector<simdjson::padded_string> bodies;
  for (std::uint64_t first = 0; first < records; first += batch) {
    std::string body;
    logctl::bench::append_batch(body, first, std::min(first + batch, records), {});
    bodies.emplace_back(body);
  }
  ondemand::parser parser;
  std::uint64_t bytes = 0;
  std::uint64_t sum = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (const simdjson::padded_string& body : bodies) {
    ondemand::document document = parser.iterate(body);
    sum += read(document.get_value());
    bytes += body.size();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print(
      "{{\"records\":{},\"seconds\":{:.3f},\"records_per_second\":{:.0f},"
      "\"megabytes_per_second\":{:.1f},\"sum\":{}}}\n",
      records, took.count(), static_cast<double>(records) / took.count(),
      static_cast<double>(bytes) / 1e6 / took.count(), sum);
  return 0;
}
