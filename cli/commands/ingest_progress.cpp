#include "cli/commands/ingest_progress.h"

#include "shared/base/units.h"

#include <fmt/format.h>

#include <utility>

namespace logctl::cli {
namespace {

constexpr std::chrono::milliseconds kTerminalInterval(200);
constexpr std::chrono::seconds kLineInterval(30);

}  // namespace

std::string describe_progress(const std::string& name, const ingest::ImportTotals& totals,
                              std::uint64_t size, std::uint64_t skipped,
                              std::chrono::duration<double> elapsed) {
  std::string text = name + ": ";
  const bool known = size > 0 && totals.read_bytes <= size;
  const double share =
      known ? static_cast<double>(totals.read_bytes) / static_cast<double>(size) : 0;
  if (known) {
    text += fmt::format("{:.0f}%, {} of {}", share * 100, human_size(totals.read_bytes),
                        human_size(size));
  } else {
    text += human_size(totals.read_bytes);
  }
  if (elapsed.count() > 0) {
    text += fmt::format(", {:.0f} records/s", static_cast<double>(totals.lines) / elapsed.count());
  }
  if (share > 0 && totals.read_bytes > skipped) {
    const std::chrono::duration<double> left =
        elapsed * (static_cast<double>(size - totals.read_bytes) /
                   static_cast<double>(totals.read_bytes - skipped));
    text += fmt::format(", {} left", format_duration(std::chrono::round<seconds>(left)));
  }
  if (totals.rejected > 0) text += fmt::format(", {} rejected", totals.rejected);
  return text;
}

IngestProgress::IngestProgress(Output& out, std::string name, std::uint64_t size,
                               std::uint64_t skipped)
    : out_(out),
      name_(std::move(name)),
      size_(size),
      skipped_(skipped),
      start_(SteadyClock::now()),
      next_(start_ + (out.err_is_terminal() ? SteadyClock::duration(0) : kLineInterval)) {}

void IngestProgress::update(const ingest::ImportTotals& totals) {
  const SteadyClock::time_point now = SteadyClock::now();
  if (now < next_) return;
  const std::string text = describe_progress(name_, totals, size_, skipped_, now - start_);
  if (out_.err_is_terminal()) {
    next_ = now + kTerminalInterval;
    out_.progress(text);
  } else {
    next_ = now + kLineInterval;
    out_.note(text);
  }
}

void IngestProgress::end() { out_.progress(""); }

}  // namespace logctl::cli
