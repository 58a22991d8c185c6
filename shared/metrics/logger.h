// The log itself: one line per message on stderr, each written in one piece, so that the lines of
// several processes on one pipe do not mix.
//
// Thread-safe. Not a global: owned by the Observer, so nothing logs during static destruction.
#pragma once

#include "shared/config/config.h"
#include "shared/metrics/log_line.h"

#include <memory>
#include <string_view>

namespace logctl::metrics {

enum class Severity : std::uint8_t { trace, debug, info, warn, error };

class Logger {
 public:
  // Throws Error{config} for a level or format that does not exist.
  explicit Logger(const config::Log& config);
  ~Logger();
  Logger(const Logger&) = delete;

  LogFormat format() const { return format_; }
  // Ask before composing a line.
  bool enabled(Severity severity) const;
  void write(Severity severity, const LogLine& line);
  void set_level(std::string_view level);

 private:
  struct State;
  LogFormat format_;
  std::unique_ptr<State> state_;
};

}  // namespace logctl::metrics
