#include "cli/commands/reconcile.h"

#include "cli/commands/spool_actions.h"
#include "shared/base/error.h"
#include "shared/ingest/accounting.h"
#include "shared/storage/books.h"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>

namespace logctl::cli {
namespace {

// Each fails only when a whole segment is drained within milliseconds.
constexpr int kAttempts = 20;

std::string difference_text(std::string_view left, std::uint64_t a, std::string_view right,
                            std::uint64_t b) {
  return a > b ? fmt::format("{} more {} than {}", a - b, left, right)
               : fmt::format("{} more {} than {}", b - a, right, left);
}

Finding check_tenant(const std::string& tenant, const ingest::Accounting& sums,
                     std::uint64_t rows) {
  Finding finding;
  finding.check = fmt::format("accounting of '{}'", tenant);
  const std::uint64_t deleted = sums.deleted_total();
  finding.detail =
      fmt::format("received {} = stored {} + duplicate {} + rejected {}; {} rows", sums.received,
                  sums.stored, sums.duplicate, sums.rejected_total(), rows);
  if (deleted > 0) finding.detail += fmt::format(", {} deleted", deleted);
  if (sums.difference() != 0) {
    finding.state = Finding::State::failed;
    finding.detail += fmt::format("; the books do not close by {}", sums.difference());
  }
  if (rows + deleted != sums.stored) {
    finding.state = Finding::State::failed;
    finding.detail +=
        "; " + difference_text(deleted > 0 ? "rows and deleted records" : "rows", rows + deleted,
                               "records booked as stored", sums.stored);
  }
  return finding;
}

std::vector<Finding> check_tenants(const storage::Audit& audit) {
  const ingest::AccountingByTenant books = ingest::account(audit.accounts, {});
  std::set<std::string> tenants;
  for (const auto& [tenant, sums] : books) tenants.insert(tenant);
  for (const auto& [tenant, rows] : audit.rows) tenants.insert(tenant);
  std::vector<Finding> findings;
  for (const std::string& tenant : tenants) {
    const auto sums = books.find(tenant);
    const auto rows = audit.rows.find(tenant);
    findings.push_back(check_tenant(tenant,
                                    sums == books.end() ? ingest::Accounting() : sums->second,
                                    rows == audit.rows.end() ? 0 : rows->second));
  }
  if (findings.empty()) findings.push_back({"accounting", Finding::State::ok, "no records yet"});
  return findings;
}

std::uint64_t booked(const storage::Audit& audit, const std::string& source) {
  std::uint64_t received = 0;
  for (const storage::Account& account : audit.accounts) {
    if (account.source == source && account.what == storage::kReceived) received += account.count;
  }
  return received;
}

Finding check_spool(const SpoolCount& spool, bool set_back, const storage::Audit& audit) {
  const std::uint64_t in_books = booked(audit, spool.source);
  // Of a store that was set back, what it had confirmed is not sent again.
  const std::uint64_t waiting = set_back ? spool.behind_released : spool.behind_position;
  Finding finding;
  finding.check = "spool against the books";
  finding.detail =
      fmt::format("written {} = in the books {} + waiting {}", spool.written, in_books, waiting);
  if (spool.written != in_books + waiting) {
    finding.state = Finding::State::failed;
    finding.detail += "; " + difference_text("written records", spool.written, "in books and spool",
                                             in_books + waiting);
  }
  if (set_back) {
    finding.state = Finding::State::failed;
    finding.detail += fmt::format(
        "; the store has the spool up to {}, but had confirmed up to {}: it was set back, or is "
        "another one",
        spool.position, spool.released);
  }
  return finding;
}

// What the spool held at the moment of an audit, or soon after: frames behind the audit's position
// are on disk until the store has them, and then for as long as their segment is.
struct SpoolCut {
  std::optional<SpoolCount> count;
  bool set_back = false;

  // True when it can be compared with that audit.
  bool take(Context& context, storage::LogStore& store, const storage::Audit& audit) {
    count = count_spool(context, audit.positions);
    if (!count) return true;
    // Either it has moved on since, or it never was where the spool was told.
    set_back = count->released > count->position && store.position(count->source) < count->released;
    return set_back || !count->missed;
  }
};

}  // namespace

std::vector<Finding> reconcile(Context& context) {
  storage::LogStore& store = *context.existing_backend().logs;
  for (int attempt = 1; attempt <= kAttempts; ++attempt) {
    SpoolCut cut;
    bool moved_on = false;
    storage::Audit audit;
    try {
      audit = store.audit([&](const storage::Audit& books) {
        moved_on = !cut.take(context, store, books);
        // Before the rows are counted in vain.
        if (moved_on) throw Error(ErrorCode::conflict, "the spool moved on");
      });
    } catch (const Error&) {
      if (!moved_on) throw;
      continue;
    }
    std::vector<Finding> findings = check_tenants(audit);
    if (cut.count) findings.push_back(check_spool(*cut.count, cut.set_back, audit));
    return findings;
  }
  throw Error(ErrorCode::unavailable,
              "the spool moved on during every attempt to compare it with the store",
              "try again when less is coming in, or with a larger spool.segment_bytes");
}

}  // namespace logctl::cli
