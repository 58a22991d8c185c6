// A store as backups see it: what one is made of, and what one is restored into. One class per kind
// of store.
//
// One thread uses a Place; it starts threads of its own inside. Errors: `unavailable`, `storage`,
// `drift`, `conflict` and those of files.
#pragma once

#include "shared/backup/earlier.h"
#include "shared/backup/manifest.h"
#include "shared/backup/repository.h"
#include "shared/backup/workshop.h"
#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/storage/backend.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::backup {

// Something that is not as the manifest says.
struct Difference {
  std::string where;  // the partition or table
  std::string what;
};

struct LoadSettings {
  std::size_t jobs = 2;
  std::filesystem::path scratch;  // a folder for unpacked files, emptied by the caller
};

// What a restore takes of a disk of this machine.
struct DiskNeed {
  std::filesystem::path folder;  // need not exist yet
  std::uint64_t bytes = 0;
  std::string elsewhere;  // in words, what goes to disks that are not seen from here; may be empty
};

// A day of a store that is about to be saved.
struct PlannedDay {
  std::string name;
  std::uint64_t bytes = 0;             // of the store
  const Partition* earlier = nullptr;  // what is referred to; null: it is copied
};

class Place {
 public:
  virtual ~Place() = default;

  virtual std::string kind() const = 0;   // "sqlite" or "postgres"
  virtual std::string name() const = 0;   // what --confirm has to say: database or folder
  virtual std::string shown() const = 0;  // for people, without secrets

  // What save() would do with each day. What is written meanwhile may change it.
  virtual std::vector<PlannedDay> plan(const EarlierBackups& earlier, Timestamp now) = 0;
  // Puts everything that is in the store into the workshop and describes it.
  virtual void save(const Workshop& workshop, Manifest& manifest) = 0;

  // Why a backup cannot go here just so; empty when it can.
  virtual std::string occupied(const Manifest& manifest) = 0;
  // Where set_aside() would bring the store that is here.
  virtual std::string aside(const Manifest& manifest) = 0;
  // Tries whether load() could begin, after set_aside() when it `replaces` a store, and says with
  // what. Changes nothing. Throws what they would throw.
  virtual std::string require_ready(const Manifest& manifest, bool replaces) = 0;
  virtual DiskNeed disk_need(const Manifest& manifest, const LoadSettings& settings) const = 0;
  // Takes the store that is here out of the way, in one step, and says where it is now. Throws
  // Error{conflict} while it is in use.
  virtual std::string set_aside(const Manifest& manifest) = 0;
  // Fills the empty place with what the backup holds.
  virtual void load(const Repository& repository, const Manifest& manifest,
                    const LoadSettings& settings) = 0;
  // Reads everything and compares it with the manifest.
  virtual std::vector<Difference> compare(const Manifest& manifest, std::size_t jobs) = 0;
  // Removes every record received after `until` and corrects the books; how many.
  virtual std::uint64_t cut_off(Timestamp until) = 0;

  virtual storage::Backend open(const config::Config& config, const Clock& clock) = 0;
  // An empty place of the same kind that goes away with its object. `folder` is a free path.
  virtual std::unique_ptr<Place> scratch(const std::filesystem::path& folder) = 0;
};

std::unique_ptr<Place> open_place(const config::Config& config);

// Appends what differs between `expected` and `found`, in words.
void compare_digests(const std::string& where, std::uint64_t rows, const storage::ContentHash& hash,
                     const storage::TableDigest& found, std::vector<Difference>& differences);

// A partition takes no more records than late ones from here on.
bool is_closed(std::chrono::sys_days day, Timestamp now);

// Throws Error{drift} for a store whose schema (of this set of steps) is newer than this binary,
// which could not restore it.
void require_known_schema(std::int64_t version, std::string_view set);

}  // namespace logctl::backup
