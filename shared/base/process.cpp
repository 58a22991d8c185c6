#include "shared/base/process.h"

#include "shared/base/error.h"
#include "shared/base/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace logctl {
namespace {

constexpr std::size_t kMostSaid = 16 * 1024;

struct Pipe {
  File read, write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Error(ErrorCode::io, "make a pipe: " + errno_text(errno));
  }
  return {File(ends[0], "pipe"), File(ends[1], "pipe")};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> texts;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const bool replaced = std::any_of(added.begin(), added.end(), [&](const auto& pair) {
      return text.substr(0, text.find('=')) == pair.first;
    });
    if (!replaced) texts.emplace_back(text);
  }
  for (const auto& [name, value] : added) texts.push_back(name + "=" + value);
  return texts;
}

// Everything until the other end is closed, of which the last kMostSaid bytes are kept.
std::string read_end(File& file) {
  std::string said;
  std::array<char, 4096> piece;
  while (const std::size_t n = file.read(piece)) {
    said.append(piece.data(), n);
    if (said.size() > 2 * kMostSaid) said.erase(0, said.size() - kMostSaid);
  }
  while (!said.empty() && said.back() == '\n') said.pop_back();
  return said;
}

// `told` is which of the program's outputs we hear.
ProgramEnd run(const ProgramCall& call, int told) {
  std::vector<std::string> arguments = call.arguments;
  std::vector<std::string> environment = environment_with(call.environment);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  Pipe said = make_pipe();
  Pipe failed = make_pipe();  // carries errno when exec fails, else is closed by it
  const File nothing = File::open_read_write("/dev/null");
  const pid_t parent = ::getpid();

  const pid_t child = ::fork();
  if (child < 0) throw Error(ErrorCode::io, "start a process: " + errno_text(errno));
  if (child == 0) {
    // Only calls that are safe after a fork of a program with threads.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() == parent) {
      ::dup2(nothing.fd(), STDIN_FILENO);
      ::dup2(nothing.fd(), STDOUT_FILENO);
      ::dup2(nothing.fd(), STDERR_FILENO);
      ::dup2(said.write.fd(), told);
      ::signal(SIGPIPE, SIG_DFL);
      ::execvpe(argv[0], argv.data(), envp.data());
    }
    const int error = errno;
    static_cast<void>(!::write(failed.write.fd(), &error, sizeof error));
    ::_exit(127);
  }
  said.write.close();
  failed.write.close();
  ProgramEnd end;
  int error = 0;
  const bool started =
      failed.read.read(std::span(reinterpret_cast<char*>(&error), sizeof error)) == 0;
  end.said = read_end(said.read);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!started) {
    throw Error(error == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                "run '" + call.arguments.front() + "': " + errno_text(error));
  }
  end.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return end;
}

}  // namespace

ProgramEnd run_program(const ProgramCall& call) { return run(call, STDERR_FILENO); }

std::string program_version(const std::string& program) {
  const std::string said = run({{program, "--version"}, {}}, STDOUT_FILENO).said;
  return said.substr(0, said.find('\n'));
}

}  // namespace logctl
