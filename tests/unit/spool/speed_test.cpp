// What the spool costs: memory in every run; throughput when asked for, with `[.bench]`.
#include "shared/base/crc32c.h"
#include "tests/support/catch.h"
#include "tests/support/spool_world.h"
#include "tests/support/temp_dir.h"

#include <chrono>
#include <cstdio>
#include <sys/resource.h>

using namespace logctl;
using namespace logctl::test;

namespace {

long peak_kib() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// Runs `work`, which handles `bytes`, and prints the rate.
void measure(const char* name, double bytes, const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%-32s %8.0f MB/s  %.3f s\n", name, bytes / 1e6 / took.count(), took.count());
}

struct RealSpool {
  explicit RealSpool(spool::Fsync fsync, const std::filesystem::path& directory)
      : spool(real_file_system(), {.directory = directory, .fsync = fsync}, system_clock(),
              [](std::string_view, const std::string&) {}) {}
  spool::Spool spool;
};

}  // namespace

TEST_CASE("spool: memory does not grow with what is written and read", "[spool]") {
  const TempDir dir;
  const std::string payload(500'000, 'x');
  RealSpool real(spool::Fsync::none, dir.path());
  const std::vector<spool::FrameToWrite> frames(4, {{1, 1}, payload});
  const auto write = [&](int megabytes) {
    for (int i = 0; i < megabytes; i += 2) real.spool.append(frames);
  };
  auto reader = real.spool.read(0);
  write(8);
  while (reader.next()) {
  }
  const long before = peak_kib();
  write(192);
  std::size_t n = 0;
  while (const auto frame = reader.next()) n += frame->payload.size() == payload.size();
  CHECK(n == 384);
  CHECK(peak_kib() - before < 16 * 1024);
}

TEST_CASE("spool: throughput", "[.bench]") {
  constexpr int kMegabytes = 2000;
  const TempDir dir;
  const std::string payload(500'000, 'x');
  const std::vector<spool::FrameToWrite> frames(4, {{1000, 1000}, payload});
  measure("crc32c", 4e9, [&] {
    std::uint32_t sum = 0;
    for (int i = 0; i < 8000; ++i) sum = crc32c(payload, sum);
    CHECK(sum != 0);
  });
  measure("crc32c without hardware", 4e8, [&] {
    std::uint32_t sum = 0;
    for (int i = 0; i < 800; ++i) sum = crc32c_portable(payload, sum);
    CHECK(sum != 0);
  });
  for (const auto fsync : {spool::Fsync::none, spool::Fsync::always}) {
    const bool always = fsync == spool::Fsync::always;
    RealSpool real(fsync, dir.path() / (always ? "always" : "none"));
    measure(always ? "append, 2 MB groups, fsync" : "append, 2 MB groups", kMegabytes * 1e6, [&] {
      for (int i = 0; i < kMegabytes; i += 2) real.spool.append(frames);
    });
    measure("read", kMegabytes * 1e6, [&] {
      auto reader = real.spool.read(0);
      while (reader.next()) {
      }
    });
  }
  RealSpool real(spool::Fsync::always, dir.path() / "single");
  const std::string record(500, 'x');
  const std::vector<spool::FrameToWrite> group(32, {{1, 1}, record});
  measure("append, 32 records, fsync", 2000.0 * 32 * 500, [&] {
    for (int i = 0; i < 2000; ++i) real.spool.append(group);
  });
}
