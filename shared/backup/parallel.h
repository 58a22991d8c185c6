// A number of like pieces of work on a few threads.
#pragma once

#include <cstddef>
#include <functional>

namespace logctl::backup {

// Every thread calls `make_worker` once and then what it gave for one number after the other out of
// 0 to count - 1. The first exception ends it: nothing new is begun, and it is thrown here when all
// threads are done. At least one thread, and none without work.
void in_parallel(std::size_t jobs, std::size_t count,
                 const std::function<std::function<void(std::size_t)>()>& make_worker);

}  // namespace logctl::backup
