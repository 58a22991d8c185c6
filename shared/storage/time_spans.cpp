#include "shared/storage/time_spans.h"

#include <algorithm>

namespace logctl::storage {

TimeSpans tidied(TimeSpans spans) {
  std::sort(spans.begin(), spans.end(),
            [](const TimeSpan& a, const TimeSpan& b) { return a.first < b.first; });
  TimeSpans result;
  for (const TimeSpan& span : spans) {
    if (!result.empty() && span.first <= result.back().last) {
      result.back().last = std::max(result.back().last, span.last);
    } else {
      result.push_back(span);
    }
  }
  return result;
}

TimeSpans in_either(const TimeSpans& a, const TimeSpans& b) {
  TimeSpans all = a;
  all.insert(all.end(), b.begin(), b.end());
  return tidied(std::move(all));
}

TimeSpans in_both(const TimeSpans& a, const TimeSpans& b) {
  TimeSpans result;
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() && y != b.end()) {
    const Timestamp first = std::max(x->first, y->first);
    const Timestamp last = std::min(x->last, y->last);
    if (first <= last) result.push_back({first, last});
    (x->last < y->last ? x : y)++;
  }
  return result;
}

}  // namespace logctl::storage
