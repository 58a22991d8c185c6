// The process around run(): descriptors, terminals, signals.
#include "cli/run.h"
#include "shared/base/clock.h"

#include <csignal>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace logctl;
  // A closed connection or pipe is an error of the write that meets it.
  std::signal(SIGPIPE, SIG_IGN);
  cli::FdSink out(STDOUT_FILENO, "standard output");
  cli::FdSink err(STDERR_FILENO, "standard error");
  const cli::Surroundings surroundings{.out = out,
                                       .err = err,
                                       .environment = config::process_environment(),
                                       .clock = system_clock(),
                                       .out_is_terminal = ::isatty(STDOUT_FILENO) == 1,
                                       .err_is_terminal = ::isatty(STDERR_FILENO) == 1,
                                       .width = terminal_width()};
  try {
    return cli::run({argv + 1, argv + argc}, surroundings);
  } catch (const cli::BrokenPipe&) {
    // Ends as other tools do whose reader has seen enough: without a word, by the signal.
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
    return 1;
  }
}
