// The whole program on an embedded store of its own, in a fresh folder; and a spool beside it.
#pragma once

#include "cli/run.h"
#include "shared/base/file_system.h"
#include "shared/base/time_text.h"
#include "shared/ingest/spooled_batch.h"
#include "shared/spool/spool.h"
#include "tests/support/batches.h"
#include "tests/support/temp_dir.h"

#include <string>
#include <utility>
#include <vector>

namespace logctl::test {

struct Program {
  struct Answer {
    int status = 0;
    std::string out, err;
  };

  Answer run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "--set=storage.data_dir=" + folder.path().string());
    cli::StringSink out, err;
    const int status = cli::run(arguments, {out, err, {}, clock});
    return {status, out.text(), err.text()};
  }
  // The spool where the program looks for it; not while the program opens it.
  spool::Spool open_spool() {
    spool::Settings settings;
    settings.directory = folder.path() / "spool";
    settings.segment_bytes = 64 * 1024;
    settings.min_free = 0;
    return {real_file_system(), settings, clock, [](std::string_view, const std::string&) {}};
  }
  // One request; returns the position behind it.
  static spool::Position put(spool::Spool& spool, const Batch& batch) {
    ingest::SpoolEncoder encoder;
    encoder.add(batch, batch.tenant);
    const std::vector<spool::FrameToWrite> frames = {
        {{batch.received, static_cast<std::uint32_t>(batch.records.size())},
         encoder.bytes(0, encoder.size())}};
    return spool.append(frames);
  }

  TempDir folder;
  ManualClock clock{*parse_rfc3339("2026-01-15T12:00:00Z")};
};

}  // namespace logctl::test
