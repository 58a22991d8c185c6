#include "shared/messages/transfer.h"

#include "shared/base/error.h"
#include "shared/messages/message_json.h"
#include "shared/record/stream_name.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::messages;
using storage::Message;

namespace {

Message message(std::int64_t global_position, std::string stream) {
  Message made;
  made.id = fmt::format("00000000-0000-4000-8000-{:012}", global_position);
  made.stream = std::move(stream);
  made.type = "T";
  made.position = global_position / 2;
  made.global_position = global_position;
  made.data = fmt::format(R"({{"n":{}}})", global_position);
  made.time = storage::MessageTime(std::chrono::seconds(1'700'000'000 + global_position));
  return made;
}

std::string line(const Message& message) {
  std::string out;
  append_export_line(out, message);
  return out;
}

// A source of pages that are as small as it likes.
MessageExporter::Read source(const std::vector<Message>& all, std::size_t page) {
  return [&all, page](const storage::CategoryRead& read) {
    storage::MessagePage out;
    for (const Message& one : all) {
      if (one.global_position < read.global_position) continue;
      if (!read.category.empty() && category_of(one.stream) != read.category) continue;
      if (out.messages.size() == std::min(page, read.limit)) {
        out.more = true;
        break;
      }
      out.messages.push_back(one);
    }
    if (out.more) out.next_global_position = out.messages.back().global_position + 1;
    return out;
  };
}

constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

std::string drain(MessageExporter& exporter) {
  std::string lines;
  while (exporter.next(lines)) {
  }
  return lines;
}

}  // namespace

TEST_CASE("export: several categories in the one order, whatever the pages", "[messages]") {
  std::vector<Message> all;
  for (int i = 1; i <= 50; ++i) {
    all.push_back(message(i * 3, i % 3 == 0 ? "a-1" : i % 3 == 1 ? "b-1" : "c-1"));
  }
  const std::vector<std::vector<std::string>> choices = {
      {}, {"a"}, {"a", "c"}, {"c", "a", "a"}, {"nothing"}};
  for (const auto& categories : choices) {
    std::string expected;
    for (const Message& one : all) {
      const bool chosen =
          categories.empty() ||
          std::ranges::find(categories, category_of(one.stream)) != categories.end();
      if (chosen) expected += line(one) + "\n";
    }
    for (const std::size_t page : {1, 2, 7, 1000}) {
      MessageExporter exporter(source(all, page), "ns", {categories, {}, {}}, 1, kNoEnd);
      CHECK(drain(exporter) == expected);
    }
  }
}

TEST_CASE("export: goes on from every place it told of", "[messages]") {
  std::vector<Message> all;
  for (int i = 1; i <= 2500; ++i) all.push_back(message(i * 2, i % 2 == 0 ? "a-1" : "b-1"));
  MessageExporter whole(source(all, 300), "ns", {{"a", "b"}, {}, {}}, 1, kNoEnd);
  const std::string expected = drain(whole);
  CHECK(whole.messages() == 2500);

  std::string lines;
  std::int64_t position = 1;
  bool more = true;
  while (more) {
    MessageExporter part(source(all, 300), "ns", {{"b", "a"}, {}, {}}, position, kNoEnd);
    more = part.next(lines);
    position = part.position();
  }
  CHECK(lines == expected);
}

TEST_CASE("export: every category ends at the same place while others write", "[messages]") {
  std::vector<Message> all;
  for (int i = 1; i <= 40; ++i) all.push_back(message(i, i % 2 == 0 ? "a-1" : "b-1"));
  for (const std::size_t page : {1, 3, 1000}) {
    std::vector<Message> growing = all;
    int next = 41;
    const auto pages = source(growing, page);
    // Each read finds more than the one before it.
    const auto read = [&](const storage::CategoryRead& asked) {
      for (int i = 0; i < 3; ++i, ++next) {
        growing.push_back(message(next, next % 2 == 0 ? "a-1" : "b-1"));
      }
      return pages(asked);
    };
    MessageExporter exporter(read, "ns", {{"a", "b"}, {}, {}}, 1, 40);
    std::string expected;
    for (const Message& one : all) expected += line(one) + "\n";
    CHECK(drain(exporter) == expected);
    CHECK(exporter.position() == 41);
    // Who goes on from there misses nothing and gets nothing twice.
    MessageExporter rest(read, "ns", {{"a", "b"}, {}, {}}, exporter.position(), 46);
    CHECK(std::ranges::count(drain(rest), '\n') == 6);
    CHECK(rest.position() == 47);
  }
}

TEST_CASE("export: since is inclusive, until is not", "[messages]") {
  std::vector<Message> all;
  for (int i = 1; i <= 10; ++i) all.push_back(message(i, "a-1"));
  MessageExporter exporter(source(all, 4), "ns", {{}, all[2].time, all[5].time}, 1, kNoEnd);
  CHECK(drain(exporter) == line(all[2]) + "\n" + line(all[3]) + "\n" + line(all[4]) + "\n");
  CHECK(exporter.messages() == 3);
  CHECK(exporter.position() == 11);
}

TEST_CASE("export: bounds are times or days", "[messages]") {
  CHECK(parse_time_or_day("2026-01-15") == parse_time("2026-01-15T00:00:00Z"));
  CHECK(parse_time_or_day("2026-01-15T10:30:00.123456789+01:00") ==
        parse_time("2026-01-15T09:30:00.123456789Z"));
  CHECK_FALSE(parse_time_or_day("2026-02-30"));
  CHECK_FALSE(parse_time_or_day("yesterday"));
}

TEST_CASE("import: chunks of a thousand, blank lines are none", "[messages]") {
  std::vector<std::size_t> chunks;
  std::string stored;
  MessageImporter importer(
      [&](std::span<const Message> messages) {
        chunks.push_back(messages.size());
        for (const Message& one : messages) stored += line(one) + "\n";
        return messages.size() - 1;
      },
      1 << 20);
  std::string sent;
  std::size_t announced = 0;
  for (int i = 1; i <= 2300; ++i) {
    const std::string text = line(message(i, "a-1"));
    sent += text + "\n";
    if (importer.add(text, static_cast<std::uint64_t>(i))) ++announced;
    if (i % 100 == 0) CHECK_FALSE(importer.add(i % 200 == 0 ? "" : " \t\r", 0));
  }
  CHECK(announced == 2);
  importer.finish();
  importer.finish();
  CHECK(chunks == std::vector<std::size_t>{1000, 1000, 300});
  CHECK(stored == sent);
  CHECK(importer.counts().lines == 2300);
  CHECK(importer.counts().imported == 2297);
  CHECK(importer.counts().skipped == 3);
  CHECK(importer.counts().global_position == 2300);
}

TEST_CASE("import: large messages make smaller chunks", "[messages]") {
  std::vector<std::size_t> chunks;
  MessageImporter importer(
      [&](std::span<const Message> messages) {
        chunks.push_back(messages.size());
        return messages.size();
      },
      std::uint64_t{4} << 20);
  Message large = message(1, "a-1");
  large.data = R"({"t":")" + std::string(3 << 20, 'x') + R"("})";
  for (int i = 1; i <= 4; ++i) importer.add(line(large), static_cast<std::uint64_t>(i));
  importer.finish();
  CHECK(chunks == std::vector<std::size_t>{3, 1});
}

TEST_CASE("import: what is wrong is told with line and field, and what came before it is stored",
          "[messages]") {
  struct Wrong {
    std::string line;
    ErrorCode code;
    std::string words;
  };
  Message large = message(1, "a-1");
  large.data = R"({"t":"0123456789012345678901234567890123456789"})";
  for (const Wrong& wrong : {
           Wrong{R"({"id" "x"})", ErrorCode::invalid_json,
                 "line 7: not JSON: byte 6: found '\"', expected ':'"},
           Wrong{"nonsense", ErrorCode::validation_error, "line 7: expected an object"},
           Wrong{"[]", ErrorCode::validation_error, "line 7: expected an object"},
           Wrong{R"({"id":"x"})", ErrorCode::validation_error,
                 "line 7: field `id`: expected a UUID"},
           Wrong{R"({"id":"00000000-0000-4000-8000-000000000001"})", ErrorCode::validation_error,
                 "line 7: field `stream`: expected the name of a stream"},
           Wrong{line(message(1, "a-1")) + "x", ErrorCode::invalid_json, "line 7: not JSON: byte "},
           Wrong{line(large), ErrorCode::validation_error,
                 "line 7: data and metadata have 48 bytes, at most 40 are allowed"},
       }) {
    INFO(wrong.line);
    std::size_t stored = 0;
    MessageImporter importer(
        [&](std::span<const Message> messages) {
          stored += messages.size();
          return messages.size();
        },
        40);
    for (int i = 1; i <= 6; ++i) {
      importer.add(line(message(i, "a-1")), static_cast<std::uint64_t>(i));
    }
    try {
      importer.add(wrong.line, 7);
      FAIL("taken");
    } catch (const Error& error) {
      CHECK(error.code() == wrong.code);
      CHECK_THAT(error.message(), Catch::Matchers::StartsWith(wrong.words));
    }
    CHECK(stored == 6);
    CHECK(importer.counts().imported == 6);
  }
}

TEST_CASE("import: what the store refuses is told with its lines", "[messages]") {
  MessageImporter importer(
      [](std::span<const Message>) -> std::size_t {
        throw Error(ErrorCode::conflict, "position 3 of stream 'a-1' is taken");
      },
      1 << 20);
  importer.add(line(message(1, "a-1")), 11);
  importer.add(line(message(2, "a-1")), 12);
  CHECK_THROWS_WITH(importer.finish(), Catch::Matchers::Contains(
                                           "lines 11 to 12: position 3 of stream 'a-1' is taken"));
  CHECK(importer.counts().lines == 0);
}

TEST_CASE("import: what was refused does not count against the next chunk", "[messages]") {
  std::vector<std::size_t> chunks;
  MessageImporter importer(
      [&](std::span<const Message> messages) -> std::size_t {
        chunks.push_back(messages.size());
        if (chunks.size() == 1) throw Error(ErrorCode::unavailable, "the store is away");
        return messages.size();
      },
      std::uint64_t{4} << 20);
  Message large = message(1, "a-1");
  large.data = R"({"t":")" + std::string(3 << 20, 'x') + R"("})";
  importer.add(line(large), 1);
  importer.add(line(large), 2);
  CHECK_THROWS_AS(importer.add(line(large), 3), Error);
  for (std::uint64_t i = 1; i <= 3; ++i) importer.add(line(large), i);
  CHECK(chunks == std::vector<std::size_t>{3, 3});
  CHECK(importer.counts().imported == 3);
}

TEST_CASE("import and export: a line comes back byte by byte", "[messages]") {
  for (
      const std::string text : {
          R"({"id":"0198c2a0-0000-7000-8000-000000000001","stream":"a-1","type":"T","pos":0,"gpos":1,"data":{},"meta":null,"time":"2026-01-15T10:30:00Z"})",
          R"({"id":"0198c2a0-0000-7000-8000-000000000002","stream":"über \"x\"-1+2","type":"Tü","pos":7,"gpos":9007199254740991,"data":{"n":12345678901234567890123,"e":1e400,"z":-0.0,"t":"\u00e4\/"},"meta":{"correlationStreamName":"b-2"},"time":"2026-01-15T10:30:00.123456789Z"})",
      }) {
    std::string stored;
    MessageImporter importer(
        [&](std::span<const Message> messages) {
          stored = line(messages.front());
          return messages.size();
        },
        1 << 20);
    importer.add(text, 1);
    importer.finish();
    CHECK(stored == text);
  }
}
