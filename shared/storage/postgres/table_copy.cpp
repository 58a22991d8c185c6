#include "shared/storage/postgres/table_copy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kSignature("PGCOPY\n\377\r\n\0", 11);
// Microseconds from 1970 to 2000, where the server's times begin.
constexpr std::int64_t kEpoch = 946'684'800'000'000;

enum Type : std::uint32_t {
  kBool = 16,
  kBigint = 20,
  kSmallint = 21,
  kInteger = 23,
  kDouble = 701,
  kTimestamp = 1114,
  kTimestampTz = 1184,
  kJsonb = 3802,
};

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

std::int32_t length_at(std::string_view data) {
  return static_cast<std::int32_t>(big_endian(data.substr(0, 4)));
}

std::string column_list(const std::vector<std::string>& columns) {
  std::vector<std::string> list;
  for (const std::string& column : columns) list.push_back(quoted_name(column));
  return fmt::format("{}", fmt::join(list, ", "));
}

// As a query: COPY of a table itself passes over what of it is compressed.
std::string copy_out_statement(const std::string& table, const std::vector<std::string>& columns) {
  return fmt::format("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT binary)", column_list(columns),
                     table);
}

[[noreturn]] void not_a_copy(std::string_view why) {
  throw Error(ErrorCode::storage, fmt::format("not a binary COPY of PostgreSQL: {}", why));
}

}  // namespace

std::vector<Column> columns_of(Connection& connection, const std::string& table) {
  const Result found = connection.execute(
      "read the columns of a table",
      fmt::format("SELECT attname, atttypid FROM pg_attribute WHERE attrelid = {}::regclass AND "
                  "attnum > 0 AND NOT attisdropped AND attgenerated = '' "
                  "ORDER BY attname COLLATE \"C\"",
                  connection.quote(table)));
  std::vector<Column> columns;
  for (int i = 0; i < found.rows(); ++i) {
    const std::string_view type = found.value(i, 1);
    Column& column = columns.emplace_back();
    column.name = found.value(i, 0);
    std::from_chars(type.data(), type.data() + type.size(), column.type);
  }
  return columns;
}

std::vector<std::string> names_of(const std::vector<Column>& columns) {
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.name);
  return names;
}

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

std::string copy_in_statement(const std::string& table, const std::vector<std::string>& columns) {
  return fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", table, column_list(columns));
}

CopyReader::CopyReader(std::string_view table, const std::vector<Column>& columns)
    : columns_(columns), digest_(table, names_of(columns)) {}

void CopyReader::take(std::string_view piece) {
  // Nearly always a piece is a whole row and nothing is left over.
  if (!rest_.empty()) {
    rest_ += piece;
    piece = rest_;
  }
  while (const std::size_t used = read_some(piece)) piece.remove_prefix(used);
  if (ended_ && !piece.empty()) not_a_copy("there is more after its end");
  rest_ = std::string(piece);
}

// How many bytes were understood; 0 when more are needed.
std::size_t CopyReader::read_some(std::string_view data) {
  if (ended_) return 0;
  if (begun_) return read_row(data);
  constexpr std::size_t kHeader = kSignature.size() + 8;
  if (data.size() < kHeader) return 0;
  if (!data.starts_with(kSignature)) not_a_copy("its first bytes are others");
  const auto extension = static_cast<std::size_t>(big_endian(data.substr(kHeader - 4, 4)));
  if (data.size() < kHeader + extension) return 0;
  begun_ = true;
  return kHeader + extension;
}

std::size_t CopyReader::read_row(std::string_view data) {
  if (data.size() < 2) return 0;
  const auto fields = static_cast<std::uint16_t>(big_endian(data.substr(0, 2)));
  if (fields == 0xffff) {
    ended_ = true;
    return 2;
  }
  if (fields != columns_.size()) {
    not_a_copy(fmt::format("a row has {} values, expected {}", fields, columns_.size()));
  }
  std::size_t at = 2;
  for (std::size_t i = 0; i < fields; ++i) {
    if (data.size() < at + 4) return 0;
    const std::int32_t length = length_at(data.substr(at));
    if (length < -1) not_a_copy("a value has no possible length");
    at += 4 + static_cast<std::size_t>(std::max(length, 0));
    if (data.size() < at) return 0;
  }
  digest_.begin();
  std::string_view left = data.substr(2);
  for (std::size_t i = 0; i < fields; ++i) {
    const std::int32_t length = length_at(left);
    left.remove_prefix(4);
    if (length < 0) continue;
    value(i, left.substr(0, static_cast<std::size_t>(length)));
    left.remove_prefix(static_cast<std::size_t>(length));
  }
  digest_.end();
  return at;
}

void CopyReader::value(std::size_t column, std::string_view bytes) {
  const auto number = [bytes] { return static_cast<std::int64_t>(big_endian(bytes)); };
  switch (columns_[column].type) {
    case kTimestamp:
    case kTimestampTz:
      return digest_.integer(column, number() + kEpoch);
    case kBigint:
    case kBool:
      return digest_.integer(column, number());
    case kInteger:
      return digest_.integer(column, static_cast<std::int32_t>(number()));
    case kSmallint:
      return digest_.integer(column, static_cast<std::int16_t>(number()));
    case kDouble:
      return digest_.real(column, std::bit_cast<double>(number()));
    case kJsonb:
      return digest_.text(column, bytes.substr(1));  // after the number of the format
    default:
      return digest_.text(column, bytes);
  }
}

TableDigest copy_table(Connection& connection, const std::string& table, std::string_view counts_as,
                       const std::vector<Column>& columns,
                       const std::function<void(std::string_view)>& also) {
  CopyReader reader(counts_as, columns);
  connection.copy_out("read " + table, copy_out_statement(table, names_of(columns)),
                      [&](std::string_view piece) {
                        reader.take(piece);
                        if (also) also(piece);
                      });
  if (!reader.complete()) not_a_copy("it ends in the middle");
  return reader.digest();
}

}  // namespace logctl::storage::postgres
