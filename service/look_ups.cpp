#include "service/look_ups.h"

#include "service/await_callback.h"
#include "shared/base/error.h"

#include <functional>
#include <utility>
#include <vector>

namespace logctl {
namespace {

constexpr std::size_t kMostWaiting = 10'000;
constexpr std::size_t kMostAtOnce = 500;

}  // namespace

LookUps::LookUps(storage::LogStore& store, const StoreHealth& health)
    : store_(store), health_(health), questions_(kMostWaiting), thread_([this] { run(); }) {}

LookUps::~LookUps() { stop(); }

void LookUps::stop() {
  questions_.close();
  if (thread_.joinable()) thread_.join();
}

void LookUps::ask(storage::Identity identity, Done done) {
  Question question{std::move(identity), std::move(done)};
  if (questions_.push(std::move(question), 1) != Push::ok) question.done(false);
}

boost::asio::awaitable<bool> LookUps::known(const LogRecord& record) {
  // The answer must not wait for a store that is away.
  if (!health_.reachable) co_return false;
  storage::Identity identity;
  identity.tenant = record.tenant;
  identity.event_id = record.event_id;
  if (!record.dedup_by_id) identity.time = record.timestamp;
  const auto start = [this, &identity](std::function<void(bool&&)> done) {
    ask(std::move(identity), [done](bool known) { done(std::move(known)); });
  };
  auto asking = await_callback<bool>(start);
  co_return co_await std::move(asking);
}

void LookUps::run() {
  while (true) {
    std::vector<Question> questions = questions_.pop_some(kMostAtOnce, kMostAtOnce);
    if (questions.empty()) return;
    std::vector<storage::Identity> identities;
    identities.reserve(questions.size());
    for (Question& question : questions) identities.push_back(std::move(question.identity));
    std::vector<bool> known;
    try {
      known = store_.knows(identities);
    } catch (const Error&) {
      known.clear();
    }
    known.resize(questions.size(), false);
    for (std::size_t i = 0; i < questions.size(); ++i) questions[i].done(known[i]);
  }
}

}  // namespace logctl
