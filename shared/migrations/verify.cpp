#include "shared/migrations/verify.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::migrations {
namespace {

Finding check(const StatusRow& row, const Step* step) {
  Finding finding;
  finding.subject = fmt::format("step {} '{}'", row.version, row.name);
  switch (row.state) {
    case State::applied:
    case State::pending:
      finding.state = Finding::State::ok;
      if (row.applied && row.applied->sha256.empty()) {
        finding.detail = "applied before its text was recorded";
      }
      break;
    case State::half_done:
      finding.state = Finding::State::half_done;
      finding.detail = describe(*row.begun, std::span(step, 1));
      break;
    case State::unknown:
      finding.state = Finding::State::unknown;
      finding.detail = "this binary has no such step";
      break;
    case State::changed:
      finding.state = Finding::State::changed;
      finding.detail =
          fmt::format("recorded sha-256 {}, this binary's is {}",
                      row.applied ? row.applied->sha256 : row.begun->sha256, step->sha256);
      break;
  }
  return finding;
}

}  // namespace

std::string_view name_of(Finding::State state) {
  switch (state) {
    case Finding::State::ok:
      return "ok";
    case Finding::State::changed:
      return "changed";
    case Finding::State::unknown:
      return "unknown";
    case Finding::State::half_done:
      return "half-done";
    case Finding::State::missing:
      return "missing";
    case Finding::State::different:
      return "different";
  }
  return "unknown";
}

std::vector<storage::SchemaObject> expected_objects(storage::SchemaStore& store,
                                                    std::span<const Step> steps,
                                                    std::size_t count) {
  std::vector<std::string_view> texts;
  for (const Step& step : steps.first(std::min(count, steps.size()))) texts.push_back(step.up);
  if (texts.empty()) return {};
  return store.objects_of(texts);
}

std::vector<Finding> compare(std::span<const storage::SchemaObject> expected,
                             std::span<const storage::SchemaObject> found) {
  std::vector<Finding> findings;
  for (const storage::SchemaObject& object : expected) {
    const auto same = std::find_if(found.begin(), found.end(), [&](const auto& other) {
      return other.kind == object.kind && other.name == object.name;
    });
    if (same != found.end() && same->definition == object.definition) continue;
    Finding& finding = findings.emplace_back();
    finding.subject = fmt::format("{} {}", object.kind, object.name);
    if (same == found.end()) {
      finding.state = Finding::State::missing;
      finding.detail = fmt::format("expected `{}`", object.definition);
    } else {
      finding.state = Finding::State::different;
      finding.detail =
          fmt::format("expected `{}`, found `{}`", object.definition, same->definition);
    }
  }
  return findings;
}

std::vector<Finding> verify(storage::SchemaStore& store, std::span<const Step> steps) {
  const Status now = status(store, steps);
  std::vector<Finding> findings;
  std::size_t applied = 0;
  for (const StatusRow& row : now.rows) {
    if (row.state == State::pending) continue;
    const auto step = std::find_if(steps.begin(), steps.end(),
                                   [&](const Step& one) { return one.version == row.version; });
    findings.push_back(check(row, step == steps.end() ? nullptr : &*step));
    if (row.applied && step != steps.end()) applied = static_cast<std::size_t>(row.version);
  }
  // Half of a step's objects may be there, or the old and the new ones.
  if (now.half_done) return findings;
  const std::vector<storage::SchemaObject> found = store.objects();
  for (Finding& finding : compare(expected_objects(store, steps, applied), found)) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace logctl::migrations
