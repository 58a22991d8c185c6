// What one connection reads until the end of this belongs to one moment of its file; within a
// transaction that is open, to that one's.
//
// One thread. Statements end before it.
#pragma once

#include "shared/storage/sqlite/connection.h"

namespace logctl::storage::sqlite {

class Moment {
 public:
  explicit Moment(Connection& connection)
      : connection_(connection), begun_(!connection.in_transaction()) {
    if (!begun_) return;
    try {
      connection_.prepare("BEGIN").run();
    } catch (const Error&) {
      roll_back();
      throw;
    }
  }
  ~Moment() {
    if (!begun_) return;
    try {
      connection_.prepare("COMMIT").run();
    } catch (const Error&) {
      roll_back();
    }
  }
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

 private:
  // A deadline that has passed may interrupt even the statement that ends the transaction: what is
  // kept counts its steps over all of its runs. One that is made anew has too few of them for that.
  void roll_back() noexcept {
    try {
      if (connection_.in_transaction()) connection_.execute("ROLLBACK");
    } catch (const Error&) {  // it has ended by itself
    }
  }

  Connection& connection_;
  const bool begun_;
};

}  // namespace logctl::storage::sqlite
