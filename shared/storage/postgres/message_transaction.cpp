#include "shared/storage/postgres/message_transaction.h"

#include "shared/record/stream_name.h"
#include "shared/storage/postgres/copy_encoder.h"

#include <algorithm>
#include <charconv>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "store messages";

constexpr Prepared kBegin = {"messages_begin", "BEGIN ISOLATION LEVEL READ COMMITTED"};
constexpr Prepared kCommit = {"messages_commit", "COMMIT"};
constexpr Prepared kRollBack = {"messages_roll_back", "ROLLBACK"};
// Everybody locks in the order of numbers; "+ 0" keeps the planner from walking the index that has
// this order instead of the one with the names. The row is read anew after waiting, and so is
// everything that the statements behind this one look up.
constexpr Prepared kLock = {
    "messages_lock",
    "SELECT ns, id, last_global_position, messages, streams, categories, xmin::text, "
    "pg_current_xact_id()::text FROM message_namespaces WHERE id = ANY ($1) "
    "ORDER BY ns + 0 FOR UPDATE"};
constexpr Prepared kLockFree = {
    "messages_lock_free",
    "SELECT ns, id, last_global_position, messages, streams, categories, xmin::text, "
    "pg_current_xact_id()::text FROM message_namespaces WHERE id = ANY ($1) "
    "ORDER BY ns + 0 FOR UPDATE SKIP LOCKED"};
// Those that are there and not locked are held by somebody else, or were made meanwhile.
constexpr Prepared kNames = {"messages_names",
                             "SELECT id FROM message_namespaces WHERE id = ANY ($1)"};
// From here on nothing takes long, and giving up would not be free.
constexpr Prepared kPatient = {"messages_patient", "SET LOCAL lock_timeout = '5s'"};

// Each row that is looked up is one that a unique index leads to, and the planner has no other way:
// LATERAL with LIMIT 1 keeps it from joining whole tables, and the order, with sorting switched
// off, from any index but the one that ends in what is looked for. So plans that were made while
// the tables were empty stay right, and are made once for each connection.
constexpr Prepared kFindStreams = {
    "messages_find_streams",
    "SELECT n.ns, s.name, s.stream, s.category, s.version "
    "FROM unnest($1, $2) AS asked (name_space, name) CROSS JOIN LATERAL "
    "(SELECT ns FROM message_namespaces WHERE id = asked.name_space LIMIT 1) AS n "
    "CROSS JOIN LATERAL (SELECT name, stream, category, version FROM message_streams "
    "WHERE ns = n.ns AND name BETWEEN asked.name AND asked.name ORDER BY name LIMIT 1) AS s"};
constexpr Prepared kFindCategories = {
    "messages_find_categories",
    "SELECT n.ns, c.name, c.category "
    "FROM unnest($1, $2) AS asked (name_space, name) CROSS JOIN LATERAL "
    "(SELECT ns FROM message_namespaces WHERE id = asked.name_space LIMIT 1) AS n "
    "CROSS JOIN LATERAL (SELECT name, category FROM message_categories "
    "WHERE ns = n.ns AND name BETWEEN asked.name AND asked.name ORDER BY name LIMIT 1) AS c"};
constexpr Prepared kFindIds = {
    "messages_find_ids",
    "SELECT n.ns, m.id, s.name, m.type, m.position, m.global_position, m.data, m.metadata, m.time "
    "FROM unnest($1, $2) AS asked (name_space, id) CROSS JOIN LATERAL "
    "(SELECT ns FROM message_namespaces WHERE id = asked.name_space LIMIT 1) AS n "
    "CROSS JOIN LATERAL (SELECT * FROM stored_messages "
    "WHERE ns = n.ns AND id BETWEEN asked.id::uuid AND asked.id::uuid ORDER BY id LIMIT 1) AS m "
    "CROSS JOIN LATERAL (SELECT name FROM message_streams "
    "WHERE ns = m.ns AND stream BETWEEN m.stream AND m.stream ORDER BY stream LIMIT 1) AS s"};
