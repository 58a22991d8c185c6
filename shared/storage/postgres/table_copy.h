// Tables as PostgreSQL's binary COPY, and what they hold.
//
// Not thread-safe; the connection belongs to the caller. Throws ServerError, or Error{storage} on
// data that is not such a copy.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/row_digest.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

struct Column {
  std::string name;
  std::uint32_t type = 0;  // the server's number for it
};

// In the order of their names, without dropped and generated ones. `table` is quoted as it must be.
std::vector<Column> columns_of(Connection& connection, const std::string& table);
std::vector<std::string> names_of(const std::vector<Column>& columns);

// "a", with quotes inside doubled.
std::string quoted_name(std::string_view name);
// COPY of these columns from the client.
std::string copy_in_statement(const std::string& table, const std::vector<std::string>& columns);

// Takes such a copy in pieces of any size and adds its rows to a digest.
class CopyReader {
 public:
  // `table`: the name that counts for the hash.
  CopyReader(std::string_view table, const std::vector<Column>& columns);
  void take(std::string_view piece);
  // False when the copy ended before its end mark.
  bool complete() const { return ended_; }
  const TableDigest& digest() const { return digest_.result(); }

 private:
  std::size_t read_some(std::string_view data);
  std::size_t read_row(std::string_view data);
  void value(std::size_t column, std::string_view bytes);

  std::vector<Column> columns_;
  RowDigest digest_;
  std::string rest_;
  bool begun_ = false;
  bool ended_ = false;
};

// Reads the whole table; only `columns` count. `also` gets the copy as it comes.
TableDigest copy_table(Connection& connection, const std::string& table, std::string_view counts_as,
                       const std::vector<Column>& columns,
                       const std::function<void(std::string_view)>& also = {});

}  // namespace logctl::storage::postgres
