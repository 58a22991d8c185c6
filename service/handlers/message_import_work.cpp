#include "service/handlers/message_import_work.h"

#include <fmt/format.h>

#include <utility>

namespace logctl::handlers {
namespace {

std::string_view code_of(const Error& error) {
  if (error.code() == ErrorCode::invalid_json) return "INVALID_JSON";
  return error.code() == ErrorCode::validation_error ? "INVALID_RECORD" : "READ_ERROR";
}

}  // namespace

MessageImportWork::MessageImportWork(storage::MessageStore& store, messages::PokeHub& hub,
                                     metrics::Observer& observer, Settings settings)
    : store_(store),
      hub_(hub),
      observer_(observer),
      settings_(std::move(settings)),
      importer_(
          [this](std::span<const storage::Message> messages) { return this->store(messages); },
          settings_.max_message_bytes) {}

std::optional<MessageImportWork::Failure> MessageImportWork::take(std::string_view text) {
  return guarded([&] { take_lines(text); });
}

std::optional<MessageImportWork::Failure> MessageImportWork::finish(End end) {
  return guarded([&] {
    if (end == End::whole && !line_.empty()) end_line();
    importer_.finish();
    stored_lines_ = line_number_;
  });
}

void MessageImportWork::take_lines(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    if (line_.size() + part.size() > settings_.max_line_bytes) {
      ++line_number_;
      importer_.finish();
      throw Error(ErrorCode::invalid_request,
                  fmt::format("the line is longer than {} bytes", settings_.max_line_bytes));
    }
    line_ += part;
    if (end == std::string_view::npos) return;
    end_line();
    text.remove_prefix(end + 1);
  }
}

void MessageImportWork::end_line() {
  ++line_number_;
  if (importer_.add(line_, line_number_)) stored_lines_ = line_number_;
  line_.clear();
}

std::size_t MessageImportWork::store(std::span<const storage::Message> messages) {
  refused_ = true;  // until it is not
  const std::size_t stored = store_.import(settings_.name_space, messages, settings_.skip_same);
  hub_.changed(settings_.name_space);
  observer_.messages().imported(stored);
  refused_ = false;
  return stored;
}

std::optional<MessageImportWork::Failure> MessageImportWork::guarded(
    const std::function<void()>& work) {
  try {
    work();
    return std::nullopt;
  } catch (const Error& error) {
    if (!refused_) return Failure{code_of(error), error.message(), line_number_};
    const bool taken = error.code() == ErrorCode::conflict;
    if (!taken) observer_.emit(metrics::StoreFailed{"import messages", error.message()});
    if (!taken) return Failure{"IMPORT_FAILED", error.message(), stored_lines_ + 1};
    const std::string_view hint =
        settings_.skip_same ? "" : "; ?resume=true leaves out what is there with the same content";
    return Failure{"POSITION_EXISTS", fmt::format("{}{}", error.message(), hint),
                   stored_lines_ + 1};
  }
}

}  // namespace logctl::handlers