constexpr Prepared kFindPositions = {
    "messages_find_positions",
    "SELECT n.ns, s.name, m.position FROM message_namespaces n "
    "CROSS JOIN unnest($2, $3) AS asked (name, position) "
    "CROSS JOIN LATERAL (SELECT name, stream FROM message_streams "
    "WHERE ns = n.ns AND name BETWEEN asked.name AND asked.name ORDER BY name LIMIT 1) AS s "
    "CROSS JOIN LATERAL (SELECT position FROM stored_messages "
    "WHERE ns = n.ns AND stream = s.stream AND position BETWEEN asked.position AND asked.position "
    "ORDER BY position LIMIT 1) AS m "
    "WHERE n.id = $1"};
constexpr Prepared kFindGlobalPositions = {
    "messages_find_global_positions",
    "SELECT n.ns, m.global_position FROM message_namespaces n "
    "CROSS JOIN unnest($2) AS asked (at) CROSS JOIN LATERAL (SELECT global_position "
    "FROM stored_messages WHERE ns = n.ns AND global_position BETWEEN asked.at AND asked.at "
    "ORDER BY global_position LIMIT 1) AS m "
    "WHERE n.id = $1"};

// The arrays side by side without a table function, which would keep a copy of each.
constexpr Prepared kStore = {
    "messages_store",
    "INSERT INTO stored_messages (ns, global_position, stream, position, category, time, id, type, "
    "correlation, data, metadata) SELECT $1::integer, unnest($2), unnest($3), unnest($4), "
    "unnest($5), unnest($6), unnest($7), unnest($8), nullif(unnest($9), ''), unnest($10), "
    "nullif(unnest($11), '')"};
// By the row's place, which stands still while the namespace is locked.
constexpr Prepared kMoveStreams = {
    "messages_move_streams",
    "UPDATE message_streams s SET version = greatest(s.version, sent.version), "
    "last_activity = greatest(s.last_activity, sent.time) "
    "FROM unnest($2, $3, $4) AS sent (stream, version, time) "
    "CROSS JOIN LATERAL (SELECT ctid FROM message_streams "
    "WHERE ns = $1::integer AND stream BETWEEN sent.stream AND sent.stream "
    "ORDER BY stream LIMIT 1) AS at WHERE s.ctid = at.ctid"};
constexpr Prepared kMakeStreams = {
    "messages_make_streams",
    "INSERT INTO message_streams (ns, stream, category, name, group_hash, version, last_activity) "
    "SELECT $1::integer, stream, category, name, "
    "CASE WHEN strpos(name, '-') > 0 THEN group_hash END, version, time "
    "FROM unnest($2, $3, $4, $5, $6, $7) AS sent (stream, category, name, group_hash, version, "
    "time)"};
constexpr Prepared kMoveCategories = {
    "messages_move_categories",
    "UPDATE message_categories c SET streams = c.streams + sent.streams, "
    "messages = c.messages + sent.messages FROM unnest($2, $3, $4) AS sent (category, streams, "
    "messages) CROSS JOIN LATERAL (SELECT ctid FROM message_categories "
    "WHERE ns = $1::integer AND category BETWEEN sent.category AND sent.category "
    "ORDER BY category LIMIT 1) AS at WHERE c.ctid = at.ctid"};
constexpr Prepared kMakeCategories = {
    "messages_make_categories",
    "INSERT INTO message_categories (ns, category, name, streams, messages) "
    "SELECT $1::integer, category, name, streams, messages "
    "FROM unnest($2, $3, $4, $5) AS sent (category, name, streams, messages)"};
constexpr Prepared kMoveNamespace = {
    "messages_move_namespace",
    "UPDATE message_namespaces SET last_global_position = greatest(last_global_position, $2), "
    "messages = messages + $3, streams = $4, categories = $5, "
    "last_activity = greatest(last_activity, $6) WHERE ns = $1::integer"};
constexpr Prepared kTell = {"messages_tell", "SELECT pg_notify('logctl_messages', $1)"};

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// As a row's xmin names the transaction: without what counts the turns of 32 bits.
std::string row_version(std::string_view transaction) {
  std::uint64_t number = 0;
  std::from_chars(transaction.data(), transaction.data() + transaction.size(), number);
  return std::to_string(static_cast<std::uint32_t>(number));
}

// A row of kFindIds.
Message message_of(const Result& rows, int row) {
  Message message;
  message.id = rows.value(row, 1);
  message.stream = rows.value(row, 2);
  message.type = rows.value(row, 3);
  message.position = to_integer(rows.value(row, 4));
  message.global_position = to_integer(rows.value(row, 5));
  message.data = rows.value(row, 6);
  message.metadata = rows.value(row, 7);
  message.time = MessageTime(std::chrono::nanoseconds(to_integer(rows.value(row, 8))));
  return message;
}

}  // namespace

