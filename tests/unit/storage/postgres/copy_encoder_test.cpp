#include "shared/storage/postgres/copy_encoder.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::storage::postgres;

namespace {

// Reads what the encoder wrote, field by field.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  std::string_view raw(std::size_t size) {
    REQUIRE(rest_.size() >= size);
    const std::string_view result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return result;
  }
  std::int64_t number(std::size_t size) {
    std::uint64_t value = 0;
    const std::string_view bytes = raw(size);
    for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
    if (size < 8 && (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0) {
      value |= ~std::uint64_t{0} << (8 * size);
    }
    return static_cast<std::int64_t>(value);
  }
  // "NULL" for a null.
  std::string field() {
    const std::int64_t size = number(4);
    return size < 0 ? "NULL" : std::string(raw(static_cast<std::size_t>(size)));
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::string big_endian(std::int64_t value) { return encode_value(value); }

}  // namespace

TEST_CASE("copy encoder: a full record is twenty fields in the order of the columns", "[storage]") {
  LogRecord r;
  r.timestamp = *parse_rfc3339("2000-01-01T00:00:01Z");
  r.received_at = *parse_rfc3339("1999-12-31T23:59:59.999999Z");
  r.processed_at = *parse_rfc3339("2000-01-01T00:00:00.000002Z");
  r.event_id = "e";
  r.tenant = "t";
  r.service = "svc";
  r.level = Level::warning;
  r.message = "héllo";
  r.event_type = "error";
  r.event_name = "boom";
  r.user_id = "u";
  r.session_id = "s";
  r.app_version = "1";
  r.host = "h";
  r.trace_id = "tr";
  r.span_id = "sp";
  r.sequence_number = -2;
  r.priority = "high";
  r.properties = R"({"a":1})";
  r.device_info = "{}";

  CopyEncoder encoder;
  encoder.begin();
  encoder.add(r);
  encoder.end();
  Reader reader(encoder.bytes());
  CHECK(reader.raw(11) == std::string_view("PGCOPY\n\377\r\n\0", 11));
  CHECK(reader.number(4) == 0);
  CHECK(reader.number(4) == 0);
  CHECK(reader.number(2) == 20);
  const std::vector<std::string> expected = {big_endian(1'000'000),
                                             "e",
                                             "t",
                                             big_endian(-1),
                                             "svc",
                                             "WARNING",
                                             "héllo",
                                             "error",
                                             "boom",
                                             "u",
                                             "s",
                                             "1",
                                             "h",
                                             "tr",
                                             "sp",
                                             big_endian(-2),
                                             "high",
                                             "\x01{\"a\":1}",
                                             "\x01{}",
                                             big_endian(2)};
  for (const std::string& value : expected) CHECK(reader.field() == value);
  CHECK(reader.number(2) == -1);
  CHECK(reader.empty());
  const std::string_view columns = copy_columns();
  CHECK(std::count(columns.begin(), columns.end(), ',') == 19);
}

TEST_CASE("copy encoder: absent fields are null, tenant and priority have their defaults",
          "[storage]") {
  LogRecord r;
  r.event_id = "e";
  r.tenant = {};
  r.priority = {};
  CopyEncoder encoder;
  encoder.begin();
  encoder.clear();
  encoder.add(r);
  Reader reader(encoder.bytes());
  CHECK(reader.number(2) == 20);
  std::vector<std::string> fields;
  for (int i = 0; i < 20; ++i) fields.push_back(reader.field());
  CHECK(fields[1] == "e");
  CHECK(fields[2] == "default");
  CHECK(fields[16] == "normal");
  for (const int i : {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19}) {
    INFO("field " << i);
    CHECK(fields[static_cast<std::size_t>(i)] == "NULL");
  }
}

TEST_CASE("copy encoder: records larger than the buffer are whole", "[storage]") {
  const std::string large(3'000'000, 'x');
  LogRecord r;
  r.event_id = "e";
  r.message = large;
  CopyEncoder encoder;
  encoder.begin();
  for (int i = 0; i < 3; ++i) encoder.add(r);
  CHECK(encoder.bytes().size() > 3 * large.size());
  CHECK(encoder.bytes().size() < 3 * (large.size() + 300));
}

TEST_CASE("copy encoder: times count from 2000 and survive the way back", "[storage]") {
  struct Row {
    std::string_view time;
    std::int64_t encoded;
  };
  for (const Row& row :
       {Row{"2000-01-01T00:00:00Z", 0}, Row{"1970-01-01T00:00:00Z", -946684800000000},
        Row{"0000-01-01T00:00:00Z", -63113904000000000},
        Row{"9999-12-31T23:59:59.999999Z", 252455615999999999}}) {
    INFO(row.time);
    CHECK(encode_time(*parse_rfc3339(row.time)) == row.encoded);
    CHECK(decode_time(encode_value(row.encoded)) == *parse_rfc3339(row.time));
  }
}

TEST_CASE("copy encoder: arrays carry their size and type", "[storage]") {
  const std::vector<std::string_view> texts = {"a", "", std::string_view("x\0y", 3)};
  const std::string bytes = encode_array(texts);
  Reader array(bytes);
  CHECK(array.number(4) == 1);   // dimensions
  CHECK(array.number(4) == 0);   // no nulls
  CHECK(array.number(4) == 25);  // text
  CHECK(array.number(4) == 3);   // elements
  CHECK(array.number(4) == 1);   // first index
  CHECK(array.field() == "a");
  CHECK(array.field().empty());
  CHECK(array.field() == std::string("x\0y", 3));
  CHECK(array.empty());
  CHECK(encode_array(std::vector<std::string_view>{}) ==
        std::string("\0\0\0\0\0\0\0\0\0\0\0\x19", 12));
}

TEST_CASE("copy encoder: arrays of numbers", "[storage]") {
  const std::vector<std::int64_t> numbers = {7, -1};
  const std::string bytes = encode_array(numbers);
  Reader array(bytes);
  CHECK(array.number(4) == 1);
  CHECK(array.number(4) == 0);
  CHECK(array.number(4) == 20);  // bigint
  CHECK(array.number(4) == 2);
  CHECK(array.number(4) == 1);
  CHECK(array.field() == std::string("\0\0\0\0\0\0\0\x07", 8));
  CHECK(array.field() == std::string(8, '\xff'));
  CHECK(array.empty());
}

TEST_CASE("copy encoder: uuids go as their bytes", "[storage]") {
  const std::vector<std::string_view> uuids = {"00112233-4455-6677-8899-aabbccddeeff"};
  const std::string bytes = encode_uuids(uuids);
  CHECK(bytes.substr(8, 4) == std::string("\0\0\x0b\x86", 4));  // uuid
  CHECK(bytes.substr(20) == std::string("\0\0\0\x10\x00\x11\x22\x33\x44\x55\x66\x77"
                                        "\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
                                        20));
  for (const std::string_view wrong :
       {"", "00112233", "00112233-4455-6677-8899-aabbccddeef",
        "00112233-4455-6677-8899-aabbccddeegg", "00112233-4455-6677-8899-aabbccddeeffa",
        "00112233-4455-6677-8899-aabbccddeeff00", "001122334455-6677-8899-aabb-ccddeeff-"}) {
    CHECK_THROWS_AS(encode_uuids(std::vector<std::string_view>{wrong}), Error);
  }
}
