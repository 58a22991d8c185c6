#include "shared/storage/postgres/pool.h"

#include "shared/base/cancellation.h"
#include "shared/base/error.h"
#include "shared/base/jitter.h"
#include "shared/storage/postgres/sqlstate.h"
#include "shared/storage/postgres/timescale.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace logctl::storage::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr milliseconds kPauseBeforeRetry{100};
constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1000};

}  // namespace

void rethrow_as_error(std::string_view what) {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const pqxx::in_doubt_error&) {
    throw Error(ErrorCode::unavailable,
                fmt::format("{}: the connection was lost during the commit, so that its outcome is "
                            "not known",
                            what));
  } catch (const pqxx::sql_error& error) {
    throw to_error(what, error.sqlstate(), error.what());
  } catch (const pqxx::broken_connection& error) {
    // libpqxx asks for the encoding of a lost connection before it tells that it is lost.
    const std::string_view said = error.what();
    const bool encoding = said.starts_with("Could not obtain client encoding");
    throw to_error(what, "", encoding ? "the connection to the server was lost" : said);
  } catch (const pqxx::failure& error) {
    throw to_error(what, "XX000", error.what());
  } catch (const std::logic_error& error) {  // libpqxx's usage_error and its kind
    throw Error(ErrorCode::internal, fmt::format("{}: {}", what, error.what()));
  }
}

pqxx::result Session::run(const std::string& sql, const std::vector<Value>& values) {
  Cancellation::check();  // a server ignores an interruption between two statements
  Parameters parameters;
  for (const Value& value : values) {
    if (value && value->find('\0') != std::string::npos) {
      throw Error(ErrorCode::validation_error,
                  "the text holds a NUL character, which this store cannot look for");
    }
    parameters.push_back(value ? value->c_str() : nullptr);
  }
  return postgres::run(transaction_, sql, parameters);
}

// A taken connection: given back for others only when `good` was called.
class Pool::Lease {
 public:
  Lease(Pool& pool, Pooled&& pooled) : pool_(pool), pooled_(std::move(pooled)) {}
  ~Lease() {
    // An interruption may still be on its way to this connection: nobody else must get it.
    if (Cancellation::requested()) pooled_.connection.reset();
    pool_.give_back(std::move(pooled_), good_);
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  pqxx::connection& connection() {
    if (!pooled_.connection) pooled_ = pool_.connect();
    return *pooled_.connection;
  }
  bool used() const { return pooled_.used; }
  void good() { good_ = true; }

 private:
  Pool& pool_;
  Pooled pooled_;
  bool good_ = false;
};

Pool::Pool(Settings settings) : settings_(std::move(settings)) {}

Pool::Pooled Pool::connect() const {
  Pooled pooled{std::make_unique<pqxx::connection>(settings_.conninfo), SteadyClock::now(), false};
  never_reconnect(*pooled.connection);
  pqxx::nontransaction session(*pooled.connection);
  // A cursor's rows are all fetched, so that it is planned like the query itself.
  session.exec(fmt::format(
      "SET statement_timeout = {}; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; "
      "SET cursor_tuple_fraction = 1; {}{}",
      std::chrono::ceil<milliseconds>(settings_.statement_timeout).count(), kTouchAnyCompressed,
      settings_.read_only ? "; SET default_transaction_read_only = on" : ""));
  return pooled;
}

Pool::Lease Pool::take() {
  const auto deadline = SteadyClock::now() + settings_.wait;
  const Lock lock(mutex_);
  while (taken_ >= settings_.most) {
    if (free_.wait_until(mutex_, deadline) == std::cv_status::timeout && taken_ >= settings_.most) {
      throw Error(ErrorCode::overloaded,
                  fmt::format("all {} connections to PostgreSQL are busy", settings_.most),
                  "raise database.max_connections");
    }
  }
  ++taken_;
  Pooled pooled;
  if (!idle_.empty()) {
    pooled = std::move(idle_.back());
    idle_.pop_back();
    const bool old =
        settings_.lifetime.count() > 0 && SteadyClock::now() - pooled.since > settings_.lifetime;
    if (old || !pooled.connection->is_open()) pooled = Pooled{};
  }
  return Lease(*this, std::move(pooled));
}

void Pool::give_back(Pooled&& pooled, bool good) {
  std::vector<Pooled> suspects;  // closed outside the lock
  {
    const Lock lock(mutex_);
    --taken_;
    if (good && pooled.connection && pooled.connection->is_open()) {
      pooled.used = true;
      idle_.push_back(std::move(pooled));
    } else if (pooled.connection) {
      // What broke this one has most likely broken the idle ones too.
      suspects.swap(idle_);
    }
  }
  free_.notify_one();
}

PoolUse Pool::use() const {
  const Lock lock(mutex_);
  return {taken_, idle_.size()};
}

void Pool::read(std::string_view what, const Work& work) {
  attempt_twice<pqxx::nontransaction>(what, work);
}

void Pool::snapshot(std::string_view what, const Work& work) {
  attempt_twice<pqxx::read_transaction>(what, work);
}

void Pool::probe(std::string_view what, const Work& work) {
  attempt<pqxx::nontransaction>(what, work);
}

template <typename Transaction>
void Pool::attempt_twice(std::string_view what, const Work& work) {
  try {
    return attempt<Transaction>(what, work);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
  }
  std::this_thread::sleep_for(kPauseBeforeRetry);
  attempt<Transaction>(what, work);
}

template <typename Transaction>
void Pool::attempt(std::string_view what, const Work& work) {
  for (bool again = false;; again = true) {
    Lease lease = take();
    try {
      pqxx::connection& connection = lease.connection();
      const Cancellation::Running running([&connection] { interrupt(connection); });
      Transaction transaction(connection);
      Session session(transaction);
      work(session);
      transaction.commit();
      lease.good();
      return;
    } catch (const pqxx::broken_connection&) {
      if (again || !lease.used()) rethrow_as_error(what);
    } catch (const pqxx::sql_error& error) {
      const bool lost = classify(error.sqlstate()) == Fault::connection;
      if (!lost) lease.good();
      if (!lost || again || !lease.used()) rethrow_as_error(what);
    } catch (const Error&) {
      lease.good();
      throw;
    } catch (const std::exception&) {
      rethrow_as_error(what);
    }
  }
}

void Pool::change(std::string_view what, const Work& work) {
  Lease lease = take();
  try {
    pqxx::work transaction(lease.connection());
    Session session(transaction);
    work(session);
    transaction.commit();
    lease.good();
  } catch (const pqxx::sql_error& error) {
    if (classify(error.sqlstate()) != Fault::connection) lease.good();
    rethrow_as_error(what);
  } catch (const Error&) {
    lease.good();
    throw;
  } catch (const std::exception&) {
    rethrow_as_error(what);
  }
}

void Pool::change_repeatedly(std::string_view what, const Work& work) {
  const auto deadline = SteadyClock::now() + settings_.retry_for;
  milliseconds pause = kFirstPause;
  while (true) {
    try {
      return change(what, work);
    } catch (const Error& error) {
      if (!info(error.code()).retryable || SteadyClock::now() >= deadline) throw;
    }
    std::this_thread::sleep_until(std::min(SteadyClock::now() + jittered(pause), deadline));
    pause = std::min(pause * 2, kLongestPause);
  }
}

}  // namespace logctl::storage::postgres
