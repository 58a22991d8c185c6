// Whatever is done, every store answers as the one in memory does.
#include "shared/storage/memory/message_store.h"
#include "tests/conformance/message_world.h"

#include <map>
#include <memory>
#include <random>

using namespace logctl;
using namespace logctl::test;

namespace {

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}
  int below(int count) { return static_cast<int>(random_() % static_cast<unsigned>(count)); }
  bool one_in(int count) { return below(count) == 0; }

 private:
  std::mt19937 random_;
};

constexpr const char* kNamespaces[] = {"shop", "other"};

std::string some_stream(Chance& chance) {
  constexpr const char* kForms[] = {"a-", "b-", "a", "b+c-", "a-1+"};
  const std::string form = kForms[chance.below(5)];
  return form == "a" ? form : form + std::to_string(chance.below(6));
}

Draft some_draft(Chance& chance) {
  Draft draft;
  draft.name_space = chance.one_in(25) ? "nowhere" : kNamespaces[chance.below(2)];
  draft.stream = some_stream(chance);
  draft.type = chance.one_in(2) ? "T" : "U";
  draft.data = "{\"n\":" + std::to_string(chance.below(3)) + "}";
  if (chance.one_in(3)) {
    draft.metadata = "{\"correlationStreamName\":\"" + some_stream(chance) + "\"}";
  }
  if (chance.one_in(2)) draft.expected = chance.below(5) - 1;
  // Few enough for repeats.
  draft.id = message_id(static_cast<std::uint64_t>(chance.below(400)));
  return draft;
}

std::string text_of(const Message& message) {
  return message.id + " " + message.stream + " " + message.type + " " +
         std::to_string(message.position) + " " + std::to_string(message.global_position) + " " +
         message.data + message.metadata + " " +
         std::to_string(message.time.time_since_epoch().count());
}

std::vector<std::string> texts_of(const std::vector<Message>& messages) {
  std::vector<std::string> result;
  for (const Message& message : messages) result.push_back(text_of(message));
  return result;
}

// What an import says: how many, or that there is a conflict.
std::string import_into(storage::MessageStore& store, std::string_view name_space,
                        const std::vector<Message>& messages, bool skip_same) {
  try {
    return std::to_string(store.import(name_space, messages, skip_same));
  } catch (const Error& error) {
    return error.code() == ErrorCode::conflict ? "conflict" : error.message();
  }
}

class Twins {
 public:
  explicit Twins(unsigned seed)
      : chance_(seed),
        model_(storage::memory::open_messages(storage::memory::make_message_data())) {
    world_.add_namespace("other");
    for (const char* name : kNamespaces) {
      storage::Namespace row;
      row.id = name;
      model_->create_namespace(row);
    }
  }

  void step() {
    world_.time += std::chrono::nanoseconds(chance_.below(3) - 1);
    switch (chance_.below(12)) {
      case 0:
        return import();
      case 1:
        if (chance_.one_in(6)) CHECK(store().clear("other") == model_->clear("other"));
        return;
      case 2:
        if (chance_.one_in(5)) world_.reopen();
        return;
      case 3:
      case 4:
      case 5:
        return read();
      default:
        return write();
    }
  }

  void compare() {
    for (const char* name : kNamespaces) {
      const auto one = store().namespace_figures(name).value();
      const auto two = model_->namespace_figures(name).value();
      CHECK(one.messages == two.messages);
      CHECK(one.streams == two.streams);
      CHECK(one.last_global_position == two.last_global_position);
      CHECK(one.last_activity == two.last_activity);
      const storage::MessageAudit audit = store().verify(name, {});
      const storage::MessageAudit expected = model_->verify(name, {});
      CHECK(audit.digest == expected.digest);
      CHECK(audit.problem_count == expected.problem_count);
    }
  }

 private:
  storage::MessageStore& store() { return world_.messages(); }

