// CRC-32C (Castagnoli), the checksum of the spool: found in hardware on every server of the last
// fifteen years, so it costs next to nothing beside the write. Thread-safe, no state.
#pragma once

#include <cstdint>
#include <string_view>

namespace logctl {

// The checksum of `bytes`, going on from that of what came before them (0: nothing did).
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

// The same without hardware, for machines that lack it and for the test that compares both.
std::uint32_t crc32c_portable(std::string_view bytes, std::uint32_t before = 0);

}  // namespace logctl
