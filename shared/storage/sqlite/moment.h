// What one connection reads until the end of this belongs to one moment of its file.
//
// One thread; no other transaction may be open on the connection. Statements end before it.
#pragma once

#include "shared/storage/sqlite/connection.h"

namespace logctl::storage::sqlite {

class Moment {
 public:
  explicit Moment(Connection& connection) : connection_(connection) {
    connection_.execute("BEGIN");
  }
  ~Moment() {
    try {
      connection_.execute("COMMIT");
    } catch (const Error&) {  // a read that failed has ended it
    }
  }
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

 private:
  Connection& connection_;
};

}  // namespace logctl::storage::sqlite
