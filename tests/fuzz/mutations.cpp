// Runs a fuzz target without a fuzzer: FUZZER SEEDS [ROUNDS [SEED]]. Each line of the file SEEDS is
// an input; every round changes one at random, the same way on every machine. An input that breaks
// the target is written to standard error, as a C string.
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr std::size_t kLongest = 9000;
constexpr std::string_view kSigns = "\"'\\()[]{}:;,.<>=!-+*/|?^$&%#@~` \t\r\n0aeE_";
// What parsers trip over: bytes that are no UTF-8, NUL, signs of two widths, long numbers.
constexpr std::array<std::string_view, 12> kOdd = {std::string_view("\0", 1),
                                                   "\xff",
                                                   "\xc3",
                                                   "\xed\xa0\x80",
                                                   "\xf4\x90\x80\x80",
                                                   "ü",
                                                   "\xef\xbb\xbf",
                                                   "99999999999999999999",
                                                   "1e999",
                                                   "-0",
                                                   "\\u0000",
                                                   "\xe2\x80\xa8"};

std::string current;  // the input at work

void tell(int signal) {
  std::fputs("the input: \"", stderr);
  for (const char c : current) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e || c == '"' || c == '\\') {
      std::fprintf(stderr, "\\%03o", static_cast<unsigned>(byte));
    } else {
      std::fputc(c, stderr);
    }
  }
  std::fputs("\"\n", stderr);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

class Mutations {
 public:
  Mutations(std::vector<std::string> seeds, std::uint32_t seed)
      : seeds_(std::move(seeds)), random_(seed) {}

  std::string next() {
    std::string text = one();
    if (below(4) == 0) {
      const std::string other = one();
      text = text.substr(0, below(text.size() + 1)) + other.substr(below(other.size() + 1));
    }
    for (std::size_t edits = below(6); edits > 0; --edits) edit(text);
    if (text.size() > kLongest) text.resize(kLongest);
    return text;
  }

 private:
  std::size_t below(std::size_t end) { return random_() % end; }
  const std::string& one() { return seeds_[below(seeds_.size())]; }

  void edit(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(below(8) == 0 ? 200 : 6) + 1;
    switch (below(6)) {
      case 0:
        text.insert(at, 1, kSigns[below(kSigns.size())]);
        break;
      case 1:
        text.insert(at, kOdd[below(kOdd.size())]);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(random_());
        break;
      default:
        text.insert(at, std::string(length, kSigns[below(kSigns.size())]));
        break;
    }
  }

  const std::vector<std::string> seeds_;
  std::mt19937 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: FUZZER SEEDS [ROUNDS [SEED]]\n", stderr);
    return 2;
  }
  std::ifstream file(argv[1]);
  std::vector<std::string> seeds;
  for (std::string line; std::getline(file, line);) seeds.push_back(line);
  if (seeds.empty()) {
    std::fprintf(stderr, "no inputs in %s\n", argv[1]);
    return 2;
  }
  const unsigned long rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20'000;
  const auto seed = static_cast<std::uint32_t>(argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 1);
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(signal, tell);
  for (const std::string& text : seeds) {
    current = text;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
  }
  Mutations mutations(std::move(seeds), seed);
  for (unsigned long round = 0; round < rounds; ++round) {
    current = mutations.next();
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
  }
  std::printf("%lu inputs\n", rounds);
  return 0;
}
