#include "cli/file_store.h"

#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/migrations/runner.h"
#include "shared/query/match.h"

#include <fmt/format.h>

#include <filesystem>
#include <unistd.h>

namespace logctl::cli {
namespace {

// Of one user: nobody else may put a folder there.
std::filesystem::path parent_folder() {
  const std::filesystem::path parent =
      std::filesystem::temp_directory_path() / fmt::format("logctl-files-{}", ::geteuid());
  real_file_system().make_directories(parent, 0700);
  return parent;
}

storage::Backend open_store(const config::Config& config, const std::filesystem::path& folder,
                            const Clock& clock) {
  config::Config settings = config;
  settings.database = config::Database{};
  settings.database.statement_timeout = microseconds(0);
  settings.storage.data_dir = folder;
  storage::Backend backend = storage::open_backend(settings, clock);
  migrations::up(*backend.schema, std::nullopt, microseconds(0), clock);
  return backend;
}

}  // namespace

FileStore::FileStore(Context& context, const std::vector<std::string>& files,
                     const query::Query& matching)
    : context_(context),
      folder_(parent_folder()),
      backend_(open_store(*context.config(), folder_.path(), context.clock())) {
  const query::Matcher matcher(matching);
  std::vector<const LogRecord*> kept;
  bad_ = read_file_records(
      context, files, matching.tenant, [&](const std::vector<LogRecord>& records) {
        kept.clear();
        for (const LogRecord& record : records) {
          if (matcher.matches(record)) kept.push_back(&record);
        }
        if (kept.empty()) return;
        const auto stored = backend_.logs->append(kept, {"file"});
        if (stored.failure.empty()) return;
        throw Error(ErrorCode::io, stored.failure, "TMPDIR names a directory with more room");
      });
}

}  // namespace logctl::cli
