#include "bench/message_load.h"

#include "bench/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace logctl::bench {
namespace {

using Steady = std::chrono::steady_clock;

// A connection with one request on its way.
class Writer {
 public:
  Writer(const MessageLoad& load, int number)
      : load_(load), number_(number), fd_(connect_to("127.0.0.1", load.port)) {
    if (fd_ < 0) throw std::runtime_error(fmt::format("no connection to 127.0.0.1:{}", load.port));
  }
  ~Writer() { ::close(fd_); }
  Writer(const Writer&) = delete;

  int fd() const { return fd_; }

  void send() {
    const std::string stream = fmt::format("order-{}x{}", number_, sent_ % load_.streams);
    const std::string request = post_request("/rpc", load_.token, write_call(stream, sent_));
    ++sent_;
    begin_ = Steady::now();
    // Small enough for the buffer of an idle connection.
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      throw std::runtime_error("a connection broke");
    }
  }

  // The status of the answer once it is complete, -1 before, 0 when the connection broke.
  int receive() {
    std::array<char, 4096> buffer;
    const ssize_t n = ::recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n <= 0) return 0;
    answer_.append(buffer.data(), static_cast<std::size_t>(n));
    const std::size_t head = answer_.find("\r\n\r\n");
    if (head == std::string::npos) return -1;
    const std::size_t length = answer_.find("Content-Length: ");
    if (length == std::string::npos) return 0;
    const std::size_t size = std::strtoull(answer_.c_str() + length + 16, nullptr, 10);
    if (answer_.size() < head + 4 + size) return -1;
    const int status = std::atoi(answer_.c_str() + 9);
    answer_.clear();
    return status;
  }

  double waited_ms() const {
    return std::chrono::duration<double, std::milli>(Steady::now() - begin_).count();
  }

 private:
  const MessageLoad& load_;
  const int number_;
  const int fd_;
  std::uint64_t sent_ = 0;
  std::string answer_;
  Steady::time_point begin_;
};

}  // namespace

std::string message_data(std::uint64_t n) {
  return fmt::format(
      R"({{"order":{},"customer":"customer-{}","currency":"EUR","total":{}.{:02},)"
      R"("items":[{{"sku":"A-{}","count":{}}},{{"sku":"B-{}","count":1}}],"note":"leave it at the door"}})",
      n, n % 5000, n % 900, n % 100, n % 1000, n % 7 + 1, n % 333);
}

std::string message_metadata(std::uint64_t n) {
  return fmt::format(R"({{"correlationStreamName":"checkout-{}","causation":{}}})", n % 1000, n);
}

std::string write_call(std::string_view stream, std::uint64_t n) {
  return fmt::format(R"(["stream.write","{}",{{"type":"OrderPlaced","data":{},"metadata":{}}}])",
                     stream, message_data(n), message_metadata(n));
}

LoadResult write_messages(const MessageLoad& load) {
  const int poller = ::epoll_create1(0);
  std::vector<std::unique_ptr<Writer>> writers;
  for (int i = 0; i < load.connections; ++i) {
    Writer& writer = *writers.emplace_back(std::make_unique<Writer>(load, i));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &writer;
    ::epoll_ctl(poller, EPOLL_CTL_ADD, writer.fd(), &event);
  }
  LoadResult result;
  const auto begin = Steady::now();
  const auto end = begin + std::chrono::duration_cast<Steady::duration>(
                               std::chrono::duration<double>(load.seconds));
  for (const auto& writer : writers) writer->send();
  std::size_t waiting = writers.size();
  std::array<epoll_event, 64> events;
  while (waiting > 0) {
    const int ready = ::epoll_wait(poller, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < ready; ++i) {
      Writer& writer = *static_cast<Writer*>(events[i].data.ptr);
      const int status = writer.receive();
      if (status < 0) continue;
      ++result.answers[status];
      if (status == 200) ++result.written;
      result.latencies_ms.push_back(writer.waited_ms());
      if (status != 0 && Steady::now() < end) {
        writer.send();
        continue;
      }
      ::epoll_ctl(poller, EPOLL_CTL_DEL, writer.fd(), nullptr);
      --waiting;
    }
  }
  result.seconds = std::chrono::duration<double>(Steady::now() - begin).count();
  ::close(poller);
  std::sort(result.latencies_ms.begin(), result.latencies_ms.end());
  return result;
}

}  // namespace logctl::bench
