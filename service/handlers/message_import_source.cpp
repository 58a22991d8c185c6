#include "service/handlers/message_import_source.h"

#include "service/messages/rpc_error.h"
#include "shared/base/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;

// One transaction; fewer when they are large.
constexpr std::size_t kChunk = 1000;
constexpr std::uint64_t kChunkBytes = 8 * 1024 * 1024;

// A line that cannot be taken, and the code that says so.
struct BadLine {
  std::string_view code;
  std::string message;
};

void prepare(storage::MessageStore& store, messages::PokeHub& hub, const Clock& clock,
             const MessageImportSource::Settings& settings) {
  if (settings.make_namespace) {
    storage::Namespace row;
    row.id = settings.name_space;
    row.created_at = clock.now();
    static_cast<void>(store.create_namespace(row));
  }
  if (!settings.force) return;
  static_cast<void>(store.clear(settings.name_space));
  hub.changed(settings.name_space);
}

}  // namespace

MessageImportSource::MessageImportSource(http::BodyReader* body, storage::MessageStore& store,
                                         messages::PokeHub& hub, metrics::Observer& observer,
                                         const Clock& clock, const RunBlocking& run_blocking,
                                         Settings settings)
    : body_(body),
      store_(store),
      hub_(hub),
      observer_(observer),
      clock_(clock),
      run_blocking_(run_blocking),
      settings_(std::move(settings)) {}

// Waits for the first piece, so that a client that asks whether it may send is told so first.
awaitable<void> MessageImportSource::open() {
  if (settings_.force || settings_.make_namespace) {
    std::function<void()> work = [&store = store_, &hub = hub_, &clock = clock_,
                                  settings = settings_] { prepare(store, hub, clock, settings); };
    std::optional<Error> failure;
    try {
      co_await run_blocking_(std::move(work));
    } catch (const Error& error) {
      failure = error;
    }
    if (failure) {
      if (failure->code() == ErrorCode::not_found) {
        throw messages::RpcError(messages::RpcCode::namespace_not_found, failure->message());
      }
      throw messages::RpcError(messages::RpcCode::clear_failed,
                               "the namespace could not be cleared: " + failure->message());
    }
  }
  if (body_ == nullptr) {
    body_ended_ = true;
    co_return;
  }
  std::optional<std::string> first = co_await body_->next();
  body_ended_ = !first;
  if (first) piece_ = std::move(*first);
}

awaitable<std::optional<std::string>> MessageImportSource::next() {
  if (ended_) co_return std::nullopt;
  const auto chunk = std::make_shared<Chunk>();
  auto gathering = gather(*chunk);
  std::optional<std::string> problem = co_await std::move(gathering);
  // What came before a bad line is stored, so that its number is where to go on.
  std::optional<std::string> refused;
  if (!chunk->empty()) {
    auto storing = store(chunk);
    refused = co_await std::move(storing);
  }
  if (refused) co_return refused;
  if (problem) co_return problem;
  if (body_ended_ && at_ == piece_.size()) co_return done();
  std::string progress;
  JsonWriter(progress)
      .begin_object()
      .field("imported", imported_)
      .field("gpos", chunk->back().global_position)
      .end_object();
  co_return fmt::format("data: {}\n\n", progress);
}

// Fills the chunk; with a problem, up to it.
awaitable<std::optional<std::string>> MessageImportSource::gather(Chunk& chunk) {
  std::uint64_t bytes = 0;
  first_line_ = line_ + 1;
  std::string line;
  while (chunk.size() < kChunk && bytes < kChunkBytes) {
    if (winding_down_) co_return failed("IMPORT_FAILED", "the server is stopping");
    std::optional<Error> broken;
    bool found = false;
    try {
      found = co_await read_line(line);
    } catch (const Error& error) {
      broken = error;
    }
    if (broken) co_return failed("READ_ERROR", broken->message());
    if (!found) break;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    bytes += line.size();
    std::optional<std::string> problem;
    try {
      parse(line, chunk.emplace_back());
    } catch (const BadLine& bad) {
      chunk.pop_back();
      problem = failed(bad.code, bad.message);
    }
    if (problem) co_return problem;
  }
  co_return std::nullopt;
}

void MessageImportSource::parse(std::string_view line, storage::Message& message) {
  try {
    reader_.read(line, message);
  } catch (const Error& error) {
    const bool json = error.code() == ErrorCode::invalid_json;
    throw BadLine{json ? "INVALID_JSON" : "INVALID_RECORD", error.message()};
  }
  const std::uint64_t bytes = message.data.size() + message.metadata.size();
  if (bytes > settings_.max_message_bytes) {
    throw BadLine{"INVALID_RECORD",
                  fmt::format("the message has {} bytes of data and metadata, allowed are {}",
                              bytes, settings_.max_message_bytes)};
  }
}

// False at the end of the body.
awaitable<bool> MessageImportSource::read_line(std::string& line) {
  line.clear();
  while (true) {
    if (at_ == piece_.size()) {
      if (body_ended_) break;
      std::optional<std::string> piece = co_await body_->next();
      at_ = 0;
      piece_ = piece ? std::move(*piece) : std::string();
      body_ended_ = !piece;
      continue;
    }
    const std::size_t end = piece_.find('\n', at_);
    const std::size_t stop = end == std::string::npos ? piece_.size() : end;
    if (line.size() + (stop - at_) > settings_.max_line_bytes) {
      ++line_;
      throw Error(ErrorCode::invalid_request,
                  fmt::format("the line is longer than {} bytes", settings_.max_line_bytes));
    }
    line.append(piece_, at_, stop - at_);
    at_ = end == std::string::npos ? stop : stop + 1;
    if (end == std::string::npos) continue;
    ++line_;
    co_return true;
  }
  if (line.empty()) co_return false;
  ++line_;
  co_return true;
}

// Nothing when all is well.
awaitable<std::optional<std::string>> MessageImportSource::store(std::shared_ptr<Chunk> chunk) {
  const auto stored = std::make_shared<std::size_t>(0);
  std::function<void()> work = [&store = store_, &hub = hub_, chunk, stored,
                                name_space = settings_.name_space, skip = settings_.skip_same] {
    *stored = store.import(name_space, *chunk, skip);
    hub.changed(name_space);
  };
  std::optional<Error> failure;
  try {
    co_await run_blocking_(std::move(work));
  } catch (const Error& error) {
    failure = error;
  }
  if (!failure) {
    imported_ += *stored;
    observer_.messages().imported(*stored);
    co_return std::nullopt;
  }
  const std::uint64_t last_line = std::exchange(line_, first_line_);
  const bool taken = failure->code() == ErrorCode::conflict;
  if (!taken) observer_.emit(metrics::StoreFailed{"import messages", failure->message()});
  co_return failed(taken ? "POSITION_EXISTS" : "IMPORT_FAILED",
                   fmt::format("lines {} to {} were not stored: {}", first_line_, last_line,
                               failure->message()));
}

std::string MessageImportSource::failed(std::string_view code, std::string_view message) {
  ended_ = true;
  std::string json;
  JsonWriter(json)
      .begin_object()
      .field("error", code)
      .field("message", message)
      .field("line", line_)
      .end_object();
  return fmt::format("data: {}\n\n", json);
}

std::string MessageImportSource::done() {
  ended_ = true;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started_;
  std::string json;
  JsonWriter(json)
      .begin_object()
      .field("done", true)
      .field("imported", imported_)
      .field("elapsed", fmt::format("{:.1f}s", took.count()))
      .end_object();
  return fmt::format("data: {}\n\n", json);
}

}  // namespace logctl::handlers
