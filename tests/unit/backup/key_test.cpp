#include "shared/backup/key.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <string>
#include <sys/stat.h>

using namespace logctl;
using backup::Decryptor;
using backup::Encryptor;
using backup::Key;

namespace {

const std::string kBytes(32, 'k');

std::string encrypted(const Key& key, std::string_view text, std::size_t step) {
  Encryptor encrypt(key);
  std::string out;
  for (; text.size() > step; text.remove_prefix(step)) {
    encrypt.write(text.substr(0, step), false, out);
  }
  encrypt.write(text, true, out);
  return out;
}

std::string decrypted(const Key& key, std::string_view data, std::size_t step) {
  Decryptor decrypt(key);
  std::string out;
  for (; data.size() > step; data.remove_prefix(step)) decrypt.read(data.substr(0, step), out);
  decrypt.read(data, out);
  decrypt.finish(out);
  return out;
}

bool refuses(const Key& key, std::string_view data) {
  try {
    decrypted(key, data, 1000);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::drift);
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("backup: what was encrypted comes back, whatever the pieces", "[backup]") {
  const Key key(kBytes);
  for (const std::size_t size : {0, 1, 65535, 65536, 65537, 200000, 131072}) {
    const std::string text(size, 'x');
    for (const std::size_t step : {1000, 65536, 70000}) {
      INFO(size << " in steps of " << step);
      CHECK(decrypted(key, encrypted(key, text, step), 777) == text);
    }
  }
}

TEST_CASE("backup: an encrypted file that was changed, cut or put together anew is refused",
          "[backup]") {
  const Key key(kBytes);
  const std::string good = encrypted(key, std::string(150000, 'x'), 5000);
  for (std::size_t at = 0; at < good.size(); at += 4999) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 4);
    INFO("byte " << at);
    CHECK(refuses(key, bad));
  }
  CHECK(refuses(key, ""));
  for (const std::size_t size : {10, 24, 30, 24 + 65553, 24 + 2 * 65553}) {
    INFO("cut to " << size);
    CHECK(refuses(key, good.substr(0, size)));
  }
  CHECK(refuses(key, good + "more"));
  const std::string swapped = good.substr(0, 24) + good.substr(24 + 65553, 65553) +
                              good.substr(24, 65553) + good.substr(24 + 2 * 65553);
  CHECK(refuses(key, swapped));
  CHECK(refuses(Key(std::string(32, 'o')), good));
}

TEST_CASE("backup: a key is 32 bytes, or hex or base64 of them", "[backup]") {
  const test::TempDir folder;
  const auto path = folder.path() / "key";
  const auto write = [&](std::string_view text, unsigned mode = 0600) {
    replace_file(path, text, mode);
    ::chmod(path.c_str(), mode);
  };
  write(kBytes);
  const std::string id = Key::read(path).id();
  CHECK(id.size() == 16);
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += "6b";
  write(hex + "\n");
  CHECK(Key::read(path).id() == id);
  write("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=\n");
  CHECK(Key::read(path).id() == id);

  for (const std::string& bad : {std::string(), std::string("short"), std::string(33, 'k'),
                                 std::string(64, 'z'), hex + "00"}) {
    write(bad);
    INFO(bad);
    CHECK_THROWS_AS(Key::read(path), Error);
  }
  write(kBytes, 0644);
  CHECK_THROWS_WITH(Key::read(path), Catch::Contains("every user can read"));
  CHECK_THROWS_WITH(Key::read(folder.path() / "none"), Catch::Contains("No such file"));
}
