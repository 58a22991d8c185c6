// libpqxx 6 (Debian 12) and 7 (newer systems) behind one include: the only file that knows the
// difference.
#pragma once

#include <pqxx/pqxx>

#include <exception>
#include <string>
#include <vector>

namespace logctl::storage::postgres {

// A null pointer is NULL.
using Parameters = std::vector<const char*>;

inline pqxx::result run(pqxx::transaction_base& transaction, const std::string& sql,
                        const Parameters& parameters) {
#if defined(PQXX_VERSION_MAJOR) && PQXX_VERSION_MAJOR >= 7
  pqxx::params converted;
  for (const char* parameter : parameters) {
    if (parameter == nullptr) {
      converted.append();
    } else {
      converted.append(parameter);
    }
  }
#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 9
  return transaction.exec(sql, converted);
#else
  return transaction.exec_params(sql, converted);
#endif
#else
  return transaction.exec_params(sql, pqxx::prepare::make_dynamic_params(parameters));
#endif
}

// Ends the statement that another thread runs on the connection. What it cannot reach ends by its
// own time-out.
inline void interrupt(pqxx::connection& connection) noexcept {
  try {
    connection.cancel_query();
  } catch (const std::exception&) {
  }
}

// libpqxx 6 reconnects by itself in the middle of things; we own the retry.
inline void never_reconnect([[maybe_unused]] pqxx::connection& connection) {
#if !defined(PQXX_VERSION_MAJOR) || PQXX_VERSION_MAJOR < 7
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
}

}  // namespace logctl::storage::postgres
