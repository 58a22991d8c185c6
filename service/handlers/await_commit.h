// Waits from a coroutine until a batch is durable.
#pragma once

#include "shared/ingest/intake.h"

#include <boost/asio/awaitable.hpp>

namespace logctl::handlers {

struct Committed {
  Push push = Push::ok;
  Receipt receipt;  // when ok
  Batch batch;      // otherwise: as it was given
};

// Submits the batch and comes back on the coroutine's own executor when it is durable; the io
// thread is free meanwhile. The executor's context must not be destroyed before the intake was
// stopped.
boost::asio::awaitable<Committed> await_commit(ingest::Intake& intake, Batch batch);

}  // namespace logctl::handlers