std::string_view MessageTransaction::keep(std::string bytes) {
  return bytes_.emplace_back(std::move(bytes));
}
BinaryParameter MessageTransaction::number(std::int64_t value) {
  return {kBigint, keep(encode_value(value))};
}
BinaryParameter MessageTransaction::numbers(std::span<const std::int64_t> values) {
  return {kBigintArray, keep(encode_array(values))};
}
BinaryParameter MessageTransaction::text(std::string_view value) { return {kText, value}; }
BinaryParameter MessageTransaction::texts(std::span<const std::string_view> values) {
  return {kTextArray, keep(encode_array(values))};
}

BinaryParameter MessageTransaction::uuids(std::span<const std::string_view> values) {
  return {kUuidArray, keep(encode_uuids(values))};
}

void MessageTransaction::add(const Prepared& statement, std::vector<BinaryParameter> parameters) {
  calls_.push_back({&statement, std::move(parameters)});
}

void MessageTransaction::begin(const MessageQuestion& question, Held held) {
  const std::vector<std::string_view> names(question.namespaces.begin(), question.namespaces.end());
  for (const std::string_view name : names) {
    if (auto space = known_.take(name)) recalled_.emplace(name, std::move(*space));
  }
  const auto is_known = [&](const MessageQuestion::Pair& stream) {
    const auto space = recalled_.find(stream.first);
    return space != recalled_.end() && space->second.undisturbed &&
           space->second.stream_numbers.contains(std::string(stream.second));
  };
  std::set<MessageQuestion::Pair> asked;
  std::set<MessageQuestion::Pair> left_out;
  for (const MessageQuestion::Pair& stream : question.streams) {
    (is_known(stream) ? left_out : asked).insert(stream);
  }
  add(kBegin, {});
  add(held == Held::pass_over ? kLockFree : kLock, {texts(names)});
  add(kNames, {texts(names)});
  add(kPatient, {});
  ask_for_streams(asked);
  ask(question);
  execute();

  // Where somebody else came between, nothing that was known holds.
  recalled_.clear();
  std::erase_if(left_out, [&](const MessageQuestion::Pair& stream) {
    const LockedNamespace* space = find(stream.first);
    return space == nullptr || space->undisturbed;
  });
  ask_for_streams(left_out);
  execute();
}

void MessageTransaction::look_up(const MessageQuestion& question) {
  ask(question);
  execute();
}

void MessageTransaction::execute() {
  if (calls_.empty()) return;
  const std::vector<Result> found = connection_.execute_together(kWhat, calls_);
  read(found);
  calls_.clear();
}

void MessageTransaction::ask_for_pairs(const Prepared& statement,
                                       const std::set<MessageQuestion::Pair>& pairs) {
  if (pairs.empty()) return;
  std::vector<std::string_view> names;
  std::vector<std::string_view> values;
  for (const auto& [name, value] : pairs) {
    names.push_back(name);
    values.push_back(value);
  }
  add(statement, {texts(names), texts(values)});
}

void MessageTransaction::ask_for_streams(const std::set<MessageQuestion::Pair>& streams) {
  std::set<MessageQuestion::Pair> categories;
  for (const auto& [name, stream] : streams) categories.emplace(name, category_of(stream));
  ask_for_pairs(kFindStreams, streams);
  ask_for_pairs(kFindCategories, categories);
}

// For ids and places.
void MessageTransaction::ask(const MessageQuestion& question) {
  ask_for_pairs(kFindIds, question.ids);
  if (question.places.empty()) return;
  std::vector<std::string_view> streams;
  std::vector<std::int64_t> positions;
  std::vector<std::int64_t> global_positions;
  for (const MessageQuestion::Place& place : question.places) {
    streams.push_back(place.stream);
    positions.push_back(place.position);
    global_positions.push_back(place.global_position);
  }
  const BinaryParameter name = text(*question.namespaces.begin());
  add(kFindPositions, {name, texts(streams), numbers(positions)});
  add(kFindGlobalPositions, {name, numbers(global_positions)});
}

// Nothing for a namespace that was made after the locks were taken: it is none of ours.
LockedNamespace* MessageTransaction::space_of(const Result& rows, int row) {
  const auto space = spaces_.find(to_integer(rows.value(row, 0)));
  return space == spaces_.end() ? nullptr : &space->second;
}

