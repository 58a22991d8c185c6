// logctl-followers PORT KEY COUNT SECONDS [QUESTION...]: so many live tails at once, each with one
// of the questions in turn (`q=` as it stands in a URL; `@` becomes the number of the tail).
//
// Reads for so many seconds, then prints as JSON how many records arrived, how many the daemon says
// it skipped, the least and the most that one tail got of both, and the percentiles of the time
// from a record's receipt until it was read (in ms; both clocks are this machine's).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;

// Every so many records one is looked at for its age.
constexpr std::uint64_t kSample = 97;

struct Follower {
  int fd = -1;
  std::string rest;  // an unfinished line
  bool skipped_next = false;
  std::uint64_t records = 0;
  std::uint64_t skipped = 0;
};

double now_ms() {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(
                                 std::chrono::system_clock::now().time_since_epoch())
                                 .count()) /
         1e3;
}

// The time of receipt stands in front of the position: `id: HEX_MICROSECONDS.`
void take_line(Follower& follower, std::string_view line, std::vector<double>& ages) {
  if (line.starts_with("id: ")) {
    ++follower.records;
    if (follower.records % kSample != 0) return;
    const auto micros = std::strtoll(std::string(line.substr(4, 16)).c_str(), nullptr, 16);
    ages.push_back(now_ms() - static_cast<double>(micros) / 1e3);
  } else if (line.starts_with("event: skipped")) {
    follower.skipped_next = true;
  } else if (follower.skipped_next && line.starts_with("data: ")) {
    follower.skipped_next = false;
    const std::size_t digits = line.find_first_of("0123456789");
    if (digits != std::string_view::npos) {
      follower.skipped += std::strtoull(std::string(line.substr(digits)).c_str(), nullptr, 10);
    }
  }
}

void take(Follower& follower, std::string_view bytes, std::vector<double>& ages) {
  while (true) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) break;
    if (follower.rest.empty()) {
      take_line(follower, bytes.substr(0, end), ages);
    } else {
      follower.rest += bytes.substr(0, end);
      take_line(follower, follower.rest, ages);
      follower.rest.clear();
    }
    bytes.remove_prefix(end + 1);
  }
  follower.rest += bytes;
}

bool connect_to(Follower& follower, std::uint16_t port, const std::string& request) {
  follower.fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::connect(follower.fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
         ::send(follower.fd, request.data(), request.size(), 0) ==
             static_cast<ssize_t>(request.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fputs("usage: logctl-followers PORT KEY COUNT SECONDS [QUESTION...]\n", stderr);
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const std::size_t count = std::strtoull(argv[3], nullptr, 10);
  const int duration = std::atoi(argv[4]);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);

  const int events = ::epoll_create1(0);
  std::vector<Follower> followers(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::string question = argc > 5 ? argv[5 + i % static_cast<std::size_t>(argc - 5)] : "";
    if (const std::size_t at = question.find('@'); at != std::string::npos) {
      question.replace(at, 1, std::to_string(i));
    }
    const std::string request = fmt::format(
        "GET /api/v1/logs/tail?q={} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {}\r\n\r\n",
        question, argv[2]);
    if (!connect_to(followers[i], port, request)) {
      std::perror("logctl-followers: connect");
      return 1;
    }
    epoll_event interest{};
    interest.events = EPOLLIN;
    interest.data.u64 = i;
    ::epoll_ctl(events, EPOLL_CTL_ADD, followers[i].fd, &interest);
  }
  std::vector<double> ages;
  std::vector<char> space(256 * 1024);
  std::array<epoll_event, 256> ready{};
  std::size_t lost = 0;
  const auto end = Steady::now() + std::chrono::seconds(duration);
  while (Steady::now() < end) {
    const int n = ::epoll_wait(events, ready.data(), static_cast<int>(ready.size()), 50);
    for (int i = 0; i < n; ++i) {
      Follower& follower = followers[ready[static_cast<std::size_t>(i)].data.u64];
      const ssize_t got = ::recv(follower.fd, space.data(), space.size(), 0);
      if (got <= 0) {
        ::epoll_ctl(events, EPOLL_CTL_DEL, follower.fd, nullptr);
        ++lost;
        continue;
      }
      take(follower, {space.data(), static_cast<std::size_t>(got)}, ages);
    }
  }
  std::uint64_t records = 0;
  std::uint64_t skipped = 0;
  std::uint64_t least = UINT64_MAX;
  std::uint64_t most = 0;
  for (const Follower& follower : followers) {
    records += follower.records;
    skipped += follower.skipped;
    least = std::min(least, follower.records + follower.skipped);
    most = std::max(most, follower.records + follower.skipped);
  }
  std::sort(ages.begin(), ages.end());
  const auto percentile = [&ages](double share) {
    if (ages.empty()) return 0.0;
    return ages[static_cast<std::size_t>(share * static_cast<double>(ages.size() - 1))];
  };
  fmt::print(
      "{{\"records\":{},\"skipped\":{},\"least\":{},\"most\":{},\"lost\":{},\"p50_ms\":{:.1f},"
      "\"p99_ms\":{:.1f}}}\n",
      records, skipped, least, most, lost, percentile(0.5), percentile(0.99));
  return 0;
}
