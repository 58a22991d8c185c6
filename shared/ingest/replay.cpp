#include "shared/ingest/replay.h"

#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/ingest/json_text.h"
#include "shared/ingest/parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::ingest {
namespace {

// Letters in memory at once, each with its batch.
constexpr std::size_t kAtOnce = 500;

// In the store's books.
constexpr std::string_view kSource = "rejects";

struct Reading {
  Batch batch;
  Replayed result;
};

bool is_array(std::string_view body) {
  const auto first = std::ranges::find_if_not(body, is_space);
  return first != body.end() && *first == '[';
}

Batch parse(Parser& parser, const DeadLetter& letter) {
  if (letter.index) {
    return parser.parse_element(std::string(letter.raw), letter.dialect, letter.tenant);
  }
  std::string body = letter.raw;
  return is_array(body) || is_wrapped(body)
             ? parser.parse_many(std::move(body), letter.dialect, letter.tenant)
             : parser.parse_one(std::move(body), letter.dialect, letter.tenant);
}

class Replay {
 public:
  Replay(storage::LogStore* store, std::shared_ptr<const Rules> rules, const Clock& clock)
      : store_(store), rules_(rules), clock_(clock), parser_(std::move(rules), clock) {}

  // Reads the letter; what it says is refused stays so.
  Reading read(const DeadLetter& letter) {
    Reading reading;
    if (letter.truncated()) {
      reading.result.refusal =
          Rejection{0,
                    {},
                    Reason::too_large,
                    fmt::format("only {} of {} bytes were kept (rejects.max_raw_bytes)",
                                letter.raw.size(), letter.raw_bytes)};
      return reading;
    }
    try {
      reading.batch = parse(parser_, letter);
    } catch (const Error& error) {
      reading.result.refusal = Rejection{0, {}, Reason::malformed, error.message()};
      return reading;
    }
    if (!reading.batch.rejections.empty()) {
      reading.result.refusal = reading.batch.rejections.front();
    }
    complete(reading, letter);
    return reading;
  }

  // Says why when the store could not take all of them.
  std::optional<Error> append(std::vector<Reading>& readings) {
    std::vector<const LogRecord*> records;
    std::vector<Replayed*> owners;
    for (Reading& reading : readings) {
      for (const LogRecord& record : reading.batch.records) {
        records.push_back(&record);
        owners.push_back(&reading.result);
      }
    }
    if (store_ == nullptr) {
      for (Replayed* owner : owners) ++owner->stored;
      return std::nullopt;
    }
    if (records.empty()) return std::nullopt;
    try {
      return settle(store_->append(records, {kSource}), owners);
    } catch (const Error& error) {
      return error;
    }
  }

 private:
  static std::optional<Error> settle(const storage::AppendResult& result,
                                     const std::vector<Replayed*>& owners) {
    bool complete = true;
    for (std::size_t i = 0; i < owners.size(); ++i) {
      switch (i < result.outcomes.size() ? result.outcomes[i] : Outcome::failed) {
        case Outcome::stored:
          ++owners[i]->stored;
          break;
        case Outcome::duplicate:
          ++owners[i]->duplicates;
          break;
        case Outcome::rejected:
          owners[i]->refusal = Rejection{0, {}, Reason::refused_by_store, {}};
          break;
        case Outcome::failed:
          complete = false;
          break;
      }
    }
    for (const auto& [position, words] : result.refusals) {
      owners.at(position)->refusal->message = words;
    }
    if (complete) return std::nullopt;
    return Error(ErrorCode::unavailable,
                 result.failure.empty() ? "the store gave no reason" : result.failure);
  }

  // Gives the records that the parser took what the first attempt would have given them.
  void complete(Reading& reading, const DeadLetter& letter) {
    std::vector<LogRecord>& records = reading.batch.records;
    for (LogRecord& record : records) {
      if (record.id_assigned) {
        record.event_id = reading.batch.arena->copy(
            letter.index ? letter.id : fmt::format("{}-{}", letter.id, record.index));
      }
      // The parser gave it the time of now.
      if (record.timestamp == record.received_at) record.timestamp = letter.at;
      record.received_at = letter.at;
    }
    const microseconds age = clock_.now() - letter.at;
    const microseconds most = rules_->age_limit(letter.tenant).most;
    if (most.count() == 0 || age <= most) return;
    const auto too_old = std::erase_if(
        records, [&letter](const LogRecord& record) { return record.timestamp == letter.at; });
    if (too_old == 0) return;
    reading.result.refusal =
        Rejection{0, "timestamp", Reason::too_old,
                  fmt::format("came in at {}, at most {} in the past is allowed",
                              format_rfc3339(letter.at), format_duration(most))};
  }

  storage::LogStore* store_;
  const std::shared_ptr<const Rules> rules_;
  const Clock& clock_;
  Parser parser_;
};

}  // namespace

ReplayResult replay(std::span<const DeadLetter> letters, storage::LogStore* store,
                    std::shared_ptr<const Rules> rules, const Clock& clock) {
  Replay work(store, std::move(rules), clock);
  ReplayResult result;
  result.letters.reserve(letters.size());
  while (!letters.empty()) {
    const auto some = letters.first(std::min(kAtOnce, letters.size()));
    letters = letters.subspan(some.size());
    std::vector<Reading> readings;
    readings.reserve(some.size());
    for (const DeadLetter& letter : some) readings.push_back(work.read(letter));
    result.failure = work.append(readings);
    if (result.failure) break;
    for (Reading& reading : readings) result.letters.push_back(std::move(reading.result));
  }
  return result;
}

}  // namespace logctl::ingest
