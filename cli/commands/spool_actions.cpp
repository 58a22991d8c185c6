#include "cli/commands/spool_actions.h"

#include "cli/arguments.h"
#include "cli/counted.h"
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/units.h"
#include "shared/config/target.h"
#include "shared/ingest/backlog.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ingest/drainer.h"
#include "shared/ingest/native_json.h"
#include "shared/ingest/spooled_batch.h"
#include "shared/metrics/observer.h"
#include "shared/spool/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::size_t kWritePiece = 256 * 1024;

spool::Settings settings(Context& context) { return spool::settings_of(*context.config()); }

spool::Damage noted(Context& context) {
  return [&context](std::string_view what, const std::string& detail) {
    context.out().note(fmt::format("{}: {}", what, detail));
  };
}

Error no_spool(Context& context) {
  return Error(ErrorCode::not_found,
               fmt::format("there is no spool in '{}'", settings(context).directory.string()),
               "a daemon with ingest.ack: spooled makes one; spool.directory says where");
}

// The view that `spool` commands start from.
SpoolView require_spool(Context& context) {
  std::optional<SpoolView> view = view_spool(context, AskStore::position);
  if (!view) throw no_spool(context);
  if (!view->store_problem.empty()) {
    context.out().note(fmt::format("{}: {}", kMayBeStored, view->store_problem));
  }
  return std::move(*view);
}

// Where the store has got to; a problem when it cannot be asked.
void ask_store(Context& context, SpoolView& view, AskStore ask) {
  try {
    storage::LogStore& logs = *context.backend().logs;
    const std::string& source = view.figures.source.name;
    if (ask == AskStore::balances) {
      storage::Balances balances = logs.balances();
      view.store_position = balances.positions[source];
      view.accounts = std::move(balances.accounts);
    } else {
      view.store_position = logs.position(source);
    }
  } catch (const Error& error) {
    view.store_problem = error.message();
  }
}

bool in_store(const SpoolView& view, const spool::Frame& frame) {
  // A position behind the end is that of another history of this spool: all is sent again.
  return view.store_position && *view.store_position <= view.figures.end &&
         frame.begin < *view.store_position;
}

storage::Backend& store_to_drain_into(Context& context) {
  if (config::store_target(*context.config()).kind == config::StoreKind::sqlite) {
    throw Error(ErrorCode::config,
                "the store is SQLite, but a spool is emptied into the PostgreSQL that it was for",
                "set database.url, or take the records with `logctl spool export`");
  }
  return context.migrated_backend();
}

int preview_drain(Context& context) {
  store_to_drain_into(context);
  const SpoolView view = require_spool(context);
  // Without the store's word nobody knows how much there is to move.
  if (!view.store_position) throw Error(ErrorCode::unavailable, view.store_problem);
  context.out().object({{"drained_bytes", 0},
                        {"left_bytes", view.bytes},
                        {"left_records", view.depth.records},
                        {"dry_run", true}});
  return 0;
}

}  // namespace

std::optional<SpoolView> view_spool(Context& context, AskStore ask) {
  SpoolView view;
  view.directory = settings(context).directory.string();
  ingest::Backlog backlog;
  const auto begin = [&](const spool::Figures& figures) {
    view.figures = figures;
    if (ask != AskStore::nothing) ask_store(context, view, ask);
    return figures.released;
  };
  const auto count = [&](const spool::Frame& frame) {
    if (in_store(view, frame) || frame.damaged) return;
    if (view.frames++ == 0) view.oldest = frame.written_at;
    view.bytes += frame.end - frame.begin;
    backlog.add(ingest::spooled_tenant(frame.payload), frame.counts.records);
  };
  try {
    view.figures = spool::inspect(real_file_system(), view.directory, count, noted(context), begin);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw;
  }
  view.depth = backlog.depth();
  return view;
}

double oldest_seconds(const SpoolView& view, Timestamp now) {
  return view.oldest ? std::max(0.0, static_cast<double>((now - *view.oldest).count()) / 1e6) : 0;
}

std::optional<SpoolCount> count_spool(Context& context,
                                      const std::map<std::string, std::uint64_t>& positions) {
  SpoolCount count;
  const auto begin = [&](const spool::Figures& figures) {
    count.source = figures.source.name;
    count.released = figures.released;
    const auto found = positions.find(count.source);
    count.position = found == positions.end() ? 0 : found->second;
    return std::min(count.position, count.released);
  };
  const auto add = [&](const spool::Frame& frame) {
    if (frame.begin >= count.position) count.behind_position += frame.counts.received;
    if (frame.begin >= count.released) count.behind_released += frame.counts.received;
  };
  try {
    const spool::Figures figures = spool::inspect(
        real_file_system(), settings(context).directory, add,
        [](std::string_view, const std::string&) {}, begin);
    count.written = figures.written.received - figures.source.unbooked;
    count.missed = figures.missed;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw;
  }
  return count;
}

