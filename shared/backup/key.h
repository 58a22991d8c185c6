// The key of encrypted backups, and the encryption: libsodium's secretstream (XChaCha20 with
// Poly1305) in pieces of 64 KiB, which cannot be changed, left out, put in another order or cut off
// unnoticed. docs/backup.md has the format.
//
// A Key may be used by many threads; Encryptor and Decryptor belong to one.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace logctl::backup {

class Key {
 public:
  // Takes 32 bytes, or 64 hex digits or base64 of them. Throws Error{config} on anything else and
  // on a file that other users can read.
  static Key read(const std::filesystem::path& file);
  explicit Key(std::string_view bytes);
  ~Key();
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;

  // Tells keys apart without giving anything away.
  std::string id() const;
  // A keyed hash of `text`, in hex.
  std::string mac(std::string_view text) const;

 private:
  friend class Encryptor;
  friend class Decryptor;
  std::array<unsigned char, 32> bytes_{};
};

class Encryptor {
 public:
  explicit Encryptor(const Key& key);
  ~Encryptor();
  // Appends what is ready to `out`.
  void write(std::string_view data, bool last, std::string& out);

 private:
  struct State;
  void piece(std::string_view data, bool last, std::string& out);
  std::unique_ptr<State> state_;
};

class Decryptor {
 public:
  explicit Decryptor(const Key& key);
  ~Decryptor();
  // Appends what can be read of the next bytes of the file to `out`. Throws Error{drift} on a wrong
  // key or damaged data.
  void read(std::string_view data, std::string& out);
  // Call at the end of the file: throws Error{drift} when it ended too early.
  void finish(std::string& out);

 private:
  struct State;
  void piece(std::string_view data, std::string& out);
  std::unique_ptr<State> state_;
};

}  // namespace logctl::backup
