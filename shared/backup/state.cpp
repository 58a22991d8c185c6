#include "shared/backup/state.h"

#include "shared/backup/id.h"
#include "shared/backup/repository.h"
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/ownership.h"
#include "shared/base/file_system.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <sys/stat.h>

namespace logctl::backup {
namespace {

constexpr std::string_view kFile = "drill.json";

double unix_seconds(Timestamp time) { return static_cast<double>(to_micros(time)) / 1e6; }

std::optional<Timestamp> time_in(simdjson::dom::element from, std::string_view name) {
  std::string_view text;
  if (from[name].get(text) != simdjson::SUCCESS) return std::nullopt;
  return parse_rfc3339(text);
}

}  // namespace

std::optional<DrillState> read_drill_state(const std::filesystem::path& directory) {
  std::string text;
  try {
    text = read_file(directory / kFile);
  } catch (const Error&) {
    return std::nullopt;
  }
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text).get(root) != simdjson::SUCCESS) return std::nullopt;
  DrillState state;
  std::string_view backup;
  const auto finished = time_in(root, "finished_at");
  if (root["backup"].get(backup) != simdjson::SUCCESS || !finished ||
      root["ok"].get(state.ok) != simdjson::SUCCESS ||
      root["restore_seconds"].get(state.restore_seconds) != simdjson::SUCCESS ||
      root["data_age_seconds"].get(state.data_age_seconds) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  state.backup = backup;
  state.finished_at = *finished;
  state.last_ok_at = time_in(root, "last_ok_at");
  return state;
}

void write_drill_state(const std::filesystem::path& directory, DrillState state) {
  if (state.ok) {
    state.last_ok_at = state.finished_at;
  } else if (const auto before = read_drill_state(directory)) {
    state.last_ok_at = before->last_ok_at;
  }
  std::string text;
  JsonWriter json(text);
  json.begin_object()
      .field("backup", state.backup)
      .field("finished_at", state.finished_at)
      .field("ok", state.ok)
      .field("restore_seconds", state.restore_seconds)
      .field("data_age_seconds", state.data_age_seconds);
  if (state.last_ok_at) json.field("last_ok_at", *state.last_ok_at);
  json.end_object();
  text += '\n';
  replace_file(directory / kFile, text, 0640);
  give_to_owner_of(directory, directory / kFile);
}

std::optional<Timestamp> newest_backup_time(const std::filesystem::path& directory) {
  const std::optional<std::string> newest = Repository(directory, std::nullopt).newest();
  if (!newest) return std::nullopt;
  const Timestamp named = *time_of_id(*newest);
  // After a clock that was ahead ids are later than the backups; copying makes files later.
  struct stat info {};
  const std::filesystem::path home = directory / "backups" / *newest;
  if (::stat(home.c_str(), &info) != 0) return named;
  return std::min(named, Timestamp(seconds(info.st_mtim.tv_sec)));
}

std::string prometheus_text(const DrillState& state) {
  const auto gauge = [](std::string_view name, std::string_view help, double value) {
    return fmt::format("# HELP {0} {1}\n# TYPE {0} gauge\n{0} {2}\n", name, help, value);
  };
  std::string text;
  text += gauge("logctl_backup_last_drill_ok_timestamp",
                "when a backup was last restored and found complete, in Unix time; 0: never",
                state.last_ok_at ? unix_seconds(*state.last_ok_at) : 0);
  text += gauge("logctl_backup_last_drill_timestamp", "when the last drill ended, in Unix time",
                unix_seconds(state.finished_at));
  text += gauge("logctl_backup_last_drill_success", "1 when the last drill found nothing wrong",
                state.ok ? 1 : 0);
  text += gauge("logctl_backup_restore_seconds", "how long the last drill took to restore",
                state.restore_seconds);
  text +=
      gauge("logctl_backup_data_age_seconds",
            "age of the data that the last drill restored, when it ended", state.data_age_seconds);
  return text;
}

}  // namespace logctl::backup
