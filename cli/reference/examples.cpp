#include "cli/reference/manuals.h"

namespace logctl::cli {

std::vector<Example> examples() {
  return {
      {"", "Start a daemon on an embedded store and make a key for its clients:",
       "logctl serve &\nlogctl keys create --name shop"},
      {"",
       "With the package, as its account: a key, its replacement (`keys list` shows the ID), a "
       "backup and the proof of it:",
       "systemctl enable --now logctl\n"
       "sudo -u logctl logctl keys create --name shop\n"
       "sudo -u logctl logctl keys list\n"
       "sudo -u logctl logctl keys rotate ID --overlap 7d\n"
       "sudo -u logctl logctl backup create\n"
       "sudo -u logctl logctl backup drill"},
      {"", "Look for what is wrong, and count that nothing is lost:", "logctl doctor --reconcile"},
      {"backup", "Every night a backup and what is too old removed, every week a proof:",
       "logctl backup create && logctl backup prune\nlogctl backup drill"},
      {"backup", "What bringing the newest one back would do, then do it:",
       "logctl backup restore latest --confirm logs --dry-run\n"
       "logctl backup restore latest --confirm logs"},
      {"completions", "Complete in the running shell:", "source <(logctl completions bash)"},
      {"config", "Begin a configuration file:", "logctl config example >/etc/logctl/config.yaml"},
      {"export", "A month into a compressed file, going on where a killed run stopped:",
       "logctl export --since 2026-01-01T00:00:00Z --until 2026-02-01T00:00:00Z \\\n"
       "  --to january.jsonl.zst --resume"},
      {"facets", "What the errors of the last hour have in common:",
       "logctl facets --since 1h 'level>=error'"},
      {"fields", "The services that begin with pay, with their counts:",
       "logctl fields service --prefix pay"},
      {"delete", "See what would go, then delete it:",
       "logctl delete 'service:shop level:debug until:30d'\n"
       "logctl delete 'service:shop level:debug until:30d' --confirm 1200-64a6f3c0-1f2e3d4c"},
      {"health", "As a check of a container or a monitoring system:",
       "logctl health --url http://127.0.0.1:8080"},
      {"hits",
       "The last day hour by hour, by level:", "logctl hits --since 24h --step 1h --group level"},
      {"index", "Find records of closed days by an order's number, from now on and at once:",
       "logctl index add properties.order_id\nlogctl index build"},
      {"ingest", "Load compressed files with other names for the fields:",
       "logctl ingest 'old/*.jsonl.gz' --map timestamp=@t --map message=msg"},
      {"keys", "A key that may only write, for 90 days:",
       "logctl keys create --name shop --scopes ingest --expires 90d"},
      {"keys", "Another one in its place, while both work for a week; the list shows the ID:",
       "logctl keys list\nlogctl keys rotate ID --overlap 7d"},
      {"maintenance", "What a timer runs where no daemon does:", "logctl maintenance run -q"},
      {"migrate", "What an update would do to the schema, then do it:",
       "logctl migrate up --dry-run\nlogctl migrate up"},
      {"namespaces", "A namespace for the shop's streams, with its token in a file:",
       "logctl namespaces create shop >/etc/shop/token"},
      {"patterns", "What kinds of errors there were in the last hour:",
       "logctl patterns --since 1h --min-level error"},
      {"partitions", "How large each day is:", "logctl partitions list"},
      {"query", "The errors of one hour as JSON lines:",
       "logctl query --since 1h --min-level error --limit 0 -o jsonl"},
      {"query", "Ask a compressed file, without a store:",
       "logctl query --file old.jsonl.gz 'level>=error /time.*out/'"},
      {"query", "What happened on this host around one record:",
       "logctl query --around ID -B 20 -A 5 --same host"},
      {"query", "How the store would look for it:", "logctl query --explain 'user_id:u-17'"},
      {"rejects", "Repair what was refused and replay it:",
       "logctl rejects list -o jsonl >refused.jsonl\nlogctl rejects replay --file refused.jsonl"},
      {"retention", "Keep debug records for three days, everything else for thirty:",
       "logctl retention set --match 'level:debug' 3d\nlogctl retention set --default 30d\n"
       "logctl retention apply --dry-run"},
      {"serve", "Check the configuration and the store without serving:", "logctl serve --check"},
      {"spool",
       "Empty the queue before a machine goes away:", "systemctl stop logctl\nlogctl spool drain"},
      {"stats", "Users and latency of each service:",
       "logctl stats --by service --calc 'distinct(user_id),p95(properties.latency_ms)'"},
      {"status",
       "The accounting of a running daemon:", "logctl status --url http://127.0.0.1:8080"},
      {"streams", "Decide on a stream, and notice when somebody else was faster:",
       "version=$(logctl streams version order-17)\n"
       "logctl streams write order-17 OrderPaid '{\"total\":12.50}' --expected-version $version"},
      {"streams", "Move a namespace to a daemon on another machine:",
       "logctl streams export --to all.jsonl.zst\n"
       "LOGCTL_TOKEN_FILE=token logctl streams import all.jsonl.zst --url https://logs:8080"},
      {"systemd", "A unit for a daemon with another configuration:",
       "logctl systemd unit --config /srv/logs.yaml >/etc/systemd/system/logctl.service"},
      {"tail", "Follow the warnings and errors of one service, on a daemon:",
       "logctl tail -f 'level>=warn service:api' --url http://127.0.0.1:8080"},
  };
}

}  // namespace logctl::cli
