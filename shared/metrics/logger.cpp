#include "shared/metrics/logger.h"

#include "shared/base/clock.h"
#include "shared/base/error.h"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <chrono>
#include <ctime>
#include <string>

namespace logctl::metrics {
namespace {

struct LevelRow {
  std::string_view name;
  Severity severity;
  spdlog::level::level_enum level;
};
constexpr std::array kLevels = {
    LevelRow{"trace", Severity::trace, spdlog::level::trace},
    LevelRow{"debug", Severity::debug, spdlog::level::debug},
    LevelRow{"info", Severity::info, spdlog::level::info},
    LevelRow{"warn", Severity::warn, spdlog::level::warn},
    LevelRow{"error", Severity::error, spdlog::level::err},
};

spdlog::level::level_enum level_of(Severity severity) {
  return kLevels[static_cast<std::size_t>(severity)].level;
}

spdlog::level::level_enum parse_log_level(std::string_view name) {
  for (const LevelRow& row : kLevels) {
    if (row.name == name) return row.level;
  }
  throw Error(ErrorCode::config,
              fmt::format("log.level: '{}' is not one of trace, debug, info, warn, error", name));
}

LogFormat parse_log_format(std::string_view name) {
  if (name == "console") return LogFormat::console;
  if (name == "json") return LogFormat::json;
  throw Error(ErrorCode::config, fmt::format("log.format: '{}' is not one of console, json", name));
}

std::string_view name_of(spdlog::level::level_enum level) {
  for (const LevelRow& row : kLevels) {
    if (row.level == level) return row.name;
  }
  return "error";
}

// Puts time and level in front of the fields. Called under the sink's lock.
class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto since_epoch = message.time.time_since_epoch();
    const auto second = std::chrono::floor<seconds>(since_epoch);
    if (second != second_ || second_text_.empty()) {
      second_ = second;
      const std::time_t time = second.count();
      std::tm utc{};
      ::gmtime_r(&time, &utc);
      second_text_ = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900,
                                 utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    }
    const auto millis = std::chrono::duration_cast<milliseconds>(since_epoch - second).count();
    const auto add = [&out](std::string_view text) {
      out.append(text.data(), text.data() + text.size());
    };
    const std::array<char, 5> fraction = {'.', static_cast<char>('0' + millis / 100),
                                          static_cast<char>('0' + millis / 10 % 10),
                                          static_cast<char>('0' + millis % 10), 'Z'};
    const std::string_view level = name_of(message.level);
    const std::string_view fields(message.payload.data(), message.payload.size());
    const bool json = format_ == LogFormat::json;
    if (json) add("{\"ts\":\"");
    add(second_text_);
    add({fraction.data(), fraction.size()});
    add(json ? "\",\"level\":\"" : " ");
    add(level);
    add(json ? "\"," : std::string_view("      ").substr(level.size()));
    add(fields);
    add(json ? "}\n" : "\n");
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(format_);
  }

 private:
  LogFormat format_;
  seconds second_{};
  std::string second_text_;
};

}  // namespace

struct Logger::State {
  explicit State(LogFormat format)
      : logger("logctl", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger.set_formatter(std::make_unique<LineFormatter>(format));
    // A full disk or a closed pipe must not end the daemon, and there is nowhere else to say it.
    logger.set_error_handler([](const std::string&) {});
  }
  spdlog::logger logger;
};

Logger::Logger(const config::Log& config)
    : format_(parse_log_format(config.format)), state_(std::make_unique<State>(format_)) {
  set_level(config.level);
}

Logger::~Logger() { state_->logger.flush(); }

bool Logger::enabled(Severity severity) const {
  return state_->logger.should_log(level_of(severity));
}

void Logger::write(Severity severity, const LogLine& line) {
  state_->logger.log(level_of(severity), spdlog::string_view_t(line.text()));
}

void Logger::set_level(std::string_view level) { state_->logger.set_level(parse_log_level(level)); }

}  // namespace logctl::metrics
