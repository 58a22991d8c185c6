#include "tests/conformance/message_world.h"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace logctl;
using namespace logctl::test;

namespace {

// Runs `work(number)` in so many threads; the first error of any of them ends the test.
template <typename Work>
void in_threads(int count, const Work& work) {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::string failure;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      try {
        work(i);
      } catch (const std::exception& error) {
        const std::lock_guard<std::mutex> lock(mutex);
        failure = error.what();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  INFO(failure);
  REQUIRE(failure.empty());
}

}  // namespace

TEST_CASE("messages: 64 writers of one stream leave no gap", "[messages]") {
  constexpr int kWriters = 64;
  constexpr int kEach = 4;
  MessageWorld world;
  std::vector<std::vector<WriteResult>> successes(kWriters);
  in_threads(kWriters, [&](int writer) {
    std::int64_t version = -1;
    while (successes[static_cast<std::size_t>(writer)].size() < kEach) {
      Draft draft{.stream = "order-1", .type = "w" + std::to_string(writer), .expected = version};
      const WriteResult result =
          MessageWorld::write_to(world.messages(), {draft}, world.time).front();
      version = result.position;
      if (result.kind == Kind::written) {
        successes[static_cast<std::size_t>(writer)].push_back(result);
      } else if (result.kind != Kind::wrong_version) {
        throw std::runtime_error("neither written nor refused by its version");
      }
    }
  });
  const std::vector<Message> messages = world.stream("order-1");
  REQUIRE(messages.size() == std::size_t{kWriters * kEach});
  for (std::size_t i = 0; i < messages.size(); ++i) {
    REQUIRE(messages[i].position == static_cast<std::int64_t>(i));
  }
  // Each success is the message of its writer, once.
  for (std::size_t writer = 0; writer < kWriters; ++writer) {
    for (const WriteResult& result : successes[writer]) {
      const Message& message = messages[static_cast<std::size_t>(result.position)];
      REQUIRE(message.type == "w" + std::to_string(writer));
      REQUIRE(message.global_position == result.global_position);
    }
  }
  world.check_whole();
}

TEST_CASE("messages: writers without an expected version all succeed", "[messages]") {
  MessageWorld world;
  storage::Backend other = world.another();
  std::mutex mutex;
  std::set<std::int64_t> seen;
  in_threads(10, [&](int writer) {
    storage::MessageStore& store = writer % 2 == 0 ? world.messages() : *other.messages;
    for (int i = 0; i < 10; ++i) {
      const WriteResult result =
          MessageWorld::write_to(store, {{.stream = "order-1"}}, world.time).front();
      if (result.kind != Kind::written) throw std::runtime_error("refused");
      const std::lock_guard<std::mutex> lock(mutex);
      seen.insert(result.position);
    }
  });
  CHECK(seen.size() == 100);
  CHECK(*seen.rbegin() == 99);
  world.check_whole();
}

TEST_CASE("messages: who reads behind the last position misses nothing", "[messages]") {
  constexpr int kWriters = 4;
  constexpr int kCalls = 60;
  MessageWorld world;
  storage::Backend second = world.another();
  storage::Backend third = world.another();
  std::atomic<int> writing = kWriters;
  std::vector<std::int64_t> of_category;
  std::vector<std::int64_t> of_pokes;
  in_threads(kWriters + 2, [&](int number) {
    if (number < kWriters) {
      storage::MessageStore& store = number % 2 == 0 ? world.messages() : *second.messages;
      for (int call = 0; call < kCalls; ++call) {
        // Groups of different sizes take different times.
        std::vector<Draft> drafts(static_cast<std::size_t>(1 + (call * 7 + number * 13) % 40));
        for (Draft& draft : drafts) draft.stream = "s-" + std::to_string(number);
        MessageWorld::write_to(store, drafts, world.time);
      }
      --writing;
      return;
    }
    std::int64_t next = 1;
    bool last_round = false;
    while (!last_round) {
      last_round = writing == 0;
      if (number == kWriters) {
        CategoryRead read{.name_space = "shop",
                          .category = "s",
                          .global_position = next,
                          .limit = 1000,
                          .correlation = {},
                          .group = std::nullopt};
        for (const Message& message : MessageWorld::all_of(*third.messages, read)) {
          of_category.push_back(message.global_position);
          next = message.global_position + 1;
        }
      } else {
        for (const storage::Poke& poke : third.messages->pokes("shop", next, kAll)) {
          of_pokes.push_back(poke.global_position);
          next = poke.global_position + 1;
        }
      }
    }
  });
  const std::vector<std::int64_t> stored = global_positions(world.category("s"));
  CHECK(of_category == stored);
  CHECK(of_pokes == stored);
  CHECK(stored.size() > 1000);
  CHECK(stored.back() == static_cast<std::int64_t>(stored.size()));  // no gaps either
  world.check_whole();
}

TEST_CASE("messages: eight members share ten thousand streams that are being written",
          "[messages]") {
  constexpr int kMembers = 8;
  constexpr int kStreams = 10'000;
  MessageWorld world;
  std::atomic<bool> written = false;
  std::vector<std::vector<Message>> received(kMembers);
  in_threads(kMembers + 1, [&](int number) {
    if (number == kMembers) {
      for (int round = 0; round < 2; ++round) {
        for (int begin = 0; begin < kStreams; begin += 500) {
          std::vector<Draft> drafts;
          for (int i = begin; i < begin + 500; ++i) {
            drafts.push_back({.stream = "s-" + std::to_string(i)});
          }
          MessageWorld::write_to(world.messages(), std::move(drafts), world.time);
        }
      }
      written = true;
      return;
    }
    CategoryRead read{.name_space = "shop",
                      .category = "s",
                      .global_position = 1,
                      .limit = 500,
                      .correlation = {},
                      .group = storage::ConsumerGroup{number, kMembers}};
    while (true) {
      const bool last_round = written;
      const std::vector<Message> messages = MessageWorld::all_of(world.messages(), read);
      auto& mine = received[static_cast<std::size_t>(number)];
      mine.insert(mine.end(), messages.begin(), messages.end());
      if (!messages.empty()) read.global_position = messages.back().global_position + 1;
      if (last_round) return;
      std::this_thread::yield();
    }
  });
  std::map<std::string, std::pair<std::size_t, std::int64_t>> streams;  // member, last position
  std::size_t count = 0;
  for (std::size_t member = 0; member < kMembers; ++member) {
    CHECK(received[member].size() > 2 * kStreams / kMembers / 2);  // a fair share
    for (const Message& message : received[member]) {
      ++count;
      const auto [stream, first] = streams.try_emplace(message.stream, member, std::int64_t{-1});
      REQUIRE(stream->second.first == member);
      REQUIRE(message.position == ++stream->second.second);
    }
  }
  CHECK(count == std::size_t{2 * kStreams});
  CHECK(streams.size() == std::size_t{kStreams});
}

TEST_CASE("messages: two instances see what each other writes at once", "[messages]") {
  MessageWorld world;
  storage::Backend other = world.another();
  for (std::int64_t i = 0; i < 20; ++i) {
    storage::MessageStore& writer = i % 2 == 0 ? world.messages() : *other.messages;
    storage::MessageStore& reader = i % 2 == 0 ? *other.messages : world.messages();
    const WriteResult result =
        MessageWorld::write_to(writer, {{.stream = "a-1", .expected = i - 1}}, world.time).front();
    CHECK(result.kind == Kind::written);
    CHECK(reader.version("shop", "a-1") == i);
    CHECK(reader.namespace_figures("shop")->messages == i + 1);
    CHECK(reader.last("shop", "a-1", "")->global_position == i + 1);
  }
}

TEST_CASE("messages: news tell which namespaces have new messages", "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  world.add_namespace("quiet");
  world.write_numbers("a-1", 1);
  storage::Backend second = world.another();
  const auto news = second.message_news();
  CHECK(news->next(microseconds(0)).empty());  // what was there before is none

  // Everything that is told until nothing more comes for a while.
  const auto told = [&](std::size_t names) {
    std::set<std::string> result;
    for (int i = 0; i < 50 && result.size() < names; ++i) {
      for (std::string& name : news->next(milliseconds(200))) result.insert(std::move(name));
    }
    return result;
  };
  using Set = std::set<std::string>;
  world.write_numbers("a-1", 1);
  CHECK(told(1) == Set{"shop"});
  CHECK(news->next(microseconds(0)).empty());
  world.write_all({{.stream = "a-1"}, {.stream = "a-1", .name_space = "other"}});
  CHECK(told(2) == Set{"shop", "other"});
  // The own instance's are told too.
  MessageWorld::write_to(*second.messages, {{.stream = "a-2"}}, world.time);
  CHECK(told(1) == Set{"shop"});
  Message message;
  message.id = message_id(9);
  message.stream = "b-1";
  message.type = "T";
  message.data = "{}";
  message.global_position = 1000;
  world.messages().import("quiet", std::vector{message}, false);
  CHECK(told(1) == Set{"quiet"});
  // Refused ones are none.
  world.write({.stream = "a-1", .expected = 77});
  CHECK(news->next(milliseconds(300)).empty());
}

TEST_CASE("messages: news tell of tokens and of namespaces that were cleared or deleted",
          "[messages]") {
  MessageWorld world;
  world.add_namespace("other");
  world.write_numbers("a-1", 3);
  storage::Backend second = world.another();
  const auto news = second.message_news();
  const auto told = [&] {
    for (int i = 0; i < 50; ++i) {
      static_cast<void>(news->next(milliseconds(200)));
      if (!news->changed().empty()) return news->changed();
    }
    return std::vector<std::string>();
  };
  using Names = std::vector<std::string>;
  static_cast<void>(news->next(microseconds(0)));
  CHECK(news->changed().empty());
  REQUIRE(world.messages().set_token("other", "another"));
  CHECK(told() == Names{"other"});
  static_cast<void>(news->next(microseconds(0)));
  CHECK(news->changed().empty());  // told once
  CHECK(world.messages().clear("shop") == 3);
  CHECK(told() == Names{"shop"});
  REQUIRE(world.messages().delete_namespace("other"));
  CHECK(told() == Names{"other"});
  world.add_namespace("other");
  world.write_numbers("a-1", 1);
  static_cast<void>(news->next(milliseconds(300)));
  CHECK(news->changed().empty());
}

TEST_CASE("messages: news come while somebody waits for them", "[messages]") {
  MessageWorld world;
  const auto news = world.backend.message_news();
  std::atomic<bool> heard = false;
  in_threads(2, [&](int number) {
    if (number == 0) {
      for (int i = 0; i < 100 && !heard; ++i) heard = !news->next(milliseconds(100)).empty();
      return;
    }
    while (!heard) {
      MessageWorld::write_to(world.messages(), {{.stream = "a-1"}}, world.time);
      std::this_thread::sleep_for(milliseconds(5));
    }
  });
  CHECK(heard);
}
