// A PostgreSQL store as a place for backups.
//
// Saving reads one exported snapshot with several connections and pg_dump. Restoring uses
// pg_restore for everything but the closed days, which are loaded beside it.
#pragma once

#include "shared/backup/place.h"
#include "shared/backup/postgres_tools.h"
#include "shared/config/target.h"
#include "shared/storage/postgres/connection.h"

#include <memory>

namespace logctl::backup {

class PostgresPlace final : public Place {
 public:
  PostgresPlace(config::StoreTarget target, const config::Database& settings, std::string pg_bin);
  ~PostgresPlace() override;
  PostgresPlace(const PostgresPlace&) = delete;
  PostgresPlace& operator=(const PostgresPlace&) = delete;

  std::string kind() const override { return "postgres"; }
  std::string name() const override;
  std::string shown() const override { return target_.shown; }

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
  using Connection = storage::postgres::Connection;

  // Those that fit the server, and the backup that is to be restored.
  PostgresTools tools_for(Connection& connection, const Manifest* manifest = nullptr) const;
  std::unique_ptr<Connection> connect() const;
  std::unique_ptr<Connection> connect(const std::string& snapshot) const;
  void seal_closed(const Workshop& workshop, Connection& connection) const;
  void save_dump(const Workshop& workshop, Manifest& manifest,
                 const std::filesystem::path& dumped) const;
  void load_day(Connection& connection, const Repository& repository, const Manifest& manifest,
                const Partition& partition) const;
  void drop_dead_scratch(Connection& connection) const;

  config::StoreTarget target_;
  const config::Database settings_;
  const std::string conninfo_;
  const std::string pg_bin_;
  bool had_message_db_ = false;  // before the store was set aside
  // Of a scratch place: its database, and a connection that shows others that it is in use.
  std::string vanishing_;
  std::string server_;  // the conninfo from which it was made
  std::unique_ptr<Connection> hold_;
};

}  // namespace logctl::backup