void MessageTransaction::read(std::span<const Result> found) {
  for (std::size_t i = 0; i < calls_.size(); ++i) {
    const Prepared* statement = calls_[i].statement;
    const Result& rows = found[i];
    for (int row = 0; row < rows.rows(); ++row) {
      if (statement == &kNames) {
        existing_.emplace(rows.value(row, 0));
        continue;
      }
      if (statement == &kLock || statement == &kLockFree) {
        read_locked(rows, row);
        continue;
      }
      LockedNamespace* space = space_of(rows, row);
      if (space == nullptr) continue;
      if (statement == &kFindGlobalPositions) {
        space->taken_global_positions.insert(to_integer(rows.value(row, 1)));
        continue;
      }
      std::string name(rows.value(row, 1));
      if (statement == &kFindStreams) {
        space->state.versions.emplace(name, to_integer(rows.value(row, 4)));
        space->stream_numbers[name] = {to_integer(rows.value(row, 2)),
                                       to_integer(rows.value(row, 3))};
      } else if (statement == &kFindCategories) {
        space->category_numbers.emplace(std::move(name), to_integer(rows.value(row, 2)));
      } else if (statement == &kFindPositions) {
        space->taken_positions.emplace(std::move(name), to_integer(rows.value(row, 2)));
      } else {
        space->state.known.emplace(std::move(name), message_of(rows, row));
      }
    }
  }
}

void MessageTransaction::read_locked(const Result& rows, int row) {
  const std::int64_t ns = to_integer(rows.value(row, 0));
  const std::string_view name = rows.value(row, 1);
  const std::int64_t messages = to_integer(rows.value(row, 3));
  const std::string_view written_by = rows.value(row, 6);
  LockedNamespace& space = spaces_[ns];
  if (const auto recalled = recalled_.find(name); recalled != recalled_.end()) {
    LockedNamespace& known = recalled->second;
    if (known.ns == ns && known.messages == messages && known.written_by == written_by) {
      space = std::move(known);
      space.undisturbed = true;
    }
  }
  space.ns = ns;
  space.name = name;
  space.state.last_global_position = to_integer(rows.value(row, 2));
  space.messages = messages;
  space.streams = to_integer(rows.value(row, 4));
  space.categories = to_integer(rows.value(row, 5));
  space.written_by = written_by;
  id_ = rows.value(row, 7);
}

bool MessageTransaction::is_held(std::string_view name) {
  return existing_.contains(name) && find(name) == nullptr;
}

LockedNamespace* MessageTransaction::find(std::string_view name) {
  for (auto& [ns, space] : spaces_) {
    if (space.name == name) return &space;
  }
  return nullptr;
}

void MessageTransaction::store(LockedNamespace& space, std::span<const PlacedMessage> messages) {
  if (messages.empty()) return;
  store_categories(space, messages);
  store_streams(space, messages);
  std::vector<std::int64_t> global_positions;
  std::vector<std::int64_t> streams;
  std::vector<std::int64_t> positions;
  std::vector<std::int64_t> categories;
  std::vector<std::int64_t> times;
  std::vector<std::string_view> ids;
  std::vector<std::string_view> types;
  std::vector<std::string_view> correlations;
  std::vector<std::string_view> data;
  std::vector<std::string_view> metadata;
  std::int64_t newest = messages.front().time;
  for (const PlacedMessage& message : messages) {
    const LockedNamespace::Stream& stream = space.stream_numbers[std::string(message.stream)];
    global_positions.push_back(message.global_position);
    streams.push_back(stream.stream);
    positions.push_back(message.position);
    categories.push_back(stream.category);
    times.push_back(message.time);
    ids.push_back(message.id);
    types.push_back(message.type);
    correlations.push_back(message.metadata.empty() ? std::string_view()
                                                    : keep(correlation_of(message.metadata)));
    data.push_back(message.data);
    metadata.push_back(message.metadata);
    newest = std::max(newest, message.time);
  }
  add(kStore, {number(space.ns), numbers(global_positions), numbers(streams), numbers(positions),
               numbers(categories), numbers(times), uuids(ids), texts(types), texts(correlations),
               texts(data), texts(metadata)});
  add(kMoveNamespace, {number(space.ns), number(messages.back().global_position),
                       number(static_cast<std::int64_t>(messages.size())), number(space.streams),
                       number(space.categories), number(newest)});
  add(kTell, {text(space.name)});
  space.messages += static_cast<std::int64_t>(messages.size());
  space.written_by = row_version(id_);
}

