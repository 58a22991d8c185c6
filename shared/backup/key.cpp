#include "shared/backup/key.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/ids.h"

#include <fmt/format.h>

#include <algorithm>
#include <sodium.h>
#include <sys/stat.h>

namespace logctl::backup {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kHeader = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr std::size_t kOverhead = crypto_secretstream_xchacha20poly1305_ABYTES;
static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == 32);

void start_sodium() {
  static const int started = sodium_init();
  if (started < 0) throw Error(ErrorCode::internal, "libsodium cannot be started");
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error damaged(std::string_view why) {
  return Error(ErrorCode::drift, fmt::format("cannot be decrypted: {}", why),
               "the key is another one, or the file is damaged");
}

std::string decoded(std::string_view text) {
  std::array<unsigned char, 32> out{};
  std::size_t size = 0;
  if (text.size() == 32) return std::string(text);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const char* end = nullptr;
  if (text.size() == 64 &&
      sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end) == 0 &&
      size == out.size() && end == text.data() + text.size()) {
    return {reinterpret_cast<const char*>(out.data()), size};
  }
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end,
                        sodium_base64_VARIANT_ORIGINAL) == 0 &&
      size == out.size() && end == text.data() + text.size()) {
    return {reinterpret_cast<const char*>(out.data()), size};
  }
  return {};
}

}  // namespace

Key Key::read(const std::filesystem::path& file) {
  const std::string hint =
      "make one with: (umask 077; head -c 32 /dev/urandom | base64 > FILE), and keep a copy "
      "elsewhere: without it the backups are worth nothing";
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) {
    throw Error(ErrorCode::config,
                fmt::format("backup key '{}': {}", file.string(), errno_text(errno)), hint);
  }
  if ((info.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    throw Error(ErrorCode::config,
                fmt::format("backup key '{}': every user can read or change it", file.string()),
                fmt::format("chmod 600 '{}'", file.string()));
  }
  const std::string key = decoded(read_file(file));
  if (key.empty()) {
    throw Error(ErrorCode::config,
                fmt::format("backup key '{}': expected 32 bytes, 64 hex digits or base64 of 32 "
                            "bytes, found {} bytes of something else",
                            file.string(), info.st_size),
                hint);
  }
  return Key(key);
}

Key::Key(std::string_view key) {
  start_sodium();
  std::copy_n(bytes(key), std::min(key.size(), bytes_.size()), bytes_.begin());
}

Key::~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string Key::mac(std::string_view text) const {
  std::array<unsigned char, 32> out{};
  crypto_generichash(out.data(), out.size(), bytes(text), text.size(), bytes_.data(),
                     bytes_.size());
  return to_hex(out);
}

std::string Key::id() const { return mac("logctl backup key id").substr(0, 16); }

struct Encryptor::State {
  crypto_secretstream_xchacha20poly1305_state stream{};
  std::string waiting;  // less than a piece
  std::string header;   // until it is written
};

Encryptor::Encryptor(const Key& key) : state_(std::make_unique<State>()) {
  std::array<unsigned char, kHeader> header{};
  crypto_secretstream_xchacha20poly1305_init_push(&state_->stream, header.data(),
                                                  key.bytes_.data());
  state_->header.assign(reinterpret_cast<const char*>(header.data()), header.size());
}

Encryptor::~Encryptor() { sodium_memzero(&state_->stream, sizeof state_->stream); }

void Encryptor::write(std::string_view data, bool last, std::string& out) {
  out += state_->header;
  state_->header.clear();
  state_->waiting += data;
  std::string_view left = state_->waiting;
  for (; left.size() > kPiece; left.remove_prefix(kPiece)) {
    piece(left.substr(0, kPiece), false, out);
  }
  if (last) {
    piece(left, true, out);
    left = {};
  }
  state_->waiting = std::string(left);
}

void Encryptor::piece(std::string_view data, bool last, std::string& out) {
  const std::size_t used = out.size();
  out.resize(used + data.size() + kOverhead);
  crypto_secretstream_xchacha20poly1305_push(
      &state_->stream, reinterpret_cast<unsigned char*>(out.data() + used), nullptr, bytes(data),
      data.size(), nullptr, 0, last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
}

struct Decryptor::State {
  const Key key;
  crypto_secretstream_xchacha20poly1305_state stream{};
  std::string waiting;
  bool begun = false;
  bool ended = false;
};

Decryptor::Decryptor(const Key& key) : state_(new State{key, {}, {}, false, false}) {}

Decryptor::~Decryptor() { sodium_memzero(&state_->stream, sizeof state_->stream); }

void Decryptor::read(std::string_view data, std::string& out) {
  state_->waiting += data;
  std::string_view left = state_->waiting;
  if (!state_->begun && left.size() >= kHeader) {
    if (crypto_secretstream_xchacha20poly1305_init_pull(&state_->stream, bytes(left),
                                                        state_->key.bytes_.data()) != 0) {
      throw damaged("its first bytes are not those of an encrypted file");
    }
    left.remove_prefix(kHeader);
    state_->begun = true;
  }
  // The last piece may be as long as the others: it is only known at the end of the file.
  for (; state_->begun && left.size() > kPiece + kOverhead;
       left.remove_prefix(kPiece + kOverhead)) {
    piece(left.substr(0, kPiece + kOverhead), out);
  }
  state_->waiting = std::string(left);
}

void Decryptor::finish(std::string& out) {
  if (state_->begun && !state_->waiting.empty()) piece(state_->waiting, out);
  if (!state_->ended) throw damaged("it ends too early");
}

void Decryptor::piece(std::string_view data, std::string& out) {
  if (state_->ended) throw damaged("there is more after its end");
  if (data.size() < kOverhead) throw damaged("it ends too early");
  const std::size_t used = out.size();
  out.resize(used + data.size() - kOverhead);
  unsigned char tag = 0;
  if (crypto_secretstream_xchacha20poly1305_pull(
          &state_->stream, reinterpret_cast<unsigned char*>(out.data() + used), nullptr, &tag,
          bytes(data), data.size(), nullptr, 0) != 0) {
    throw damaged("a piece does not match its mark");
  }
  state_->ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
}

}  // namespace logctl::backup
