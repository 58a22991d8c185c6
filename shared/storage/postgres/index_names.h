// What the indexes of day partitions are called: logs_20260310_by_user_id, ..._by_text,
// ..._by_p_HASH for a property. Pure.
#pragma once

#include "shared/storage/index_field.h"

#include <chrono>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// What comes between the partition's name and the field.
inline constexpr std::string_view kIndexInfix = "_by_";

// The part of the name that stands for the field.
std::string index_suffix(const IndexField& field);
std::string index_name(std::chrono::sys_days day, const IndexField& field);
// Whether the line holds such a name.
bool names_day_index(std::string_view line);

}  // namespace logctl::storage::postgres
