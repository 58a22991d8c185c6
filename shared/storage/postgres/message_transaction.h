// One transaction that stores messages: locks its namespaces, looks up what the decisions need and
// the connection does not know, stores, tells the listeners, commits. Two round trips, three where
// more is to be looked up.
//
// The lock on a namespace's row is held until the commit: global positions are given in the order
// of commits, and numbers of streams and categories are counted without gaps. Lives on one
// connection for one attempt; the caller retries with a new one. Failures throw ServerError; the
// connection is then in an unknown state inside the transaction.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/known_namespaces.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::storage::postgres {

inline constexpr std::string_view kMessageChannel = "logctl_messages";
// Of namespaces that got another token, were cleared or deleted.
inline constexpr std::string_view kNamespaceChannel = "logctl_namespaces";

// What is to be looked up: names and ids, each with the name of its namespace; and places, of the
// only namespace that is asked about then.
struct MessageQuestion {
  struct Place {
    std::string_view stream;
    std::int64_t position = 0;
    std::int64_t global_position = 0;
  };
  using Pair = std::pair<std::string_view, std::string_view>;
  std::set<std::string_view> namespaces;
  std::set<Pair> streams;
  std::set<Pair> ids;
  std::vector<Place> places;
};

// A message with its place. Views live as long as the transaction.
struct PlacedMessage {
  std::string_view id;
  std::string_view stream;
  std::string_view type;
  std::string_view data;
  std::string_view metadata;
  std::int64_t position = 0;
  std::int64_t global_position = 0;
  std::int64_t time = 0;  // nanoseconds
};

class MessageTransaction {
 public:
  // `known` is of the connection.
  MessageTransaction(Connection& connection, KnownNamespaces& known)
      : connection_(connection), known_(known) {}

  // What becomes of a namespace that another transaction holds.
  enum class Held { wait_for, pass_over };
  // Begins, locks, looks up.
  void begin(const MessageQuestion& question, Held held);
  // Looks up some more ids and places, in namespaces that are locked.
  void look_up(const MessageQuestion& question);
  // Nothing when it is not locked.
  LockedNamespace* find(std::string_view name);
  // Whether it is there, but another transaction has it, or had it at the last look.
  bool is_held(std::string_view name);
  // The server's number of this transaction; empty without any namespace.
  const std::string& id() const { return id_; }

  // Messages in global order. Sent with the commit.
  void store(LockedNamespace& space, std::span<const PlacedMessage> messages);
  // Stores and commits.
  void commit();
  // Instead of it; nothing was stored.
  void roll_back();

 private:
  void add(const Prepared& statement, std::vector<BinaryParameter> parameters);
  std::string_view keep(std::string bytes);
  BinaryParameter number(std::int64_t value);
  BinaryParameter numbers(std::span<const std::int64_t> values);
  BinaryParameter text(std::string_view value);
  BinaryParameter texts(std::span<const std::string_view> values);
  BinaryParameter uuids(std::span<const std::string_view> values);
  void ask(const MessageQuestion& question);
  void ask_for_streams(const std::set<MessageQuestion::Pair>& streams);
  void ask_for_pairs(const Prepared& statement, const std::set<MessageQuestion::Pair>& pairs);
  void execute();
  void read(std::span<const Result> found);
  void read_locked(const Result& rows, int row);
  LockedNamespace* space_of(const Result& rows, int row);
  void keep_known();
  void store_categories(LockedNamespace& space, std::span<const PlacedMessage> messages);
  void store_streams(LockedNamespace& space, std::span<const PlacedMessage> messages);

  Connection& connection_;
  KnownNamespaces& known_;
  std::map<std::string, LockedNamespace, std::less<>> recalled_;  // until they are locked
  std::string id_;
  std::map<std::int64_t, LockedNamespace> spaces_;
  std::set<std::string, std::less<>> existing_;
  std::deque<std::string> bytes_;  // of the parameters
  std::vector<Call> calls_;
};

}  // namespace logctl::storage::postgres
