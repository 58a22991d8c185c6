// Whom files belong to that root makes in a directory of another account: that account, or its own
// programs could not go on with them. Thread-safe.
#pragma once

#include <filesystem>

namespace logctl {

// Only as root, and only where `parent` is not root's own: gives `path` to the owner of `parent`.
// Throws Error{io}.
void give_to_owner_of(const std::filesystem::path& parent, const std::filesystem::path& path);

// The same for everything below `directory`, as deep as it goes.
void give_contents_to_owner_of(const std::filesystem::path& directory);

}  // namespace logctl
