#include "shared/storage/postgres/writers.h"

#include "shared/storage/postgres/timescale.h"

#include <fmt/format.h>

#include <utility>

namespace logctl::storage::postgres {
namespace {

// A lock that is held longer than this is retried, so that an append never waits for ever. Our own
// transactions are never idle: one that is has lost its client.
constexpr const char* kSession =
    "SET statement_timeout = 0; SET lock_timeout = '5s'; "
    "SET idle_in_transaction_session_timeout = '60s'; SET TimeZone = 'UTC'; "
    "SELECT set_config('synchronous_commit', 'on', false) "
    "WHERE current_setting('synchronous_commit') = 'off'";

}  // namespace

Writers::Writers(Settings settings) : settings_(std::move(settings)) {}

Writers::Lease::Lease(Writers& owner, std::unique_ptr<Writer> writer)
    : owner_(owner), writer_(std::move(writer)) {}

Writers::Lease::~Lease() {
  if (writer_) owner_.give_back(std::move(writer_));
}

Connection& Writers::Lease::connection() {
  const auto now = std::chrono::steady_clock::now();
  const microseconds lifetime = owner_.settings_.lifetime;
  if (writer_->connection && (writer_->connection->broken() ||
                              (lifetime.count() > 0 && now - writer_->connected_at > lifetime))) {
    writer_->connection.reset();
  }
  if (!writer_->connection) {
    writer_->known.forget();
    writer_->connection = owner_.connect();
    writer_->connected_at = now;
  }
  return *writer_->connection;
}

std::unique_ptr<Connection> Writers::connect() const {
  auto connection = std::make_unique<Connection>(settings_.conninfo);
  connection->execute("prepare the connection",
                      fmt::format("{}; {}", kSession, kTouchAnyCompressed));
  if (settings_.read_only) {
    connection->execute("prepare the connection", "SET default_transaction_read_only = on");
  }
  if (!settings_.session.empty()) connection->execute("prepare the connection", settings_.session);
  return connection;
}

Writers::Lease Writers::take(microseconds wait) {
  const auto deadline = std::chrono::steady_clock::now() + wait;
  const Lock lock(mutex_);
  while (taken_ >= settings_.most) {
    if (free_.wait_until(mutex_, deadline) == std::cv_status::timeout && taken_ >= settings_.most) {
      throw Error(ErrorCode::overloaded,
                  fmt::format("all {} writing connections to PostgreSQL are busy", settings_.most));
    }
  }
  return hand_out();
}

std::optional<Writers::Lease> Writers::try_take() {
  const Lock lock(mutex_);
  if (taken_ >= settings_.most) return std::nullopt;
  return hand_out();
}

Writers::Lease Writers::hand_out() {
  ++taken_;
  if (idle_.empty()) {
    auto writer = std::make_unique<Writer>();
    writer->slot = made_++;
    return Lease(*this, std::move(writer));
  }
  std::unique_ptr<Writer> writer = std::move(idle_.back());
  idle_.pop_back();
  return Lease(*this, std::move(writer));
}

void Writers::give_back(std::unique_ptr<Writer> writer) {
  {
    const Lock lock(mutex_);
    --taken_;
    idle_.push_back(std::move(writer));
  }
  free_.notify_one();
}

}  // namespace logctl::storage::postgres
