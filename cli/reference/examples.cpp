#include "cli/reference/manuals.h"

namespace logctl::cli {

std::vector<Example> examples() {
  return {
      {"", "Start a daemon on an embedded store and make a key for its clients:",
       "logctl serve &\nlogctl keys create --name shop"},
      {"", "Look for what is wrong, and count that nothing is lost:", "logctl doctor --reconcile"},
      {"backup", "Every night a backup and what is too old removed, every week a proof:",
       "logctl backup create && logctl backup prune\nlogctl backup drill"},
      {"completions", "Complete in the running shell:", "source <(logctl completions bash)"},
      {"config", "Begin a configuration file:", "logctl config example >/etc/logctl/config.yaml"},
      {"health", "As a check of a container or a monitoring system:",
       "logctl health --url http://127.0.0.1:8080"},
      {"index", "Find records of closed days by an order's number, from now on and at once:",
       "logctl index add properties.order_id\nlogctl index build"},
      {"ingest", "Load compressed files with other names for the fields:",
       "logctl ingest 'old/*.jsonl.gz' --map timestamp=@t --map message=msg"},
      {"keys", "A key that may only write, for 90 days:",
       "logctl keys create --name shop --scopes ingest --expires 90d"},
      {"migrate", "What an update would do to the schema, then do it:",
       "logctl migrate up --dry-run\nlogctl migrate up"},
      {"query", "The errors of one hour as JSON lines:",
       "logctl query --since 1h --min-level error --limit 0 -o jsonl"},
      {"rejects", "Repair what was refused and replay it:",
       "logctl rejects list -o jsonl >refused.jsonl\nlogctl rejects replay --file refused.jsonl"},
      {"serve", "Check the configuration and the store without serving:", "logctl serve --check"},
      {"spool",
       "Empty the queue before a machine goes away:", "systemctl stop logctl\nlogctl spool drain"},
      {"status",
       "The accounting of a running daemon:", "logctl status --url http://127.0.0.1:8080"},
      {"systemd", "A unit for a daemon with another configuration:",
       "logctl systemd unit --config /srv/logs.yaml >/etc/systemd/system/logctl.service"},
  };
}

}  // namespace logctl::cli
