// Where the program's text goes: a file descriptor, or a string in tests. One thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace logctl::cli {

// The reader of standard output went away; ends the program without a word.
struct BrokenPipe {};

// Errors: BrokenPipe when the reader is gone, Error{io} when the text cannot be written.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(std::string_view text) = 0;
  virtual void flush() = 0;
};

class FdSink final : public Sink {
 public:
  FdSink(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  void write(std::string_view text) override;
  void flush() override;

 private:
  int fd_;
  std::string name_;  // for error messages: "standard output"
  std::string buffer_;
};

class StringSink final : public Sink {
 public:
  void write(std::string_view text) override { text_.append(text); }
  void flush() override {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace logctl::cli
