// A small language for spool tests: open, append, read back.
#pragma once

#include "shared/base/time_text.h"
#include "shared/spool/spool.h"
#include "tests/support/fault_file_system.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::test {

class SpoolWorld {
 public:
  SpoolWorld() {
    settings.directory = "/spool";
    settings.segment_bytes = 4096;
    settings.max_bytes = 1 << 20;
    settings.min_free = 0;
  }

  spool::Damage damage() {
    return [this](std::string_view what, const std::string& detail) {
      told.push_back(std::string(what) + ": " + detail);
    };
  }
  void open() {
    close();
    spool = std::make_unique<spool::Spool>(files, settings, clock, damage());
  }
  void close() { spool.reset(); }
  // As after kill -9: nothing of the closing happens.
  void kill() {
    const std::vector<std::string> told_before = told;
    files.die_at(0);
    spool.reset();
    files.heal();
    told = told_before;
  }

  spool::Position append(const std::vector<std::string>& payloads) {
    std::vector<spool::FrameToWrite> frames;
    for (const std::string& payload : payloads) frames.push_back({{3, 2}, payload});
    return spool->append(frames);
  }
  static std::vector<std::string> read(spool::Reader& reader) {
    std::vector<std::string> payloads;
    while (const auto frame = reader.next()) {
      if (!frame->damaged) payloads.emplace_back(frame->payload);
    }
    return payloads;
  }
  std::vector<std::string> read_from(spool::Position position) {
    auto reader = spool->read(position);
    return read(reader);
  }
  std::vector<std::string> read_all() { return read_from(spool->figures().released); }

  std::vector<std::filesystem::path> segment_files() {
    std::vector<std::filesystem::path> found;
    for (const std::string& name : files.list(settings.directory)) {
      if (name.ends_with(".segment")) found.push_back(settings.directory / name);
    }
    return found;
  }

  FaultFileSystem files;
  ManualClock clock{*parse_rfc3339("2026-01-15T12:00:00Z")};
  spool::Settings settings;
  std::vector<std::string> told;
  std::unique_ptr<spool::Spool> spool;
};

inline std::string numbered(std::size_t n, std::size_t size = 0) {
  std::string text = "frame " + std::to_string(n);
  if (text.size() < size) text.append(size - text.size(), static_cast<char>('a' + n % 26));
  return text;
}

}  // namespace logctl::test
