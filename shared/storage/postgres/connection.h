// One libpq connection and its results, owned. For the writing side, which needs binary COPY;
// queries go through the pool.
//
// Not thread-safe. Failures throw ServerError, which keeps the SQLSTATE for those who decide on it.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/storage/postgres/sqlstate.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace logctl::storage::postgres {

// An Error with what the server said.
class ServerError : public Error {
 public:
  ServerError(std::string_view what, std::string_view sqlstate, std::string_view message,
              std::string_view context = {}, bool names_constraint = true);
  Fault fault() const { return fault_; }
  const std::string& sqlstate() const { return sqlstate_; }
  const std::string& said() const { return said_; }        // the server's own words, one line
  const std::string& context() const { return context_; }  // where in the input, in its words

 private:
  Fault fault_;
  std::string sqlstate_;
  std::string said_;
  std::string context_;
};

class Result {
 public:
  explicit Result(pg_result* result) : result_(result) {}
  int rows() const;
  bool is_null(int row, int column) const;
  // What the server says it did: "COMMIT", "INSERT 0 5".
  std::string_view command() const;
  // Text, or raw bytes of a binary result; lives as long as the result.
  std::string_view value(int row, int column) const;

 private:
  struct Free {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Free> result_;
};

// A parameter in binary form with its type.
struct BinaryParameter {
  std::uint32_t type = 0;
  std::string_view bytes;
};

// A statement that is prepared once for each connection. Both texts live as long as the program.
struct Prepared {
  const char* name;
  const char* sql;
};

struct Call {
  const Prepared* statement = nullptr;
  std::vector<BinaryParameter> parameters = {};
};

class Connection {
 public:
  // Connects, at most for the connect time-out in `conninfo`. Refuses servers before version 13.
  explicit Connection(const std::string& conninfo);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs one or several statements without parameters; the last one's result. `what` is for errors.
  Result execute(std::string_view what, const std::string& sql);
  // Runs one statement. With `binary_result`, values come in the server's binary form.
  Result execute(std::string_view what, const std::string& sql,
                 std::span<const BinaryParameter> parameters, bool binary_result = false);

  // Runs prepared statements one after the other in one round trip, and prepares those that this
  // connection has not seen. Parameters go in binary form, values come as text. The first failure
  // is thrown; the server has left out what came behind it. A transaction that was begun is to be
  // rolled back then.
  std::vector<Result> execute_together(std::string_view what, std::span<const Call> calls);

  // `text` as a literal for a statement.
  std::string quote(std::string_view text);

  // COPY FROM STDIN: start, any number of pieces, then exactly one finish, which throws what the
  // server had against it. `copy` says false when sending makes no sense any more.
  void start_copy(std::string_view what, const std::string& sql);
  bool copy(std::string_view piece);
  void finish_copy();

  // COPY TO STDOUT: `take` gets the data in pieces, one row or the header each.
  void copy_out(std::string_view what, const std::string& sql,
                const std::function<void(std::string_view)>& take);

  struct Notification {
    std::string channel;
    std::string payload;
  };
  // What has come after LISTEN; waits for the first at most `wait`.
  std::vector<Notification> notifications(milliseconds wait);

  bool broken() const;
  int backend_pid() const;
  int server_version() const;  // 150004 is 15.4

 private:
  [[noreturn]] void fail(std::string_view what, const pg_result* result);
  void drain();
  void send(std::string_view what, const Call& call);

  pg_conn* connection_;
  std::set<std::string_view> prepared_;
  std::string copy_what_;
};

}  // namespace logctl::storage::postgres
