// The backup directory.
//
//   DIR/lock, DIR/reading.lock     held by who adds or prunes; by who reads, against pruning
//   DIR/incoming/ID/               a backup in the making; whatever is here without the lock is
//   dead DIR/days/NAME.XXXXXXXX.zst     closed days, written once, named by any number of manifests
//   DIR/backups/ID/                manifest.json, manifest.sha256, manifest.mac, and its own files
//   DIR/drill.json                 how the last drill ended
//
// A backup exists once incoming/ID was renamed to backups/ID, and not before. Any thread may read;
// changes need the lock. Errors: `not_found`, `locked`, `drift` for what is damaged, as base/file.
#pragma once

#include "shared/backup/key.h"
#include "shared/backup/manifest.h"
#include "shared/base/file.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::backup {

class Repository {
 public:
  Repository(std::filesystem::path directory, std::optional<Key> key);

  const std::filesystem::path& directory() const { return directory_; }
  const Key* key() const { return key_ ? &*key_ : nullptr; }
  std::filesystem::path at(const std::string& path) const { return directory_ / path; }
  std::filesystem::path days() const { return directory_ / "days"; }
  std::filesystem::path backup(const std::string& id) const { return directory_ / "backups" / id; }
  std::filesystem::path incoming(const std::string& id) const {
    return directory_ / "incoming" / id;
  }

  // Makes what is missing, for its owner and group only.
  void create() const;
  // Held until closed. Throws Error{locked} that names the holder.
  File lock(std::string_view purpose) const;
  // Against pruning; nothing where nobody could prune either (no lock file).
  File lock_for_reading() const;
  File lock_against_readers() const;

  // Oldest first; damaged ones too.
  std::vector<std::string> ids() const;
  // Of those whose folder has an id for its name: one that was moved aside there is not the newest.
  std::optional<std::string> newest() const;
  // `id` may be `latest`. Throws Error{not_found}, naming the ones that there are.
  std::string resolve(const std::string& id) const;
  // Compares the manifest with its sums first. An encrypted backup needs the key only for its
  // files: see key_for.
  Manifest read(const std::string& id) const;
  // The key that the files of this backup need: null for none. Throws Error{config} when it is not
  // the one that is configured.
  const Key* key_for(const Manifest& manifest) const;

  // Writes manifest and sums into incoming/ID and makes the backup exist.
  void commit(const Manifest& manifest) const;
  // The backup stops to exist; its own files are removed, those of days stay.
  void remove(const std::string& id) const;
  // Removes what dead runs have left, and the day files that no manifest names; their bytes. With
  // a manifest that cannot be read no day file is removed, as it may need any of them.
  struct Swept {
    std::vector<std::string> dead;   // incoming backups
    std::vector<std::string> files;  // of days/
    std::uint64_t bytes = 0;
    std::string blocked_by;  // the backup whose manifest cannot be read
  };
  Swept sweep() const;
  // The day files that none of these backups names.
  std::vector<std::string> unused_days(const std::vector<Manifest>& kept) const;

 private:
  std::filesystem::path directory_;
  std::optional<Key> key_;
};

}  // namespace logctl::backup
