#include "service/handlers/ask_store.h"

#include "service/handlers/store_error.h"
#include "shared/base/cancellation.h"
#include "shared/base/error.h"

#include <utility>

namespace logctl::handlers {

boost::asio::awaitable<void> ask_store(const RunForClient& run, metrics::Observer& observer,
                                       http::Request& request, std::string_view operation,
                                       std::function<void()> work) {
  std::function<void()> watched = [&observer, operation, work = std::move(work)] {
    try {
      work();
    } catch (const Error& error) {
      // A question that the store declines, or that nobody waits for, is no failure of it.
      if (info(error.code()).http_status >= 500 && !Cancellation::requested()) {
        const metrics::StoreFailed failed{operation, error.message()};
        observer.emit(failed);
      }
      throw error_for_client(error);
    }
  };
  co_await run(request, std::move(watched));
}

}  // namespace logctl::handlers
