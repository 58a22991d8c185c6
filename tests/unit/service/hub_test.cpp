// The hub of the live tail: who hears what, in which order, and what is bounded.
#include "service/tail/hub.h"

#include "service/tail/position.h"
#include "service/tail/publishing_store.h"
#include "shared/query/syntax.h"
#include "tests/support/catch.h"
#include "tests/support/fake_store.h"

#include <atomic>
#include <chrono>
#include <span>
#include <thread>

using namespace logctl;
using namespace logctl::tail;

namespace {

constexpr std::int64_t kStart = 1'768'000'000'000'000;

// Records with text of their own.
struct Records {
  explicit Records(std::vector<std::string> names, std::string_view service = "api",
                   std::string_view tenant = "default") {
    texts = std::move(names);
    static std::int64_t received = 0;
    for (const std::string& name : texts) {
      LogRecord& record = all.emplace_back();
      record.event_id = name;
      record.timestamp = from_micros(kStart + static_cast<std::int64_t>(all.size()));
      record.received_at = from_micros(kStart + ++received);
      record.service = service;
      record.tenant = tenant;
      record.message = "text";
    }
    for (const LogRecord& record : all) pointers.push_back(&record);
  }
  std::vector<std::string> texts;
  std::vector<LogRecord> all;
  std::vector<const LogRecord*> pointers;
};

query::Query question(std::string_view text, std::string tenant = "default") {
  query::Query query;
  query.tenant = std::move(tenant);
  query::parse_text(text, from_micros(kStart), query);
  return query;
}

// Takes until `count` records and skipped ones are there.
struct Heard {
  std::vector<std::string> ids;
  std::vector<std::string> positions;
  std::uint64_t skipped = 0;
};
void listen(Subscriber& subscriber, std::size_t count, Heard& heard) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (heard.ids.size() + heard.skipped < count) {
    REQUIRE(std::chrono::steady_clock::now() < end);
    const Subscriber::Taken taken = subscriber.take(1 << 20, {});
    for (const EventPointer& event : taken.events) {
      heard.positions.push_back(event->position);
      heard.ids.push_back(parse_position(event->position)->event_id);
    }
    heard.skipped += taken.skipped;
    if (taken.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}
Heard listen(Subscriber& subscriber, std::size_t count) {
  Heard heard;
  listen(subscriber, count, heard);
  return heard;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("tail: a position survives its text form, and junk is none", "[tail]") {
  const Records records({"e 1\xC3\xA4"});
  const std::string text = format_position(records.all[0]);
  const auto position = parse_position(text);
  REQUIRE(position);
  CHECK(position->received_at == records.all[0].received_at);
  CHECK(position->timestamp == records.all[0].timestamp);
  CHECK(position->event_id == "e 1\xC3\xA4");
  for (const std::string& bad :
       {std::string(), std::string("."), std::string("junk"), "x" + text, text.substr(0, 12),
        "." + text.substr(text.find('.') + 1), "-1" + text, std::string(5000, 'f'),
        "7fffffffffffffff." + text.substr(text.find('.') + 1)}) {
    INFO(bad);
    CHECK_FALSE(parse_position(bad));
  }
}

TEST_CASE("tail: everybody hears what he asked for, in the order of arrival", "[tail]") {
  Hub hub({});
  const auto all = hub.subscribe(question(""), {}).subscriber;
  const auto same = hub.subscribe(question(""), {}).subscriber;
  const auto web = hub.subscribe(question("service:web"), {}).subscriber;
  const auto other = hub.subscribe(question("", "other"), {}).subscriber;
  hub.publish("me", Records({"a", "b"}).pointers);
  hub.publish("me", Records({"w"}, "web").pointers);
  hub.publish("me", Records({"o"}, "web", "other").pointers);
  CHECK(listen(*all, 3).ids == Ids{"a", "b", "w"});
  CHECK(listen(*same, 3).ids == Ids{"a", "b", "w"});
  CHECK(listen(*web, 1).ids == Ids{"w"});
  CHECK(listen(*other, 1).ids == Ids{"o"});
  CHECK(hub.is_ours("me"));
  CHECK_FALSE(hub.is_ours("you"));
  CHECK(hub.tenants() == Ids{"default", "other"});
}

TEST_CASE("tail: what others are found to have stored is told once", "[tail]") {
  Hub hub({});
  const auto all = hub.subscribe(question(""), {}).subscriber;
  const Records mine({"a", "b"});
  hub.publish("me", mine.pointers);
  Batch found;
  found.records = mine.all;
  const Records news({"a", "b", "c"});
  found.records.push_back(news.all[2]);
  hub.publish_found(std::move(found), "default");
  hub.publish("me", Records({"x", "y", "z", "end"}).pointers);
  const Heard heard = listen(*all, 7);
  CHECK(heard.ids == Ids{"a", "b", "c", "x", "y", "z", "end"});
  CHECK(hub.was_published(news.all[2], "default"));
  CHECK_FALSE(hub.was_published(news.all[2], "other"));
}

TEST_CASE("tail: who comes back goes on behind his last record", "[tail]") {
  Hub hub({});
  const auto first = hub.subscribe(question("service:api"), {}).subscriber;
  hub.publish("me", Records({"a", "b", "c"}).pointers);
  hub.publish("me", Records({"-", "-", "-", "w"}, "web").pointers);
  const Heard heard = listen(*first, 3);
  hub.leave(*first);
  CHECK(hub.subscribers() == 0);
  CHECK(hub.listening());  // for a while
  hub.publish("me", Records({"-", "-", "-", "-", "d"}).pointers);
  const auto wait = hub.subscribe(question("event_id:d"), {}).subscriber;
  // All of it is in the memory once a later record has been told.
  hub.publish("me", Records({"-", "-", "-", "-", "-", "e"}).pointers);
  const auto last = hub.subscribe(question("event_id:e"), {}).subscriber;
  hub.publish("me", Records({"-", "-", "-", "-", "-", "-", "f"}).pointers);
  static_cast<void>(wait);

  const auto back = hub.subscribe(question("service:api event_id:(c or d or e or f)"),
                                  parse_position(heard.positions[1]));
  CHECK(back.resumed);
  CHECK(listen(*back.subscriber, 4).ids == Ids{"c", "d", "e", "f"});
  static_cast<void>(last);

  const Records never({"never"});
  CHECK_FALSE(hub.subscribe(question(""), parse_position(format_position(never.all[0]))).resumed);
  // Of another tenant, the same record is not his.
  CHECK_FALSE(hub.subscribe(question("", "other"), parse_position(heard.positions[1])).resumed);
}

TEST_CASE("tail: who is too slow is skipped, and every record is accounted for", "[tail]") {
  Hub::Limits limits;
  limits.subscriber_bytes = 4096;
  Hub hub(limits);
  const auto slow = hub.subscribe(question("-event_id:end"), {}).subscriber;
  const auto end = hub.subscribe(question("event_id:end"), {}).subscriber;
  std::vector<std::string> names;
  for (int i = 0; i < 500; ++i) names.push_back("r" + std::to_string(i));
  const Records many(names);
  hub.publish("me", many.pointers);
  Ids tail_names(600, "-");
  tail_names.push_back("end");
  const Records ending(tail_names);
  hub.publish("me", std::span(ending.pointers).last(1));
  listen(*end, 1);  // so all of them were told
  CHECK(slow->waiting_bytes() <= 4096);
  Heard heard;
  listen(*slow, 500, heard);
  CHECK(heard.skipped > 0);
  CHECK(heard.ids.size() + heard.skipped == 500);
  for (std::size_t i = 0; i < heard.ids.size(); ++i) CHECK(heard.ids[i] == names[i]);
  // Behind the gap it goes on.
  Ids later(700, "-");
  later.push_back("later");
  const Records after_gap(later);
  hub.publish("me", std::span(after_gap.pointers).last(1));
  CHECK(listen(*slow, 1).ids == Ids{"later"});
}

TEST_CASE("tail: places are limited, and leaving gives one back", "[tail]") {
  Hub::Limits limits;
  limits.max_subscribers = 2;
  Hub hub(limits);
  const auto one = hub.subscribe(question(""), {}).subscriber;
  const auto two = hub.subscribe(question(""), {}).subscriber;
  try {
    hub.subscribe(question(""), {});
    FAIL("a third one was let in");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::overloaded);
    CHECK(error.message() == "2 clients follow already");
  }
  hub.leave(*one);
  hub.leave(*one);
  CHECK(hub.subscribers() == 1);
  CHECK_NOTHROW(hub.subscribe(question(""), {}));
  static_cast<void>(two);
}

TEST_CASE("tail: while nobody follows, nothing is kept", "[tail]") {
  Hub::Limits limits;
  limits.linger = microseconds(0);
  Hub hub(limits);
  CHECK_FALSE(hub.listening());
  const auto one = hub.subscribe(question(""), {}).subscriber;
  hub.publish("me", Records({"a"}).pointers);
  const Heard heard = listen(*one, 1);
  hub.leave(*one);
  CHECK_FALSE(hub.listening());
  hub.sweep();
  CHECK_FALSE(hub.subscribe(question(""), parse_position(heard.positions[0])).resumed);
}

TEST_CASE("tail: a subscriber is woken once for what comes", "[tail]") {
  Hub hub({});
  const auto one = hub.subscribe(question(""), {}).subscriber;
  std::atomic<int> woken = 0;
  CHECK(one->take(1000, [&woken] { ++woken; }).empty());
  hub.publish("me", Records({"a", "b"}).pointers);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (woken == 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  CHECK(woken == 1);
  CHECK(listen(*one, 2).ids == Ids{"a", "b"});
  CHECK(woken == 1);
}

TEST_CASE("tail: of an append, what was stored is told and nothing else", "[tail]") {
  test::FakeStore store;
  Hub hub({});
  PublishingStore publishing(store, hub);
  const auto all = hub.subscribe(question(""), {}).subscriber;
  const Records records({"a", "b", "c", "d"});
  store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id == "b") return Outcome::duplicate;
    if (record.event_id == "c") return Outcome::rejected;
    return Outcome::stored;
  });
  const storage::AppendResult result = publishing.append(records.pointers, {"spool"});
  CHECK(result.outcomes[1] == Outcome::duplicate);
  CHECK(listen(*all, 2).ids == Ids{"a", "d"});
  CHECK(hub.is_ours("spool"));
}
