// The few connections that write records or messages, each with an encoder's buffer and what it
// knows of namespaces.
//
// Thread-safe. A connection is made when it is needed, kept while it is good, renewed after its
// lifetime.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/copy_encoder.h"
#include "shared/storage/postgres/known_namespaces.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace logctl::storage::postgres {

struct Writer {
  int slot = 0;                            // no two writers at work share one
  std::unique_ptr<Connection> connection;  // null until connected
  std::chrono::steady_clock::time_point connected_at;
  CopyEncoder encoder;
  KnownNamespaces known;  // as long as the connection lives
};

class Writers {
 public:
  struct Settings {
    std::string conninfo;
    std::size_t most = 1;
    microseconds lifetime{};
    bool read_only = false;
    std::string session = {};  // further statements for each new connection
  };
  explicit Writers(Settings settings);

  // One writer, given back when this goes away.
  class Lease {
   public:
    Lease(Writers& owner, std::unique_ptr<Writer> writer);
    ~Lease();
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;

    // Connects when there is no good connection. Throws ServerError.
    Connection& connection();
    // Ends the connection: it broke, or nobody knows what it is in the middle of.
    void drop() { writer_->connection.reset(); }
    KnownNamespaces& known() { return writer_->known; }
    CopyEncoder& encoder() { return writer_->encoder; }
    int slot() const { return writer_->slot; }

   private:
    Writers& owner_;
    std::unique_ptr<Writer> writer_;
  };

  // Waits for a free writer up to `wait`, then throws Error{overloaded}.
  Lease take(microseconds wait);
  // One more writer when one is free just now.
  std::optional<Lease> try_take();

 private:
  Lease hand_out() REQUIRES_LOCK(mutex_);
  void give_back(std::unique_ptr<Writer> writer);
  std::unique_ptr<Connection> connect() const;

  const Settings settings_;
  Mutex mutex_;
  Condition free_;
  std::vector<std::unique_ptr<Writer>> idle_ GUARDED_BY(mutex_);
  std::size_t taken_ GUARDED_BY(mutex_) = 0;
  int made_ GUARDED_BY(mutex_) = 0;
};

}  // namespace logctl::storage::postgres
