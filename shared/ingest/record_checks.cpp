// The second half of RecordReader: the rules that need the whole record.

#include "shared/base/ids.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/ingest/json_text.h"
#include "shared/ingest/record_reader.h"
#include "shared/ingest/record_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace logctl::ingest {
namespace {

constexpr std::string_view kLevels =
    "TRACE, DEBUG, INFO, NOTICE, WARN, WARNING, ERROR, CRITICAL, FATAL";
constexpr std::string_view kCmdlogLevels = "DEBUG, INFO, WARN, WARNING, ERROR, FATAL, CRITICAL";

bool is_cmdlog_level(Level level) {
  return level != Level::none && level != Level::trace && level != Level::notice;
}

bool is_service_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-';
}

}  // namespace

void RecordReader::reject(std::uint32_t index, std::string_view line, Reason reason,
                          std::string message) {
  whole_ = line;
  refuse({index, {}, reason, std::move(message)});
}

void RecordReader::refuse(Rejection&& rejection) {
  rejection.offset = static_cast<std::uint32_t>(whole_.data() - batch_->body->data());
  rejection.size = static_cast<std::uint32_t>(whole_.size());
  ++batch_->received;
  batch_->rejections.push_back(std::move(rejection));
}

void RecordReader::commit(std::uint32_t index, bool check_utf8, const char* origin) {
  if (whole_.size() > rules_->max_record_bytes) {
    return refuse({index,
                   {},
                   Reason::too_large,
                   fmt::format("found a record of {} bytes, at most {} are allowed", whole_.size(),
                               rules_->max_record_bytes)});
  }
  if (check_utf8 && !is_utf8(whole_)) {
    const std::size_t at = first_invalid_utf8(whole_);
    return refuse({index,
                   {},
                   Reason::invalid_utf8,
                   fmt::format("byte {}: found 0x{:02x}, expected UTF-8",
                               static_cast<std::size_t>(whole_.data() - origin) + at,
                               static_cast<unsigned char>(whole_[at]))});
  }
  fill_defaults();
  if (!problem_) check_required();
  if (!problem_) check_values();
  if (!problem_) check_time();
  if (problem_) {
    problem_->index = index;
    return refuse(std::move(*problem_));
  }
  assign_ids();
  assign_properties();
  record_.index = index;
  ++batch_->received;
  batch_->records.push_back(record_);
}

void RecordReader::check_required() {
  const auto need = [this](std::string_view value, Field field, std::string_view expected) {
    if (!value.empty()) return;
    problem(kTexts[static_cast<std::size_t>(field)].name, Reason::missing_field,
            fmt::format("{}, expected {}", present(field) ? "found \"\"" : "missing", expected));
  };
  switch (dialect_) {
    case Dialect::change66:
      if (present(Field::event_id)) {
        need(record_.event_id, Field::event_id, "a text of 1 to 255 bytes");
      }
      if (record_.event_type.empty()) {
        need({}, Field::event_type, fmt::format("one of {}", fmt::join(rules_->event_types, ", ")));
      }
      need(record_.event_name, Field::event_name, "a text of 1 to 100 bytes");
      break;
    case Dialect::cmdlog:
      if (!timestamp_)
        problem("timestamp", Reason::missing_field,
                fmt::format("missing, expected {}", kTimeExpected));
      need(record_.service, Field::service, "a text of 1 to 255 bytes");
      if (!problem_) {
        const std::string_view cleaned = cleaned_service(record_.service);
        if (cleaned.empty()) {
          problem("service", Reason::missing_field,
                  fmt::format("found {}, expected at least one of A-Z a-z 0-9 _ -",
                              quoted(record_.service)));
        }
        record_.service = cleaned;
      }
      if (level_.empty()) need({}, Field::level, fmt::format("one of {}", kCmdlogLevels));
      need(record_.message, Field::message, "a text");
      break;
    case Dialect::aggregator:
      need(record_.message, Field::message, "a text");
      break;
    case Dialect::native:
      if (record_.event_name.empty()) {
        need(record_.message, Field::message, "a text here or in event_name");
      }
      break;
  }
}

void RecordReader::check_values() {
  const auto refuse = [this](std::string_view field, std::string_view found,
                             std::string_view allowed) {
    problem(field, Reason::unknown_value,
            fmt::format("found {}, allowed are {}", quoted(found), allowed));
  };
  if (!record_.event_type.empty() &&
      std::find(rules_->event_types.begin(), rules_->event_types.end(), record_.event_type) ==
          rules_->event_types.end()) {
    refuse("event_type", record_.event_type,
           fmt::format("{}", fmt::join(rules_->event_types, ", ")));
  }
  if (!level_.empty()) {
    const auto level = parse_level(level_);
    const bool cmdlog = dialect_ == Dialect::cmdlog;
    if (!level || (cmdlog && !is_cmdlog_level(*level))) {
      refuse("level", level_, cmdlog ? kCmdlogLevels : kLevels);
    } else {
      record_.level = *level;
    }
  }
  if (priority_ == "high") {
    record_.priority = "high";
  } else if (!priority_.empty() && priority_ != "normal") {
    refuse("priority", priority_, "normal, high");
  }
}

void RecordReader::check_time() {
  if (!timestamp_) {
    record_.timestamp = now_;
    return;
  }
  record_.timestamp = *timestamp_;
  const microseconds age = now_ - *timestamp_;
  if (age_limit_.most.count() > 0 && age > age_limit_.most) {
    problem("timestamp", Reason::too_old,
            fmt::format("found {}, at most {} in the past is allowed ({})",
                        format_rfc3339(*timestamp_), format_duration(age_limit_.most),
                        age_limit_.is_retention ? "the retention" : "ingest.max_age"));
  } else if (-age > rules_->max_future) {
    problem("timestamp", Reason::too_new,
            fmt::format("found {}, at most {} ahead of {} is allowed (ingest.max_future)",
                        format_rfc3339(*timestamp_), format_duration(rules_->max_future),
                        format_rfc3339(now_)));
  }
}

void RecordReader::assign_ids() {
  // An id that comes out the same each time makes a repeat a duplicate, as one of the client's
  // does.
  record_.dedup_by_id = !timestamp_ && (place_ || !record_.event_id.empty());
  if (!record_.event_id.empty()) return;
  scratch_.clear();
  if (place_) {
    // The text is part of it: other text at the same place is another record.
    const std::uint64_t at = place_->offset + static_cast<std::uint64_t>(whole_.data() - origin_);
    fmt::format_to(std::back_inserter(scratch_), "{}\n{}\n", place_->input, at);
    scratch_ += whole_;
    scratch_ = uuid_of(scratch_);
  } else {
    append_uuid_v7(scratch_, now_);
    record_.id_assigned = true;
  }
  record_.event_id = batch_->arena->copy(scratch_);
}

std::string_view RecordReader::cleaned_service(std::string_view service) {
  if (std::all_of(service.begin(), service.end(), is_service_byte)) return service;
  char* const space = batch_->arena->allocate(service.size());
  char* end = std::copy_if(service.begin(), service.end(), space, is_service_byte);
  return {space, static_cast<std::size_t>(end - space)};
}

}  // namespace logctl::ingest
