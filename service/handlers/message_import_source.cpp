#include "service/handlers/message_import_source.h"

#include "service/messages/default_namespace.h"
#include "service/messages/rpc_error.h"
#include "shared/base/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace logctl::handlers {
namespace {

using boost::asio::awaitable;

// Of text that a worker gets at once: it has others to serve as well.
constexpr std::size_t kTextBytes = 4 * 1024 * 1024;

void prepare(storage::MessageStore& store, messages::PokeHub& hub, const Clock& clock,
             const MessageImportSource::Settings& settings) {
  if (settings.make_namespace) messages::ensure_any_namespace(store, settings.name_space, clock);
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
      clock_(clock),
      run_blocking_(run_blocking),
      settings_(std::move(settings)),
      work_(std::make_shared<MessageImportWork>(store, hub, observer, settings_)) {}

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
      if (failure->code() == ErrorCode::locked) {
        throw messages::RpcError(messages::RpcCode::backend_error,
                                 "nothing was removed, another transaction holds the namespace; "
                                 "try again");
      }
      throw messages::RpcError(messages::RpcCode::clear_failed,
                               "the namespace could not be cleared: " + failure->message());
    }
  }
  auto reading = read();
  co_await std::move(reading);
}

// Until there is something to tell.
awaitable<std::optional<std::string>> MessageImportSource::next() {
  if (ended_) co_return std::nullopt;
  const std::uint64_t before = work_->counts().lines;
  while (work_->counts().lines == before) {
    auto gathering = gather();
    std::optional<Failure> cut = co_await std::move(gathering);
    const bool last = cut || body_ == nullptr;
    const auto end = cut ? MessageImportWork::End::cut : MessageImportWork::End::whole;
    const auto text = std::make_shared<const std::string>(std::exchange(text_, std::string()));
    auto storing = on_worker([text, last, end](MessageImportWork& work) {
      std::optional<Failure> failure = work.take(*text);
      if (!failure && last) failure = work.finish(end);
      return failure;
    });
    const std::optional<Failure> failure = co_await std::move(storing);
    if (failure) co_return failed(*failure);
    if (cut) {
      cut->line = work_->stored_lines() + 1;
      co_return failed(*cut);
    }
    if (last) co_return done();
  }
  co_return progress();
}

// The text of a transaction; why it is cut, where it is.
awaitable<std::optional<MessageImportSource::Failure>> MessageImportSource::gather() {
  std::optional<Failure> cut;
  while (body_ != nullptr && !enough() && !cut) {
    if (winding_down_) co_return Failure{"IMPORT_FAILED", "the server is stopping"};
    try {
      auto reading = read();
      co_await std::move(reading);
    } catch (const Error& error) {
      cut = Failure{"READ_ERROR", error.message()};
    }
  }
  co_return cut;
}

bool MessageImportSource::enough() const {
  return !text_.empty() &&
         (text_.size() >= kTextBytes ||
          lines_ - work_->stored_lines() >= messages::MessageImporter::kChunkMessages);
}

awaitable<void> MessageImportSource::read() {
  if (body_ == nullptr) co_return;
  const std::optional<std::string> piece = co_await body_->next();
  if (!piece) {
    body_ = nullptr;
    co_return;
  }
  lines_ += static_cast<std::uint64_t>(std::ranges::count(*piece, '\n'));
  text_ += *piece;
}

awaitable<std::optional<MessageImportSource::Failure>> MessageImportSource::on_worker(
    std::function<std::optional<Failure>(MessageImportWork&)> use) {
  const auto failure = std::make_shared<std::optional<Failure>>();
  std::function<void()> work = [failure, work = work_, use = std::move(use)] {
    *failure = use(*work);
  };
  try {
    co_await run_blocking_(std::move(work));
  } catch (const Error& error) {
    *failure = Failure{"IMPORT_FAILED", error.message(), work_->stored_lines() + 1};
  }
  co_return *failure;
}

std::string MessageImportSource::progress() const {
  std::string json;
  JsonWriter(json)
      .begin_object()
      .field("imported", work_->counts().imported)
      .field("gpos", work_->counts().global_position)
      .end_object();
  return fmt::format("data: {}\n\n", json);
}

std::string MessageImportSource::failed(const Failure& failure) {
  ended_ = true;
  std::string json;
  JsonWriter(json)
      .begin_object()
      .field("error", failure.code)
      .field("message", failure.message)
      .field("line", failure.line)
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
      .field("imported", work_->counts().imported)
      .field("elapsed", fmt::format("{:.1f}s", took.count()))
      .end_object();
  return fmt::format("data: {}\n\n", json);
}

}  // namespace logctl::handlers
