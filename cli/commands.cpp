#include "cli/commands/commands.h"

#include <array>

namespace logctl::cli {

std::span<const Command> commands() {
  static constexpr std::array kCommands = {
      Command{"backup", "make backups, and prove them by restoring them", define_backup},
      Command{"complete", "print the ids that a command knows, for completions", define_complete,
              true},
      Command{"completions", "print the completions for a shell", define_completions},
      Command{"config", "show, check or explain the configuration", define_config},
      Command{"delete", "delete records that match, in two steps", define_delete},
      Command{"doctor", "look for what is wrong, and prove that nothing is lost", define_doctor},
      Command{"export", "write records that match to a file or standard output", define_export},
      Command{"facets", "the most frequent values of every field", define_facets},
      Command{"fields", "which fields there are, or the values of one", define_fields},
      Command{"generate", "write the files that are made from this binary's own tables",
              define_generate, true},
      Command{"health", "say whether a store or a daemon is well", define_health},
      Command{"help", "explain a command or a topic", define_help},
      Command{"hits", "how many records there are over time", define_hits},
      Command{"index", "show, add, drop and build the indexes of closed days", define_index},
      Command{"ingest", "load files of JSON lines into the store, or send them to a daemon",
              define_ingest},
      Command{"keys", "make, list, rotate, limit and end API keys", define_keys},
      Command{"maintenance", "do what keeps the store in order, or say how it went",
              define_maintenance},
      Command{"migrate", "bring the schema of the store to a version", define_migrate},
      Command{"namespaces", "make, list and remove namespaces of streams, and renew their tokens",
              define_namespaces},
      Command{"partitions", "list the days of the store", define_partitions},
      Command{"patterns", "group messages that match by what they have in common", define_patterns},
      Command{"query", "show records that match, from the store, files or a daemon", define_query},
      Command{"rejects", "show and replay records that were refused", define_rejects},
      Command{"retention", "say how long records are kept, and delete what is too old",
              define_retention},
      Command{"serve", "run the daemon", define_serve},
      Command{"spool", "look at, check, empty or export the durable queue", define_spool},
      Command{"stats", "sums, percentiles and the like by group", define_stats},
      Command{"status", "what came in, where it is, and what waits", define_status},
      Command{"streams", "write, read, follow, move and check messages in streams", define_streams},
      Command{"systemd", "print units for systemd that fit the configuration", define_systemd},
      Command{"tail", "show the newest records, and follow what comes", define_tail},
      Command{"version", "print version and compiler", define_version},
  };
  return kCommands;
}

}  // namespace logctl::cli
