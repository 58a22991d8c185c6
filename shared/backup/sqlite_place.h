// The embedded store as a place for backups: meta.sqlite and one file per day.
//
// Saving copies each file in a read transaction of its own, so appending goes on. meta.sqlite comes
// first: its ledger of imports then never claims more than the copied days hold.
#pragma once

#include "shared/backup/place.h"
#include "shared/storage/sqlite/directory.h"

namespace logctl::backup {

class SqlitePlace final : public Place {
 public:
  explicit SqlitePlace(const std::filesystem::path& directory) : directory_(directory) {}
  ~SqlitePlace() override;
  SqlitePlace(const SqlitePlace&) = delete;
  SqlitePlace& operator=(const SqlitePlace&) = delete;

  std::string kind() const override { return "sqlite"; }
  std::string name() const override {
    const std::filesystem::path root = std::filesystem::absolute(directory_.root());
    // A path that ends with a slash has no last name.
    return (root.has_filename() ? root : root.parent_path()).filename().string();
  }
  std::string shown() const override { return directory_.root().string(); }

  std::vector<PlannedDay> plan(const EarlierBackups& earlier, Timestamp now) override;
  void save(const Workshop& workshop, Manifest& manifest) override;
  std::string occupied(const Manifest& manifest) override;
  std::string aside(const Manifest& manifest) override;
  std::string require_ready(const Manifest& manifest, bool replaces) override;
  DiskNeed disk_need(const Manifest& manifest, const LoadSettings& settings) const override;
  std::string set_aside(const Manifest& manifest) override;
  void load(const Repository& repository, const Manifest& manifest,
            const LoadSettings& settings) override;
  std::vector<Difference> compare(const Manifest& manifest, std::size_t jobs) override;
  std::uint64_t cut_off(Timestamp until) override;
  storage::Backend open(const config::Config& config, const Clock& clock) override;
  std::unique_ptr<Place> scratch(const std::filesystem::path& folder) override;

 private:
  void save_meta(const Workshop& workshop, Manifest& manifest) const;
  Partition save_day(const Workshop& workshop, storage::sqlite::Day day) const;
  std::filesystem::path file_of(const Manifest& manifest, const FileEntry& file) const;

  storage::sqlite::Directory directory_;
  bool vanishes_ = false;  // a scratch place
};

}  // namespace logctl::backup