// Gives numbers to new categories, and counts.
void MessageTransaction::store_categories(LockedNamespace& space,
                                          std::span<const PlacedMessage> messages) {
  struct Count {
    std::int64_t streams = 0;
    std::int64_t messages = 0;
  };
  std::map<std::string_view, Count> counts;
  std::set<std::string_view> new_streams;
  for (const PlacedMessage& message : messages) {
    Count& count = counts[category_of(message.stream)];
    ++count.messages;
    if (space.stream_numbers.contains(std::string(message.stream))) continue;
    if (new_streams.insert(message.stream).second) ++count.streams;
  }
  struct Rows {
    std::vector<std::int64_t> categories;
    std::vector<std::string_view> names;
    std::vector<std::int64_t> streams;
    std::vector<std::int64_t> messages;
  };
  Rows old;
  Rows made;
  for (const auto& [name, count] : counts) {
    const auto [category, is_new] = space.category_numbers.try_emplace(std::string(name), 0);
    if (is_new) category->second = ++space.categories;
    Rows& rows = is_new ? made : old;
    rows.categories.push_back(category->second);
    rows.names.push_back(name);
    rows.streams.push_back(count.streams);
    rows.messages.push_back(count.messages);
  }
  if (!old.names.empty()) {
    add(kMoveCategories,
        {number(space.ns), numbers(old.categories), numbers(old.streams), numbers(old.messages)});
  }
  if (!made.names.empty()) {
    add(kMakeCategories, {number(space.ns), numbers(made.categories), texts(made.names),
                          numbers(made.streams), numbers(made.messages)});
  }
}

// Gives numbers to new streams, and moves their versions.
void MessageTransaction::store_streams(LockedNamespace& space,
                                       std::span<const PlacedMessage> messages) {
  struct Last {
    std::int64_t version = 0;
    std::int64_t time = 0;
  };
  std::map<std::string_view, Last> lasts;
  for (const PlacedMessage& message : messages) {
    Last& last =
        lasts.try_emplace(message.stream, Last{message.position, message.time}).first->second;
    last.version = std::max(last.version, message.position);
    last.time = std::max(last.time, message.time);
  }
  struct Rows {
    std::vector<std::int64_t> streams;
    std::vector<std::int64_t> categories;
    std::vector<std::string_view> names;
    std::vector<std::int64_t> hashes;
    std::vector<std::int64_t> versions;
    std::vector<std::int64_t> times;
  };
  Rows old;
  Rows made;
  for (const auto& [name, last] : lasts) {
    const auto [stream, is_new] = space.stream_numbers.try_emplace(std::string(name));
    if (is_new) {
      stream->second = {++space.streams, space.category_numbers[std::string(category_of(name))]};
    }
    std::int64_t& version = space.state.versions[std::string(name)];
    version = is_new ? last.version : std::max(version, last.version);
    Rows& rows = is_new ? made : old;
    rows.streams.push_back(stream->second.stream);
    rows.categories.push_back(stream->second.category);
    rows.names.push_back(name);
    if (is_new) rows.hashes.push_back(group_hash_of(name).value_or(0));
    rows.versions.push_back(last.version);
    rows.times.push_back(last.time);
  }
  if (!old.names.empty()) {
    add(kMoveStreams,
        {number(space.ns), numbers(old.streams), numbers(old.versions), numbers(old.times)});
  }
  if (!made.names.empty()) {
    add(kMakeStreams,
        {number(space.ns), numbers(made.streams), numbers(made.categories), texts(made.names),
         numbers(made.hashes), numbers(made.versions), numbers(made.times)});
  }
}

void MessageTransaction::commit() {
  add(kCommit, {});
  connection_.execute_together(kWhat, calls_);
  keep_known();
}

void MessageTransaction::roll_back() {
  const Call end{&kRollBack, {}};
  connection_.execute_together(kWhat, {&end, 1});
  keep_known();
}

void MessageTransaction::keep_known() {
  for (auto& [ns, space] : spaces_) known_.keep(std::move(space));
  spaces_.clear();
}

}  // namespace logctl::storage::postgres
