// Steps as files in a folder: read instead of those compiled in, and made there by
// `logctl migrate create`.
#pragma once

#include "shared/storage/steps.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::migrations {

// Owns the texts that its steps refer to; must outlive them.
class StepFolder {
 public:
  // Reads every *.sql file of `directory`/`set`, or of `directory` itself when there is no such
  // folder. Throws Error{not_found} when there is none, Error{config} naming a file that makes no
  // whole step.
  StepFolder(const std::filesystem::path& directory, std::string_view set);
  StepFolder(const StepFolder&) = delete;
  StepFolder& operator=(const StepFolder&) = delete;

  const std::vector<storage::Step>& steps() const { return steps_; }

 private:
  struct NamedText {
    std::string name;
    std::string text;
  };
  std::vector<NamedText> files_;
  std::vector<storage::Step> steps_;
};

struct StepFiles {
  std::filesystem::path up;
  std::filesystem::path down;
};
// Makes the next numbered pair of files in `directory`, both or none. Throws Error{usage} for a
// name that is none or a folder that holds one folder per set, Error{not_found} when there is no
// such folder.
StepFiles create_step(const std::filesystem::path& directory, std::string_view name,
                      bool transactional, bool dry_run);

}  // namespace logctl::migrations
