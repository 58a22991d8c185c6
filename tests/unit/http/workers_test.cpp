#include "service/workers.h"

#include "shared/base/error.h"
#include "shared/base/priority.h"
#include "tests/support/catch.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <stdexcept>
#include <thread>
#include <utility>

using namespace logctl;
namespace asio = boost::asio;

namespace {

struct Result {
  std::string error;  // empty: the work ran
  std::thread::id resumed_on;
  int finished = 0;
};

asio::awaitable<void> run_one(Workers& workers, std::function<void()> work, Result& result) {
  try {
    co_await workers.run(std::move(work));
  } catch (const std::exception& error) {
    result.error = error.what();
  }
  result.resumed_on = std::this_thread::get_id();
  ++result.finished;
}

}  // namespace

TEST_CASE("workers: work runs elsewhere and its caller goes on where it was", "[http]") {
  asio::io_context io;
  Workers workers(1, 4);
  std::thread::id ran_on;
  Result result;
  asio::co_spawn(io,
                 run_one(
                     workers, [&] { ran_on = std::this_thread::get_id(); }, result),
                 asio::detached);
  io.run();
  CHECK(result.error.empty());
  CHECK(result.finished == 1);
  CHECK(result.resumed_on == std::this_thread::get_id());
  CHECK(ran_on != std::this_thread::get_id());
}

TEST_CASE("workers: what the work throws reaches the caller", "[http]") {
  asio::io_context io;
  Workers workers(2, 4);
  Result result;
  asio::co_spawn(io,
                 run_one(
                     workers, [] { throw std::runtime_error("broken"); }, result),
                 asio::detached);
  io.run();
  CHECK(result.error == "broken");
}

TEST_CASE("workers: a full queue refuses, and stop finishes what was taken", "[http]") {
  asio::io_context io;
  Workers workers(1, 1);
  std::promise<void> started;
  std::promise<void> gate;
  Result first;
  Result second;
  Result third;
  const auto busy = [&] {
    started.set_value();
    gate.get_future().wait();
  };
  asio::co_spawn(io, run_one(workers, busy, first), asio::detached);
  io.poll();
  started.get_future().wait();
  asio::co_spawn(io,
                 run_one(
                     workers, [] {}, second),
                 asio::detached);
  asio::co_spawn(io,
                 run_one(
                     workers, [] {}, third),
                 asio::detached);
  io.poll();
  CHECK(third.error == "too many queries are waiting");
  CHECK(second.finished == 0);
  gate.set_value();
  workers.stop();
  io.run();
  CHECK(first.finished == 1);
  CHECK(second.finished == 1);
  CHECK(second.error.empty());

  Result late;
  io.restart();
  asio::co_spawn(io,
                 run_one(
                     workers, [] {}, late),
                 asio::detached);
  io.run();
  CHECK(late.error == "the server is stopping");
}

TEST_CASE("workers: a thread whose work takes long steps back, and a fresh one takes its place",
          "[http]") {
  asio::io_context io;
  Workers workers(1, 4);
  struct Seen {
    std::thread::id thread;
    bool at_first = false;
    bool at_last = false;
  };
  Seen seen[3];
  Result results[3];
  for (int i = 0; i < 3; ++i) {
    const bool takes_long = i == 1;
    auto work = [&one = seen[i], takes_long] {
      one.thread = std::this_thread::get_id();
      one.at_first = stepped_back();
      look_at_work();
      while (takes_long && !stepped_back()) look_at_work();
      one.at_last = stepped_back();
    };
    asio::co_spawn(io, run_one(workers, std::move(work), results[i]), asio::detached);
  }
  io.run();
  CHECK(seen[0].thread == seen[1].thread);
  CHECK_FALSE(seen[0].at_last);
  CHECK(seen[1].at_last);
  CHECK(seen[2].thread != seen[1].thread);
  CHECK_FALSE(seen[2].at_first);
  workers.stop();
}

TEST_CASE("workers: those in the background have stepped back from the start", "[http]") {
  asio::io_context io;
  Workers workers(1, 4, Workers::Priority::background);
  bool back = false;
  Result result;
  auto work = [&back] { back = stepped_back(); };
  asio::co_spawn(io, run_one(workers, std::move(work), result), asio::detached);
  io.run();
  CHECK(back);
}
