// What a connection has received and nobody has consumed yet. Contiguous; grows when asked.
#pragma once

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace logctl::http {

class ReadBuffer {
 public:
  static constexpr std::size_t kInitial = 4096;  // an idle connection keeps no more than this

  std::string_view data() const { return {space_.get() + begin_, size()}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }

  void consume(std::size_t n) {
    begin_ += n;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  // Room for at least `wanted` more bytes.
  boost::asio::mutable_buffer prepare(std::size_t wanted = 1) {
    if (capacity_ - end_ < wanted) make_room(wanted);
    return {space_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t n) { end_ += n; }

  // Gives back what a large request needed.
  void shrink() {
    if (empty() && capacity_ > kInitial) {
      space_.reset();
      capacity_ = 0;
    }
  }

 private:
  void make_room(std::size_t wanted) {
    const std::size_t used = size();
    std::size_t capacity = std::max(capacity_, kInitial);
    while (capacity - used < wanted) capacity *= 2;
    if (capacity == capacity_) {
      std::memmove(space_.get(), space_.get() + begin_, used);
    } else {
      // Not value-initialised: the bytes are written by the next read.
      std::unique_ptr<char[]> space(new char[capacity]);
      if (used > 0) std::memcpy(space.get(), space_.get() + begin_, used);
      space_ = std::move(space);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = used;
  }

  std::unique_ptr<char[]> space_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace logctl::http
