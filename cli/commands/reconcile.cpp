#include "cli/commands/reconcile.h"

#include "cli/commands/spool_actions.h"
#include "shared/base/error.h"
#include "shared/ingest/accounting.h"
#include "shared/storage/books.h"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <set>

namespace logctl::cli {
namespace {

constexpr int kAttempts = 10;

std::string difference_text(std::string_view left, std::uint64_t a, std::string_view right,
                            std::uint64_t b) {
  return a > b ? fmt::format("{} more {} than {}", a - b, left, right)
               : fmt::format("{} more {} than {}", b - a, right, left);
}

Finding check_tenant(const std::string& tenant, const ingest::Accounting& sums,
                     std::uint64_t rows) {
  Finding finding;
  finding.check = fmt::format("accounting of '{}'", tenant);
  finding.detail =
      fmt::format("received {} = stored {} + duplicate {} + rejected {}; {} rows", sums.received,
                  sums.stored, sums.duplicate, sums.rejected_total(), rows);
  if (sums.difference() != 0) {
    finding.state = Finding::State::failed;
    finding.detail += fmt::format("; the books do not close by {}", sums.difference());
  }
  if (rows != sums.stored) {
    finding.state = Finding::State::failed;
    finding.detail += "; " + difference_text("rows", rows, "records booked as stored", sums.stored);
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

Finding check_spool(const SpoolCount& spool, const storage::Audit& audit) {
  const std::uint64_t in_books = booked(audit, spool.id);
  Finding finding;
  finding.check = "spool against the books";
  finding.detail = fmt::format("written {} = in the books {} + waiting {}", spool.written, in_books,
                               spool.waiting);
  if (spool.written != in_books + spool.waiting) {
    finding.state = Finding::State::failed;
    finding.detail += "; " + difference_text("written records", spool.written, "in books and spool",
                                             in_books + spool.waiting);
  }
  if (spool.released > spool.position) {
    finding.state = Finding::State::failed;
    finding.detail += fmt::format(
        "; the store has the spool up to {}, but had confirmed up to {}: it was set back, or is "
        "another one",
        spool.position, spool.released);
  }
  return finding;
}

}  // namespace

std::vector<Finding> reconcile(Context& context) {
  storage::LogStore& store = *context.migrated_backend().logs;
  spool::Position confirmed = 0;  // before the audit
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const storage::Audit audit = store.audit();
    const std::optional<SpoolCount> spool = count_spool(context, audit.positions);
    // The spool moved on between the two looks; unless the store has less than it had before.
    if (spool && spool->released > spool->position && spool->position >= confirmed) {
      confirmed = spool->released;
      continue;
    }
    std::vector<Finding> findings = check_tenants(audit);
    findings.push_back(spool ? check_spool(*spool, audit)
                             : Finding{"spool", Finding::State::ok, "none"});
    return findings;
  }
  throw Error(ErrorCode::unavailable,
              "the spool moved on during every attempt to compare it with the store",
              "try again when less is coming in");
}

}  // namespace logctl::cli
