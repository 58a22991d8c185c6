#include "service/handlers/await_commit.h"

#include "service/await_callback.h"

#include <functional>
#include <utility>

namespace logctl::handlers {

boost::asio::awaitable<Committed> await_commit(ingest::Intake& intake, Batch batch) {
  const auto start = [&intake, &batch](std::function<void(Committed &&)> done) {
    const Push push = intake.submit(std::move(batch), [done](Receipt&& receipt) {
      Committed result;
      result.receipt = std::move(receipt);
      done(std::move(result));
    });
    if (push == Push::ok) return;
    Committed result;
    result.push = push;
    result.batch = std::move(batch);
    done(std::move(result));
  };
  auto committing = await_callback<Committed>(start);
  co_return co_await std::move(committing);
}

}  // namespace logctl::handlers
