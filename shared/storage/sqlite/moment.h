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
    if (begun_) connection_.prepare("BEGIN").run();
  }
  ~Moment() {
    if (!begun_) return;
    try {
      connection_.prepare("COMMIT").run();
    } catch (const Error&) {  // a read that failed has ended it
    }
  }
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

 private:
  Connection& connection_;
  const bool begun_;
};

}  // namespace logctl::storage::sqlite