  void write() {
    std::vector<Draft> drafts(static_cast<std::size_t>(1 + chance_.below(12)));
    for (Draft& draft : drafts) draft = some_draft(chance_);
    const auto results = MessageWorld::write_to(store(), drafts, world_.time);
    const auto expected = MessageWorld::write_to(*model_, drafts, world_.time);
    REQUIRE(results.size() == drafts.size());
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      INFO(drafts[i].name_space << " " << drafts[i].stream << " " << drafts[i].id);
      REQUIRE(results[i].kind == expected[i].kind);
      REQUIRE(results[i].position == expected[i].position);
      REQUIRE(results[i].global_position == expected[i].global_position);
    }
  }

  void import() {
    const char* name_space = kNamespaces[chance_.below(2)];
    const std::int64_t base = model_->namespace_figures(name_space)->last_global_position;
    std::vector<Message> messages;
    std::map<std::string, std::int64_t> next;
    for (int i = 1 + chance_.below(5); i > 0; --i) {
      Message& message = messages.emplace_back();
      message.stream = some_stream(chance_);
      const auto version = model_->version(name_space, message.stream).value_or(-1);
      message.position = next.try_emplace(message.stream, version + 1).first->second++;
      message.global_position = base + 1 + static_cast<std::int64_t>(messages.size()) * 2;
      message.id = message_id(1000 + static_cast<std::uint64_t>(base * 10 + i));
      message.type = "I";
      message.data = "{}";
      message.time = world_.time;
      // Sometimes one whose place is taken.
      if (chance_.one_in(8)) message.global_position = 1 + chance_.below(50);
      if (chance_.one_in(8))
        message.id = message_id(static_cast<std::uint64_t>(chance_.below(400)));
    }
    // What is there already, too.
    if (chance_.one_in(3)) {
      CategoryRead read = world_.reading_category("", 1 + chance_.below(50), 2);
      read.name_space = name_space;
      for (Message& message : model_->read_category(read).messages) {
        messages.insert(messages.begin(), std::move(message));
      }
    }
    const bool skip_same = !chance_.one_in(3);
    CHECK(import_into(store(), name_space, messages, skip_same) ==
          import_into(*model_, name_space, messages, skip_same));
  }

  void read() {
    CategoryRead read = world_.reading_category("", 1 + chance_.below(100),
                                                static_cast<std::size_t>(1 + chance_.below(30)));
    read.name_space = kNamespaces[chance_.below(2)];
    if (!chance_.one_in(4)) read.category = chance_.one_in(2) ? "a" : "b+c";
    if (chance_.one_in(3)) read.correlation = chance_.one_in(2) ? "a" : "b";
    if (chance_.one_in(2)) {
      const int size = 1 + chance_.below(4);
      read.group = storage::ConsumerGroup{chance_.below(size), size};
    }
    CHECK(texts_of(MessageWorld::all_of(store(), read)) ==
          texts_of(MessageWorld::all_of(*model_, read)));

    StreamRead stream = world_.reading(some_stream(chance_), chance_.below(8) - 1,
                                       static_cast<std::size_t>(1 + chance_.below(5)));
    stream.name_space = read.name_space;
    if (chance_.one_in(2)) stream.global_position = chance_.below(100);
    const MessagePage page = store().read_stream(stream);
    const MessagePage expected = model_->read_stream(stream);
    CHECK(texts_of(page.messages) == texts_of(expected.messages));
    CHECK(page.more == expected.more);
    for (const char* type : {"", "T", "I"}) {
      const auto last = store().last(stream.name_space, stream.stream, type);
      const auto model = model_->last(stream.name_space, stream.stream, type);
      CHECK((last ? text_of(*last) : "") == (model ? text_of(*model) : ""));
    }
    CHECK(store().version(stream.name_space, stream.stream) ==
          model_->version(stream.name_space, stream.stream));
    CHECK(store().pokes(read.name_space, read.global_position, read.limit) ==
          model_->pokes(read.name_space, read.global_position, read.limit));
  }

  Chance chance_;
  MessageWorld world_;
  std::unique_ptr<storage::MessageStore> model_;
};

}  // namespace

TEST_CASE("messages: random work ends the same in every store", "[messages]") {
  const unsigned seed = GENERATE(1U, 2U, 3U);
  INFO("seed " << seed);
  Twins twins(seed);
  for (int i = 0; i < 100; ++i) {
    twins.step();
    if (i % 25 == 24) twins.compare();
  }
}
