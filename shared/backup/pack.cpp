#include "shared/backup/pack.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <vector>

namespace logctl::backup {
namespace {

constexpr std::size_t kBuffer = 256 * 1024;

Error damaged(const std::filesystem::path& file, std::string_view why) {
  return Error(ErrorCode::drift, fmt::format("'{}': {}", file.string(), why),
               "`logctl backup verify` lists what is damaged");
}

std::string size_problem(std::uint64_t found, const FileEntry& entry) {
  if (found == entry.bytes) return {};
  return fmt::format("has {} bytes, the manifest says {}", found, entry.bytes);
}

constexpr std::string_view kWrongSum = "its SHA-256 is not the one in the manifest";

// The decrypted bytes of a file, and its digest on the way.
template <typename Take>
std::string read_through(File& file, const Key* key, Take take) {
  Sha256 sha256;
  std::optional<Decryptor> decrypt;
  if (key != nullptr) decrypt.emplace(*key);
  std::vector<char> buffer(kBuffer);
  std::string clear;
  while (const std::size_t n = file.read(buffer)) {
    const std::string_view piece(buffer.data(), n);
    sha256.update(piece);
    if (!decrypt) {
      take(piece);
      continue;
    }
    clear.clear();
    decrypt->read(piece, clear);
    take(clear);
  }
  if (decrypt) {
    clear.clear();
    decrypt->finish(clear);
    take(clear);
  }
  return sha256.hex();
}

}  // namespace

PackWriter::PackWriter(const std::filesystem::path& file, const Key* key, int level, int helpers)
    : file_(File::create(file, 0640)), compress_(level, helpers) {
  if (key != nullptr) encrypt_.emplace(*key);
}

void PackWriter::write(std::string_view data) {
  entry_.raw_bytes += data.size();
  // Rows come one by one: each call of the compressor costs something.
  if (waiting_.size() + data.size() < kBuffer) {
    waiting_ += data;
    return;
  }
  put(waiting_, false);
  waiting_.clear();
  put(data, false);
}

void PackWriter::put(std::string_view data, bool last) {
  compressed_.clear();
  compress_.write(data, last, compressed_);
  std::string_view ready = compressed_;
  if (encrypt_) {
    encrypted_.clear();
    encrypt_->write(compressed_, last, encrypted_);
    ready = encrypted_;
  }
  sha256_.update(ready);
  entry_.bytes += ready.size();
  file_.write_all(ready);
}

FileEntry PackWriter::finish() {
  put(waiting_, true);
  file_.sync();
  file_.close();
  entry_.sha256 = sha256_.hex();
  return entry_;
}

void unpack(const std::filesystem::path& path, const FileEntry& entry, const Key* key,
            const std::function<void(std::string_view)>& take) {
  File file = File::open_read(path);
  if (const std::string problem = size_problem(file.size(), entry); !problem.empty()) {
    throw damaged(path, problem);
  }
  const std::unique_ptr<Decompressor> decompress = make_decompressor(Compression::zstd);
  std::vector<char> buffer(kBuffer);
  try {
    const std::string sha256 = read_through(file, key, [&](std::string_view piece) {
      while (const std::size_t n = decompress->decode(piece, buffer)) take({buffer.data(), n});
    });
    if (sha256 != entry.sha256) throw damaged(path, kWrongSum);
    if (!decompress->complete()) throw damaged(path, "ends in the middle of its compressed data");
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_request) throw;
    throw damaged(path, error.message());
  }
}

void unpack_to(const std::filesystem::path& path, const FileEntry& entry, const Key* key,
               const std::filesystem::path& target) {
  File file = File::create(target, 0640);
  unpack(path, entry, key, [&](std::string_view piece) { file.write_all(piece); });
  file.sync();
  file.close();
}

std::string check_file(const std::filesystem::path& path, const FileEntry& entry) {
  try {
    File file = File::open_read(path);
    if (std::string problem = size_problem(file.size(), entry); !problem.empty()) return problem;
    const std::string sha256 = read_through(file, nullptr, [](std::string_view) {});
    return sha256 == entry.sha256 ? std::string() : std::string(kWrongSum);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return "is missing";
    return error.message();
  }
}

}  // namespace logctl::backup
