#include "shared/backup/parallel.h"

#include "shared/base/mutex.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace logctl::backup {

void in_parallel(std::size_t jobs, std::size_t count,
                 const std::function<std::function<void(std::size_t)>()>& make_worker) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  Mutex mutex;
  std::exception_ptr first;
  const auto work = [&] {
    try {
      const auto worker = make_worker();
      for (std::size_t i = next++; i < count && !failed; i = next++) worker(i);
    } catch (...) {
      const Lock lock(mutex);
      if (!first) first = std::current_exception();
      failed = true;
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(std::max<std::size_t>(jobs, 1), count); ++i) {
    threads.emplace_back(work);
  }
  for (std::thread& thread : threads) thread.join();
  if (first) std::rethrow_exception(first);
}

}  // namespace logctl::backup
