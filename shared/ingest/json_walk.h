// A position in indexed JSON, and the walk over one value of any shape.
//
// The walk checks the grammar and everything that a store would refuse (numbers, NUL, surrogates,
// depth), and finds the members whose key must not be stored. A violation does not end the walk:
// the first one is kept, so that the rest of the body can still be read. One thread.
#pragma once

#include "shared/ingest/json_text.h"
#include "shared/ingest/rules.h"
#include "shared/record/record.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::ingest {

class Cursor {
 public:
  // `tokens` is the StructureIndex of `text`. Both must outlive the cursor.
  Cursor(std::string_view text, const std::uint32_t* tokens)
      : text_(text.data()),
        size_(static_cast<std::uint32_t>(text.size())),
        limit_(size_),
        first_(tokens),
        token_(tokens) {}

  std::uint32_t offset() const { return *token_; }
  char peek() const { return text_[*token_]; }
  char peek_after() const { return text_[token_[1]]; }
  const char* here() const { return text_ + *token_; }
  const std::uint32_t* token() const { return token_; }
  const char* text() const { return text_; }
  void advance(int tokens = 1) { token_ += tokens; }

  // Tokens from here on belong to the next line.
  void set_limit(std::uint32_t limit) { limit_ = limit; }
  std::uint32_t limit() const { return limit_; }
  bool at_end() const { return *token_ >= limit_; }
  // The last token passed lies before the limit.
  bool within_limit() const { return token_[-1] < limit_; }
  // Moves to the first token of the next line, from wherever a broken line was left.
  void seek_limit() {
    while (*token_ < limit_) ++token_;
    while (token_ > first_ && token_[-1] >= limit_) --token_;
  }

  // What stands between the quotes of the string here, as it was sent.
  std::string_view string() const {
    const char* begin = here() + 1;
    const char* end = text_ + token_[1] - 1;
    while (*end != '"') --end;  // only white space can stand behind the closing quote
    return {begin, static_cast<std::size_t>(end - begin)};
  }

  // True when `part`, which lies behind every part asked for before, holds a backslash.
  bool has_escape(std::string_view part) {
    const auto begin = static_cast<std::uint32_t>(part.data() - text_);
    const auto end = static_cast<std::uint32_t>(begin + part.size());
    if (backslash_ >= end) return false;
    if (backslash_ < begin) {
      const void* found = std::memchr(part.data(), '\\', size_ - begin);
      backslash_ =
          found ? static_cast<std::uint32_t>(static_cast<const char*>(found) - text_) : size_;
    }
    return backslash_ < end;
  }

  // True when the scalar that ends before `p` really ends there.
  bool ends_at(const char* p) const { return is_delimiter(*p) || p == text_ + size_; }
  // True when the token here is this word (true, false, null).
  bool is_word(std::string_view word) const {
    return std::memcmp(here(), word.data(), word.size()) == 0 && ends_at(here() + word.size());
  }
  // The end of the value that was passed last.
  const char* previous_end(const char* begin) const {
    const char* end = text_ + *token_;
    while (end > begin + 1 && is_space(end[-1])) --end;
    return end;
  }

 private:
  const char* text_;
  std::uint32_t size_;
  std::uint32_t limit_;
  const std::uint32_t* first_;
  const std::uint32_t* token_;
  std::uint32_t backslash_ = 0;  // the next one, once asked for; 0: not known yet
};

// Larger buffers are not kept between batches.
constexpr std::size_t kKeptBuffer = 1024 * 1024;

template <typename Buffer>
void shrink_buffer(Buffer& buffer) {
  if (buffer.capacity() * sizeof(buffer[0]) > kKeptBuffer) Buffer().swap(buffer);
}

// Bytes to leave out when a value is written.
struct Cut {
  const char* from;
  const char* to;
};

// What is wrong with a value inside a record.
struct Issue {
  Reason reason{};
  const std::uint32_t* token = nullptr;  // the value, or the key
  std::string message;
};

class Walk {
 public:
  // Cuts are kept up to the offset `cut_limit`; what lies behind it is not going to be written.
  void begin(const Rules& rules, std::uint64_t cut_limit) {
    rules_ = &rules;
    cut_limit_ = cut_limit;
    cuts_.clear();
    marked_.clear();
    issue_.reset();
    cutting_ = false;
  }

  // Moves the cursor behind the value it stands on. `depth` is how many containers of the stored
  // value are around it. False when the text is not JSON: the cursor then stands on the place, and
  // expected() says what would be right there.
  bool value(Cursor& cursor, unsigned depth);

  std::string_view expected() const { return expected_; }
  bool fail(std::string_view expected) {
    expected_ = expected;
    return false;
  }

  // Memory kept for the next walk.
  std::size_t kept_bytes() const {
    return is_object_.capacity() + cuts_.capacity() * sizeof(Cut) + key_.capacity();
  }
  // Gives it back where it is unusually large. Only between records.
  void shrink();

  // What to leave out of the values walked since begin(), in order.
  const std::vector<Cut>& cuts() const { return cuts_; }
  const std::optional<Issue>& issue() const { return issue_; }

  // Prepares for walking a value again, to leave out the members whose keys begin at `marked` too:
  // forgets the cuts from `first_cut` on.
  void leave_out(std::vector<const char*>&& marked, std::size_t first_cut) {
    marked_ = std::move(marked);
    cuts_.resize(first_cut);
  }

  // True when the key, as it was sent, names something that must not be stored.
  bool drops(std::string_view raw_key, bool escaped);

 private:
  bool is_marked(const char* key) const;
  bool scalar(Cursor& cursor);
  bool container(Cursor& cursor, unsigned depth);
  bool string(Cursor& cursor, std::string_view raw);
  // Only the first issue is worth its words, and what will not be stored cannot be wrong.
  bool wants_issue() const { return !issue_ && !cutting_; }

  const Rules* rules_ = nullptr;
  std::uint64_t cut_limit_ = 0;
  std::vector<std::uint8_t> is_object_;  // by level
  std::vector<Cut> cuts_;
  std::vector<const char*> marked_;  // keys to leave out whatever their name
  std::optional<Issue> issue_;
  std::string_view expected_;
  std::string key_;
  bool cutting_ = false;
};

// `name.key[2].key`: where `token` lies in the container that starts at `start`.
std::string path_to(std::string_view name, std::string_view text, const std::uint32_t* start,
                    const std::uint32_t* token);

}  // namespace logctl::ingest