int spool_status(Context& context) {
  const SpoolView view = require_spool(context);
  const spool::Figures& figures = view.figures;
  context.out().object(
      {{"directory", view.directory},
       {"id", figures.id},
       {"source", figures.source.name},
       {"frames", view.frames},
       {"records", view.depth.records},
       {"bytes", view.bytes},
       {"disk_bytes", figures.disk_bytes},
       {"segments", figures.segments},
       {"oldest", view.oldest ? Value(*view.oldest) : Value()},
       {"oldest_seconds", oldest_seconds(view, context.clock().now())},
       {"released", figures.released},
       {"end", figures.end},
       {"store_position", view.store_position ? Value(*view.store_position) : Value()},
       {"damaged", figures.corrupt_frames}});
  return 0;
}

int verify_spool(Context& context) {
  const SpoolView view = require_spool(context);
  context.out().object({{"directory", view.directory},
                        {"frames", view.frames},
                        {"records", view.depth.records},
                        {"bytes", view.bytes},
                        {"torn_bytes", view.figures.torn_bytes},
                        {"corrupt_frames", view.figures.corrupt_frames},
                        {"corrupt_bytes", view.figures.corrupt_bytes},
                        {"ok", view.figures.corrupt_frames == 0}});
  return view.figures.corrupt_frames == 0 ? 0 : info(ErrorCode::check_failed).exit_status;
}

int drain_spool(Context& context, const DrainSpool& options) {
  if (!view_spool(context, AskStore::nothing)) throw no_spool(context);
  if (options.dry_run) return preview_drain(context);
  const auto config = context.config();
  spool::Spool spool(real_file_system(), settings(context), context.clock(), noted(context));
  storage::Backend& store = store_to_drain_into(context);
  metrics::Observer observer(*config);
  ingest::Backlog backlog;
  ingest::DeadLetters letters(*config, context.clock(), observer);
  const std::uint64_t before = spool.figures().bytes;
  const auto start = std::chrono::steady_clock::now();
  ingest::Drainer drainer(spool, *store.logs, backlog, letters, observer, config->batch);
  while (spool.figures().bytes > 0 && std::chrono::steady_clock::now() - start < options.timeout) {
    std::this_thread::sleep_for(milliseconds(20));
    context.out().progress(
        fmt::format("{} of {} left", human_size(spool.figures().bytes), human_size(before)));
  }
  context.out().progress({});
  drainer.stop(microseconds(0));
  letters.stop();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const std::uint64_t left = spool.figures().bytes;
  context.out().object(
      {{"drained_bytes", before - left},
       {"left_bytes", left},
       {"left_records", backlog.depth().records},
       {"seconds", took.count()},
       {"problem", drainer.state().problem.empty() ? Value() : Value(drainer.state().problem)}});
  return left == 0 ? 0 : info(ErrorCode::unavailable).exit_status;
}

int export_spool(Context& context, const ExportSpool& options) {
  const SpoolView view = require_spool(context);
  std::optional<File> file;
  if (options.file != "-") file = File::create(options.file, 0600);
  std::string lines;
  std::uint64_t written = 0;
  const auto write_out = [&] {
    if (file) {
      file->write_all(lines);
    } else {
      context.out().raw(lines);
    }
    lines.clear();
  };
  std::vector<LogRecord> records;
  std::uint64_t damaged = 0;
  const auto add = [&](const spool::Frame& frame) {
    if (in_store(view, frame) || frame.damaged) return;
    records.clear();
    if (!options.tenant.empty() && ingest::spooled_tenant(frame.payload) != options.tenant) return;
    try {
      ingest::decode_spooled(frame.payload, records);
    } catch (const Error& error) {
      // The others are worth having.
      records.clear();
      ++damaged;
      context.out().note(fmt::format("frame at position {}: {}", frame.begin, error.message()));
    }
    for (const LogRecord& record : records) {
      lines += ingest::native_json(record);
      lines += '\n';
      ++written;
    }
    if (lines.size() >= kWritePiece) write_out();
  };
  // The view has told of damage.
  spool::inspect(real_file_system(), view.directory, add,
                 [&](std::string_view, const std::string&) { ++damaged; });
  write_out();
  if (file) {
    file->sync();
    file->close();
  }
  if (file && context.out().json()) {
    context.out().object({{"file", options.file}, {"records", written}, {"damaged", damaged}});
  } else {
    context.out().note(fmt::format("{} written", counted(written, "record")));
  }
  return damaged == 0 ? 0 : info(ErrorCode::partial).exit_status;
}

}  // namespace logctl::cli
