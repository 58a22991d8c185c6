#include "service/look_ups.h"

#include "shared/base/mutex.h"
#include "tests/support/catch.h"
#include "tests/support/fake_store.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <vector>

using namespace logctl;

namespace {

// Knows the ids that begin with "old"; can be held and taken away.
class KnowingStore final : public test::FakeStore {
 public:
  std::vector<bool> knows(std::span<const storage::Identity> records) override {
    asked.push_back(records.size());
    if (gate.valid()) gate.wait();
    if (away) throw Error(ErrorCode::unavailable, "connect: refused");
    std::vector<bool> answers;
    for (const storage::Identity& record : records) {
      answers.push_back(record.event_id.starts_with("old"));
    }
    return answers;
  }

  std::vector<std::size_t> asked;  // read when the look-ups have stopped
  std::shared_future<void> gate;
  std::atomic<bool> away = false;
};

storage::Identity identity(std::string id) { return {"default", std::move(id), std::nullopt}; }

}  // namespace

TEST_CASE("look-ups: each asker gets its own answer, those who wait are asked together",
          "[service]") {
  KnowingStore store;
  std::promise<void> open;
  store.gate = open.get_future().share();
  std::atomic<int> known = 0;
  std::atomic<int> unknown = 0;
  const StoreHealth health;
  LookUps look_ups(store, health);
  const auto count = [&](bool is_known) { ++(is_known ? known : unknown); };
  constexpr int kQuestions = 100;
  for (int i = 0; i < kQuestions; ++i) {
    look_ups.ask(identity((i % 4 == 0 ? "old" : "new") + std::to_string(i)), count);
  }
  open.set_value();
  look_ups.stop();
  CHECK(known == kQuestions / 4);
  CHECK(unknown == kQuestions - kQuestions / 4);
  // However many the first question held: the rest came together.
  CHECK(store.asked.size() <= 2);
}

TEST_CASE("look-ups: a store that is away knows nothing, and later does again", "[service]") {
  KnowingStore store;
  store.away = true;
  const StoreHealth health;
  LookUps look_ups(store, health);
  const auto ask = [&look_ups] {
    auto answer = std::make_shared<std::promise<bool>>();
    look_ups.ask(identity("old"), [answer](bool known) { answer->set_value(known); });
    return answer->get_future().get();
  };
  CHECK_FALSE(ask());
  store.away = false;
  CHECK(ask());
  look_ups.stop();
  CHECK_FALSE(ask());  // answered at once
}
