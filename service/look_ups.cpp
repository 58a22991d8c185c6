#include "service/look_ups.h"

#include "shared/base/error.h"

#include <utility>
#include <vector>

namespace logctl {
namespace {

constexpr std::size_t kMostWaiting = 10'000;
constexpr std::size_t kMostAtOnce = 500;

}  // namespace

LookUps::LookUps(storage::LogStore& store)
    : store_(store), questions_(kMostWaiting), thread_([this] { run(); }) {}

LookUps::~LookUps() { stop(); }

void LookUps::stop() {
  questions_.close();
  if (thread_.joinable()) thread_.join();
}

void LookUps::ask(storage::Identity identity, Done done) {
  Question question{std::move(identity), std::move(done)};
  if (questions_.push(std::move(question), 1) != Push::ok) question.done(false);
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
