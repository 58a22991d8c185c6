# Completion of logctl for fish; made by `logctl completions fish`, do not edit.

set -g __logctl_commands \
    'backup' \
    'backup create' \
    'backup list' \
    'backup verify' \
    'backup drill' \
    'backup restore' \
    'backup prune' \
    'completions' \
    'completions bash' \
    'completions zsh' \
    'completions fish' \
    'config' \
    'config show' \
    'config check' \
    'config example' \
    'config path' \
    'delete' \
    'doctor' \
    'export' \
    'facets' \
    'fields' \
    'health' \
    'help' \
    'hits' \
    'index' \
    'index list' \
    'index add' \
    'index drop' \
    'index build' \
    'ingest' \
    'keys' \
    'keys create' \
    'keys list' \
    'keys show' \
    'keys rotate' \
    'keys limits' \
    'keys revoke' \
    'keys verify' \
    'keys import' \
    'keys prune' \
    'maintenance' \
    'maintenance run' \
    'maintenance status' \
    'migrate' \
    'migrate up' \
    'migrate down' \
    'migrate status' \
    'migrate plan' \
    'migrate verify' \
    'migrate repair' \
    'migrate baseline' \
    'migrate create' \
    'namespaces' \
    'namespaces create' \
    'namespaces list' \
    'namespaces info' \
    'namespaces delete' \
    'namespaces rotate-token' \
    'partitions' \
    'partitions list' \
    'patterns' \
    'query' \
    'rejects' \
    'rejects list' \
    'rejects show' \
    'rejects replay' \
    'rejects drop' \
    'retention' \
    'retention set' \
    'retention show' \
    'retention remove' \
    'retention apply' \
    'serve' \
    'spool' \
    'spool status' \
    'spool verify' \
    'spool drain' \
    'spool export' \
    'stats' \
    'status' \
    'streams' \
    'streams write' \
    'streams read' \
    'streams last' \
    'streams version' \
    'streams list' \
    'streams categories' \
    'streams tail' \
    'streams export' \
    'streams import' \
    'streams verify' \
    'systemd' \
    'systemd unit' \
    'tail' \
    'version'

set -g __logctl_valued \
    ':--config' \
    ':--set' \
    ':-o' \
    ':--output' \
    'backup:--config' \
    'backup:--set' \
    'backup:-o' \
    'backup:--output' \
    'backup create:--type' \
    'backup create:--jobs' \
    'backup create:--config' \
    'backup create:--set' \
    'backup create:-o' \
    'backup create:--output' \
    'backup list:--config' \
    'backup list:--set' \
    'backup list:-o' \
    'backup list:--output' \
    'backup verify:--jobs' \
    'backup verify:--config' \
    'backup verify:--set' \
    'backup verify:-o' \
    'backup verify:--output' \
    'backup drill:--url' \
    'backup drill:--scratch' \
    'backup drill:--textfile' \
    'backup drill:--jobs' \
    'backup drill:--config' \
    'backup drill:--set' \
    'backup drill:-o' \
    'backup drill:--output' \
    'backup restore:--confirm' \
    'backup restore:--until' \
    'backup restore:--scratch' \
    'backup restore:--jobs' \
    'backup restore:--config' \
    'backup restore:--set' \
    'backup restore:-o' \
    'backup restore:--output' \
    'backup prune:--keep-last' \
    'backup prune:--keep-daily' \
    'backup prune:--keep-weekly' \
    'backup prune:--keep-monthly' \
    'backup prune:--config' \
    'backup prune:--set' \
    'backup prune:-o' \
    'backup prune:--output' \
    'completions:--config' \
    'completions:--set' \
    'completions:-o' \
    'completions:--output' \
    'completions bash:--config' \
    'completions bash:--set' \
    'completions bash:-o' \
    'completions bash:--output' \
    'completions zsh:--config' \
    'completions zsh:--set' \
    'completions zsh:-o' \
    'completions zsh:--output' \
    'completions fish:--config' \
    'completions fish:--set' \
    'completions fish:-o' \
    'completions fish:--output' \
    'config:--config' \
    'config:--set' \
    'config:-o' \
    'config:--output' \
    'config show:--config' \
    'config show:--set' \
    'config show:-o' \
    'config show:--output' \
    'config check:--config' \
    'config check:--set' \
    'config check:-o' \
    'config check:--output' \
    'config example:--config' \
    'config example:--set' \
    'config example:-o' \
    'config example:--output' \
    'config path:--config' \
    'config path:--set' \
    'config path:-o' \
    'config path:--output' \
    'delete:--service' \
    'delete:--level' \
    'delete:--min-level' \
    'delete:--message' \
    'delete:--event-type' \
    'delete:--event-name' \
    'delete:--event-id' \
    'delete:--user' \
    'delete:--session' \
    'delete:--app-version' \
    'delete:--priority' \
    'delete:--provider' \
    'delete:--host' \
    'delete:--trace-id' \
    'delete:--span-id' \
    'delete:--since' \
    'delete:--until' \
    'delete:--tenant' \
    'delete:--confirm' \
    'delete:--resume' \
    'delete:--url' \
    'delete:--config' \
    'delete:--set' \
    'delete:-o' \
    'delete:--output' \
    'doctor:--config' \
    'doctor:--set' \
    'doctor:-o' \
    'doctor:--output' \
    'export:--service' \
    'export:--level' \
    'export:--min-level' \
    'export:--message' \
    'export:--event-type' \
    'export:--event-name' \
    'export:--event-id' \
    'export:--user' \
    'export:--session' \
    'export:--app-version' \
    'export:--priority' \
    'export:--provider' \
    'export:--host' \
    'export:--trace-id' \
    'export:--span-id' \
    'export:--since' \
    'export:--until' \
    'export:--tenant' \
    'export:--to' \
    'export:--format' \
    'export:--limit' \
    'export:--url' \
    'export:--file' \
    'export:--config' \
    'export:--set' \
    'export:-o' \
    'export:--output' \
    'facets:--service' \
    'facets:--level' \
    'facets:--min-level' \
    'facets:--message' \
    'facets:--event-type' \
    'facets:--event-name' \
    'facets:--event-id' \
    'facets:--user' \
    'facets:--session' \
    'facets:--app-version' \
    'facets:--priority' \
    'facets:--provider' \
    'facets:--host' \
    'facets:--trace-id' \
    'facets:--span-id' \
    'facets:--since' \
    'facets:--until' \
    'facets:--tenant' \
    'facets:--url' \
    'facets:--file' \
    'facets:--timeout' \
    'facets:--sample' \
    'facets:--limit' \
    'facets:--config' \
    'facets:--set' \
    'facets:-o' \
    'facets:--output' \
    'fields:--service' \
    'fields:--level' \
    'fields:--min-level' \
    'fields:--message' \
    'fields:--event-type' \
    'fields:--event-name' \
    'fields:--event-id' \
    'fields:--user' \
    'fields:--session' \
    'fields:--app-version' \
    'fields:--priority' \
    'fields:--provider' \
    'fields:--host' \
    'fields:--trace-id' \
    'fields:--span-id' \
    'fields:--since' \
    'fields:--until' \
    'fields:--tenant' \
    'fields:--url' \
    'fields:--file' \
    'fields:--timeout' \
    'fields:--sample' \
    'fields:--prefix' \
    'fields:--limit' \
    'fields:--config' \
    'fields:--set' \
    'fields:-o' \
    'fields:--output' \
    'health:--url' \
    'health:--timeout' \
    'health:--config' \
    'health:--set' \
    'health:-o' \
    'health:--output' \
    'help:--config' \
    'help:--set' \
    'help:-o' \
    'help:--output' \
    'hits:--service' \
    'hits:--level' \
    'hits:--min-level' \
    'hits:--message' \
    'hits:--event-type' \
    'hits:--event-name' \
    'hits:--event-id' \
    'hits:--user' \
    'hits:--session' \
    'hits:--app-version' \
    'hits:--priority' \
    'hits:--provider' \
    'hits:--host' \
    'hits:--trace-id' \
    'hits:--span-id' \
    'hits:--since' \
    'hits:--until' \
    'hits:--tenant' \
    'hits:--url' \
    'hits:--file' \
    'hits:--timeout' \
    'hits:--step' \
    'hits:--group' \
    'hits:--limit' \
    'hits:--config' \
    'hits:--set' \
    'hits:-o' \
    'hits:--output' \
    'index:--config' \
    'index:--set' \
    'index:-o' \
    'index:--output' \
    'index list:--field' \
    'index list:--day' \
    'index list:--config' \
    'index list:--set' \
    'index list:-o' \
    'index list:--output' \
    'index add:--day' \
    'index add:--config' \
    'index add:--set' \
    'index add:-o' \
    'index add:--output' \
    'index drop:--day' \
    'index drop:--config' \
    'index drop:--set' \
    'index drop:-o' \
    'index drop:--output' \
    'index build:--day' \
    'index build:--config' \
    'index build:--set' \
    'index build:-o' \
    'index build:--output' \
    'ingest:--tenant' \
    'ingest:--jobs' \
    'ingest:--batch-rows' \
    'ingest:--import-id' \
    'ingest:--map' \
    'ingest:--defaults' \
    'ingest:--rejects' \
    'ingest:--max-rejects' \
    'ingest:--url' \
    'ingest:--retry-for' \
    'ingest:--config' \
    'ingest:--set' \
    'ingest:-o' \
    'ingest:--output' \
    'keys:--config' \
    'keys:--set' \
    'keys:-o' \
    'keys:--output' \
    'keys create:--name' \
    'keys create:--scopes' \
    'keys create:--tenant' \
    'keys create:--only' \
    'keys create:--expires' \
    'keys create:--requests' \
    'keys create:--rps' \
    'keys create:--burst' \
    'keys create:--records' \
    'keys create:--records-burst' \
    'keys create:--bytes' \
    'keys create:--bytes-burst' \
    'keys create:--secret-name' \
    'keys create:-o' \
    'keys create:--output' \
    'keys create:--config' \
    'keys create:--set' \
    'keys list:--config' \
    'keys list:--set' \
    'keys list:-o' \
    'keys list:--output' \
    'keys show:--config' \
    'keys show:--set' \
    'keys show:-o' \
    'keys show:--output' \
    'keys rotate:--all-older-than' \
    'keys rotate:--overlap' \
    'keys rotate:--expires' \
    'keys rotate:--secret-name' \
    'keys rotate:-o' \
    'keys rotate:--output' \
    'keys rotate:--config' \
    'keys rotate:--set' \
    'keys limits:--requests' \
    'keys limits:--rps' \
    'keys limits:--burst' \
    'keys limits:--records' \
    'keys limits:--records-burst' \
    'keys limits:--bytes' \
    'keys limits:--bytes-burst' \
    'keys limits:--config' \
    'keys limits:--set' \
    'keys limits:-o' \
    'keys limits:--output' \
    'keys revoke:--config' \
    'keys revoke:--set' \
    'keys revoke:-o' \
    'keys revoke:--output' \
    'keys verify:--scopes' \
    'keys verify:--config' \
    'keys verify:--set' \
    'keys verify:-o' \
    'keys verify:--output' \
    'keys import:--name' \
    'keys import:--scopes' \
    'keys import:--tenant' \
    'keys import:--only' \
    'keys import:--expires' \
    'keys import:--requests' \
    'keys import:--rps' \
    'keys import:--burst' \
    'keys import:--records' \
    'keys import:--records-burst' \
    'keys import:--bytes' \
    'keys import:--bytes-burst' \
    'keys import:--config' \
    'keys import:--set' \
    'keys import:-o' \
    'keys import:--output' \
    'keys prune:--older-than' \
    'keys prune:--config' \
    'keys prune:--set' \
    'keys prune:-o' \
    'keys prune:--output' \
    'maintenance:--config' \
    'maintenance:--set' \
    'maintenance:-o' \
    'maintenance:--output' \
    'maintenance run:--task' \
    'maintenance run:--config' \
    'maintenance run:--set' \
    'maintenance run:-o' \
    'maintenance run:--output' \
    'maintenance status:--config' \
    'maintenance status:--set' \
    'maintenance status:-o' \
    'maintenance status:--output' \
    'migrate:--config' \
    'migrate:--set' \
    'migrate:-o' \
    'migrate:--output' \
    'migrate up:--to' \
    'migrate up:--dir' \
    'migrate up:--with' \
    'migrate up:--lock-timeout' \
    'migrate up:--config' \
    'migrate up:--set' \
    'migrate up:-o' \
    'migrate up:--output' \
    'migrate down:--to' \
    'migrate down:--steps' \
    'migrate down:--dir' \
    'migrate down:--without' \
    'migrate down:--lock-timeout' \
    'migrate down:--config' \
    'migrate down:--set' \
    'migrate down:-o' \
    'migrate down:--output' \
    'migrate status:--dir' \
    'migrate status:--config' \
    'migrate status:--set' \
    'migrate status:-o' \
    'migrate status:--output' \
    'migrate plan:--to' \
    'migrate plan:--dir' \
    'migrate plan:--with' \
    'migrate plan:--config' \
    'migrate plan:--set' \
    'migrate plan:-o' \
    'migrate plan:--output' \
    'migrate verify:--dir' \
    'migrate verify:--config' \
    'migrate verify:--set' \
    'migrate verify:-o' \
    'migrate verify:--output' \
    'migrate repair:--dir' \
    'migrate repair:--lock-timeout' \
    'migrate repair:--config' \
    'migrate repair:--set' \
    'migrate repair:-o' \
    'migrate repair:--output' \
    'migrate baseline:--to' \
    'migrate baseline:--dir' \
    'migrate baseline:--lock-timeout' \
    'migrate baseline:--config' \
    'migrate baseline:--set' \
    'migrate baseline:-o' \
    'migrate baseline:--output' \
    'migrate create:--dir' \
    'migrate create:--config' \
    'migrate create:--set' \
    'migrate create:-o' \
    'migrate create:--output' \
    'namespaces:--config' \
    'namespaces:--set' \
    'namespaces:-o' \
    'namespaces:--output' \
    'namespaces create:--description' \
    'namespaces create:--metadata' \
    'namespaces create:--token-file' \
    'namespaces create:--url' \
    'namespaces create:--config' \
    'namespaces create:--set' \
    'namespaces create:-o' \
    'namespaces create:--output' \
    'namespaces list:--url' \
    'namespaces list:--config' \
    'namespaces list:--set' \
    'namespaces list:-o' \
    'namespaces list:--output' \
    'namespaces info:--url' \
    'namespaces info:--config' \
    'namespaces info:--set' \
    'namespaces info:-o' \
    'namespaces info:--output' \
    'namespaces delete:--confirm' \
    'namespaces delete:--url' \
    'namespaces delete:--config' \
    'namespaces delete:--set' \
    'namespaces delete:-o' \
    'namespaces delete:--output' \
    'namespaces rotate-token:--url' \
    'namespaces rotate-token:--config' \
    'namespaces rotate-token:--set' \
    'namespaces rotate-token:-o' \
    'namespaces rotate-token:--output' \
    'partitions:--config' \
    'partitions:--set' \
    'partitions:-o' \
    'partitions:--output' \
    'partitions list:--config' \
    'partitions list:--set' \
    'partitions list:-o' \
    'partitions list:--output' \
    'patterns:--service' \
    'patterns:--level' \
    'patterns:--min-level' \
    'patterns:--message' \
    'patterns:--event-type' \
    'patterns:--event-name' \
    'patterns:--event-id' \
    'patterns:--user' \
    'patterns:--session' \
    'patterns:--app-version' \
    'patterns:--priority' \
    'patterns:--provider' \
    'patterns:--host' \
    'patterns:--trace-id' \
    'patterns:--span-id' \
    'patterns:--since' \
    'patterns:--until' \
    'patterns:--tenant' \
    'patterns:--rows' \
    'patterns:--limit' \
    'patterns:--url' \
    'patterns:--file' \
    'patterns:--config' \
    'patterns:--set' \
    'patterns:-o' \
    'patterns:--output' \
    'query:--service' \
    'query:--level' \
    'query:--min-level' \
    'query:--message' \
    'query:--event-type' \
    'query:--event-name' \
    'query:--event-id' \
    'query:--user' \
    'query:--session' \
    'query:--app-version' \
    'query:--priority' \
    'query:--provider' \
    'query:--host' \
    'query:--trace-id' \
    'query:--span-id' \
    'query:--since' \
    'query:--until' \
    'query:--tenant' \
    'query:--sort' \
    'query:--limit' \
    'query:--file' \
    'query:--around' \
    'query:-B' \
    'query:--before' \
    'query:-A' \
    'query:--after' \
    'query:--same' \
    'query:--url' \
    'query:--config' \
    'query:--set' \
    'query:-o' \
    'query:--output' \
    'rejects:--config' \
    'rejects:--set' \
    'rejects:-o' \
    'rejects:--output' \
    'rejects list:--reason' \
    'rejects list:--tenant' \
    'rejects list:--source' \
    'rejects list:--since' \
    'rejects list:--limit' \
    'rejects list:--config' \
    'rejects list:--set' \
    'rejects list:-o' \
    'rejects list:--output' \
    'rejects show:--config' \
    'rejects show:--set' \
    'rejects show:-o' \
    'rejects show:--output' \
    'rejects replay:--reason' \
    'rejects replay:--tenant' \
    'rejects replay:--source' \
    'rejects replay:--since' \
    'rejects replay:--file' \
    'rejects replay:--config' \
    'rejects replay:--set' \
    'rejects replay:-o' \
    'rejects replay:--output' \
    'rejects drop:--reason' \
    'rejects drop:--tenant' \
    'rejects drop:--source' \
    'rejects drop:--since' \
    'rejects drop:--before' \
    'rejects drop:--config' \
    'rejects drop:--set' \
    'rejects drop:-o' \
    'rejects drop:--output' \
    'retention:--config' \
    'retention:--set' \
    'retention:-o' \
    'retention:--output' \
    'retention set:--match' \
    'retention set:--tenant' \
    'retention set:--config' \
    'retention set:--set' \
    'retention set:-o' \
    'retention set:--output' \
    'retention show:--config' \
    'retention show:--set' \
    'retention show:-o' \
    'retention show:--output' \
    'retention remove:--match' \
    'retention remove:--tenant' \
    'retention remove:--config' \
    'retention remove:--set' \
    'retention remove:-o' \
    'retention remove:--output' \
    'retention apply:--config' \
    'retention apply:--set' \
    'retention apply:-o' \
    'retention apply:--output' \
    'serve:--port' \
    'serve:--token' \
    'serve:--config' \
    'serve:--set' \
    'serve:-o' \
    'serve:--output' \
    'spool:--config' \
    'spool:--set' \
    'spool:-o' \
    'spool:--output' \
    'spool status:--config' \
    'spool status:--set' \
    'spool status:-o' \
    'spool status:--output' \
    'spool verify:--config' \
    'spool verify:--set' \
    'spool verify:-o' \
    'spool verify:--output' \
    'spool drain:--timeout' \
    'spool drain:--config' \
    'spool drain:--set' \
    'spool drain:-o' \
    'spool drain:--output' \
    'spool export:--tenant' \
    'spool export:--config' \
    'spool export:--set' \
    'spool export:-o' \
    'spool export:--output' \
    'stats:--service' \
    'stats:--level' \
    'stats:--min-level' \
    'stats:--message' \
    'stats:--event-type' \
    'stats:--event-name' \
    'stats:--event-id' \
    'stats:--user' \
    'stats:--session' \
    'stats:--app-version' \
    'stats:--priority' \
    'stats:--provider' \
    'stats:--host' \
    'stats:--trace-id' \
    'stats:--span-id' \
    'stats:--since' \
    'stats:--until' \
    'stats:--tenant' \
    'stats:--url' \
    'stats:--file' \
    'stats:--timeout' \
    'stats:--by' \
    'stats:--calc' \
    'stats:--limit' \
    'stats:--config' \
    'stats:--set' \
    'stats:-o' \
    'stats:--output' \
    'status:--url' \
    'status:--timeout' \
    'status:--config' \
    'status:--set' \
    'status:-o' \
    'status:--output' \
    'streams:--config' \
    'streams:--set' \
    'streams:-o' \
    'streams:--output' \
    'streams write:--metadata' \
    'streams write:--id' \
    'streams write:--expected-version' \
    'streams write:--namespace' \
    'streams write:--url' \
    'streams write:--token-file' \
    'streams write:--config' \
    'streams write:--set' \
    'streams write:-o' \
    'streams write:--output' \
    'streams read:--category' \
    'streams read:--from' \
    'streams read:--limit' \
    'streams read:--group' \
    'streams read:--correlation' \
    'streams read:--namespace' \
    'streams read:--url' \
    'streams read:--token-file' \
    'streams read:--config' \
    'streams read:--set' \
    'streams read:-o' \
    'streams read:--output' \
    'streams last:--type' \
    'streams last:--namespace' \
    'streams last:--url' \
    'streams last:--token-file' \
    'streams last:--config' \
    'streams last:--set' \
    'streams last:-o' \
    'streams last:--output' \
    'streams version:--namespace' \
    'streams version:--url' \
    'streams version:--token-file' \
    'streams version:--config' \
    'streams version:--set' \
    'streams version:-o' \
    'streams version:--output' \
    'streams list:--prefix' \
    'streams list:--limit' \
    'streams list:--namespace' \
    'streams list:--url' \
    'streams list:--token-file' \
    'streams list:--config' \
    'streams list:--set' \
    'streams list:-o' \
    'streams list:--output' \
    'streams categories:--namespace' \
    'streams categories:--url' \
    'streams categories:--token-file' \
    'streams categories:--config' \
    'streams categories:--set' \
    'streams categories:-o' \
    'streams categories:--output' \
    'streams tail:--category' \
    'streams tail:--from' \
    'streams tail:--namespace' \
    'streams tail:--url' \
    'streams tail:--token-file' \
    'streams tail:--config' \
    'streams tail:--set' \
    'streams tail:-o' \
    'streams tail:--output' \
    'streams export:--to' \
    'streams export:--categories' \
    'streams export:--since' \
    'streams export:--until' \
    'streams export:--namespace' \
    'streams export:--url' \
    'streams export:--token-file' \
    'streams export:--config' \
    'streams export:--set' \
    'streams export:-o' \
    'streams export:--output' \
    'streams import:--confirm' \
    'streams import:--namespace' \
    'streams import:--url' \
    'streams import:--token-file' \
    'streams import:--config' \
    'streams import:--set' \
    'streams import:-o' \
    'streams import:--output' \
    'streams verify:--namespace' \
    'streams verify:--config' \
    'streams verify:--set' \
    'streams verify:-o' \
    'streams verify:--output' \
    'systemd:--config' \
    'systemd:--set' \
    'systemd:-o' \
    'systemd:--output' \
    'systemd unit:--binary' \
    'systemd unit:--config' \
    'systemd unit:--set' \
    'systemd unit:-o' \
    'systemd unit:--output' \
    'tail:--service' \
    'tail:--level' \
    'tail:--min-level' \
    'tail:--message' \
    'tail:--event-type' \
    'tail:--event-name' \
    'tail:--event-id' \
    'tail:--user' \
    'tail:--session' \
    'tail:--app-version' \
    'tail:--priority' \
    'tail:--provider' \
    'tail:--host' \
    'tail:--trace-id' \
    'tail:--span-id' \
    'tail:--since' \
    'tail:--until' \
    'tail:--tenant' \
    'tail:-n' \
    'tail:--lines' \
    'tail:--url' \
    'tail:--file' \
    'tail:--config' \
    'tail:--set' \
    'tail:-o' \
    'tail:--output' \
    'version:--config' \
    'version:--set' \
    'version:-o' \
    'version:--output'

set -g __logctl_settings \
    server.host= \
    server.port= \
    server.listeners= \
    server.io_threads= \
    server.workers= \
    server.worker_queue= \
    server.read_timeout= \
    server.write_timeout= \
    server.idle_timeout= \
    server.shutdown_timeout= \
    server.max_header_bytes= \
    server.max_body_bytes= \
    server.max_decompressed_bytes= \
    server.max_pending_bytes= \
    server.max_connections= \
    server.health_path= \
    server.cors_enabled= \
    server.cors_origins= \
    database.url= \
    database.host= \
    database.port= \
    database.user= \
    database.dbname= \
    database.sslmode= \
    database.options= \
    database.max_connections= \
    database.connect_timeout= \
    database.statement_timeout= \
    database.max_lifetime= \
    storage.data_dir= \
    storage.auto_migrate= \
    storage.partitioning= \
    storage.partitions_ahead= \
    storage.sqlite_cache_bytes= \
    storage.sqlite_open_days= \
    storage.indexes= \
    storage.index_delay= \
    storage.compress_after= \
    batch.size= \
    batch.max_bytes= \
    batch.flush_interval= \
    batch.queue_bytes= \
    batch.writers= \
    spool.directory= \
    spool.max_bytes= \
    spool.min_free= \
    spool.segment_bytes= \
    spool.high_water= \
    spool.low_water= \
    spool.fsync= \
    spool.fsync_interval= \
    ingest.ack= \
    ingest.max_batch_records= \
    ingest.max_record_bytes= \
    ingest.max_message_bytes= \
    ingest.max_depth= \
    ingest.max_age= \
    ingest.max_future= \
    ingest.dedup_window= \
    ingest.event_types= \
    ingest.drop_keys= \
    rejects.enabled= \
    rejects.file_bytes= \
    rejects.max_bytes= \
    rejects.max_raw_bytes= \
    auth.expiry_notice= \
    ratelimit.enabled= \
    ratelimit.default_rps= \
    ratelimit.burst= \
    log.level= \
    log.format= \
    log.access= \
    metrics.enabled= \
    metrics.path= \
    metrics.port= \
    query.max_running= \
    query.workers= \
    tail.max_subscribers= \
    tail.queue_bytes= \
    tail.history_bytes= \
    tail.heartbeat= \
    messages.open_admin= \
    messages.test_mode= \
    messages.max_message_bytes= \
    messages.rps= \
    messages.burst= \
    messages.batch= \
    messages.queue_bytes= \
    messages.max_subscribers= \
    messages.max_subscribers_per_namespace= \
    messages.history= \
    messages.heartbeat= \
    retention.max_age= \
    retention.default= \
    maintenance.enabled= \
    maintenance.interval= \
    maintenance.at= \
    backup.dir= \
    backup.jobs= \
    backup.compression= \
    backup.min_free= \
    backup.key_file= \
    backup.pg_bin= \
    backup.keep_last= \
    backup.keep_daily= \
    backup.keep_weekly= \
    backup.keep_monthly=

# The command that the words so far name; on a second line how many arguments follow it.
function __logctl_place
    set -l place
    set -l given 0
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case '--*=*'
            case '-*'
                contains -- "$place:$word" $__logctl_valued; and set skip 1
            case '*'
                set -l next (string trim -- "$place $word")
                if contains -- "$next" $__logctl_commands
                    set place $next
                    set given 0
                else
                    set given (math $given + 1)
                end
        end
    end
    echo "$place"
    echo $given
end

# __logctl_at PLACE [FEWEST [MOST]]: is the cursor there, after so many arguments?
function __logctl_at
    set -l now (__logctl_place)
    test "$now[1]" = "$argv[1]"; or return 1
    test (count $argv) -lt 2; or test $now[2] -ge $argv[2]; or return 1
    test (count $argv) -lt 3; or test $now[2] -le $argv[3]
end

# Ids that the store knows, asked from the binary with the configuration on the line.
function __logctl_ids
    set -l words (commandline -opc)
    set -l globals
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --config --set
                set -l next (math $i + 1)
                set -q words[$next]; and set globals $globals $words[$i] $words[$next]
            case '--config=*' '--set=*'
                set globals $globals $words[$i]
        end
    end
    $words[1] complete $argv[1] $globals 2>/dev/null
end

# Continues a list with commas by each of the words.
function __logctl_list
    set -l before (string replace -r '^--[^=]*=' '' -- (commandline -ct) | string match -r '^.*,')
    for word in $argv
        echo "$before$word"
    end
end

complete -c logctl -f

complete -c logctl -n '__logctl_at "" 0 0' -a backup -d 'make backups, and prove them by restoring them'
complete -c logctl -n '__logctl_at "" 0 0' -a completions -d 'print the completions for a shell'
complete -c logctl -n '__logctl_at "" 0 0' -a config -d 'show, check or explain the configuration'
complete -c logctl -n '__logctl_at "" 0 0' -a delete -d 'delete records that match, in two steps'
complete -c logctl -n '__logctl_at "" 0 0' -a doctor -d 'look for what is wrong, and prove that nothing is lost'
complete -c logctl -n '__logctl_at "" 0 0' -a export -d 'write records that match to a file or standard output'
complete -c logctl -n '__logctl_at "" 0 0' -a facets -d 'the most frequent values of every field'
complete -c logctl -n '__logctl_at "" 0 0' -a fields -d 'which fields there are, or the values of one'
complete -c logctl -n '__logctl_at "" 0 0' -a health -d 'say whether a store or a daemon is well'
complete -c logctl -n '__logctl_at "" 0 0' -a help -d 'explain a command or a topic'
complete -c logctl -n '__logctl_at "" 0 0' -a hits -d 'how many records there are over time'
complete -c logctl -n '__logctl_at "" 0 0' -a index -d 'show, add, drop and build the indexes of closed days'
complete -c logctl -n '__logctl_at "" 0 0' -a ingest -d 'load files of JSON lines into the store, or send them to a daemon'
complete -c logctl -n '__logctl_at "" 0 0' -a keys -d 'make, list, rotate, limit and end API keys'
complete -c logctl -n '__logctl_at "" 0 0' -a maintenance -d 'do what keeps the store in order, or say how it went'
complete -c logctl -n '__logctl_at "" 0 0' -a migrate -d 'bring the schema of the store to a version'
complete -c logctl -n '__logctl_at "" 0 0' -a namespaces -d 'make, list and remove namespaces of streams, and renew their tokens'
complete -c logctl -n '__logctl_at "" 0 0' -a partitions -d 'list the days of the store'
complete -c logctl -n '__logctl_at "" 0 0' -a patterns -d 'group messages that match by what they have in common'
complete -c logctl -n '__logctl_at "" 0 0' -a query -d 'show records that match, from the store, files or a daemon'
complete -c logctl -n '__logctl_at "" 0 0' -a rejects -d 'show and replay records that were refused'
complete -c logctl -n '__logctl_at "" 0 0' -a retention -d 'say how long records are kept, and delete what is too old'
complete -c logctl -n '__logctl_at "" 0 0' -a serve -d 'run the daemon'
complete -c logctl -n '__logctl_at "" 0 0' -a spool -d 'look at, check, empty or export the durable queue'
complete -c logctl -n '__logctl_at "" 0 0' -a stats -d 'sums, percentiles and the like by group'
complete -c logctl -n '__logctl_at "" 0 0' -a status -d 'what came in, where it is, and what waits'
complete -c logctl -n '__logctl_at "" 0 0' -a streams -d 'write, read, follow, move and check messages in streams'
complete -c logctl -n '__logctl_at "" 0 0' -a systemd -d 'print units for systemd that fit the configuration'
complete -c logctl -n '__logctl_at "" 0 0' -a tail -d 'show the newest records, and follow what comes'
complete -c logctl -n '__logctl_at "" 0 0' -a version -d 'print version and compiler'
complete -c logctl -n '__logctl_at ""' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at ""' -l version -d 'print the version and leave'
complete -c logctl -n '__logctl_at ""' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at ""' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at ""' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at ""' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at ""' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at ""' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at ""' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "backup" 0 0' -a create -d 'back up the store, beside running daemons'
complete -c logctl -n '__logctl_at "backup" 0 0' -a list -d 'every backup, oldest first'
complete -c logctl -n '__logctl_at "backup" 0 0' -a verify -d 'read backups and compare every file with its manifest'
complete -c logctl -n '__logctl_at "backup" 0 0' -a drill -d 'restore a backup into a scratch place, compare, migrate, and drop it'
complete -c logctl -n '__logctl_at "backup" 0 0' -a restore -d 'put a backup back into the configured store'
complete -c logctl -n '__logctl_at "backup" 0 0' -a prune -d 'remove old backups by rule; the newest always stays'
complete -c logctl -n '__logctl_at "backup"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "backup"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "backup"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "backup"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "backup"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "backup"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "backup"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "backup"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "backup create"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "backup create"' -l type -xa 'full incremental' -d 'incremental refers to closed days that an earlier backup has, full copies everything again (default incremental)'
complete -c logctl -n '__logctl_at "backup create"' -l jobs -x -d 'files or connections at once (default: backup.jobs)'
complete -c logctl -n '__logctl_at "backup create"' -l skip-space-check -d 'begin although the disk looks too full'
complete -c logctl -n '__logctl_at "backup create"' -s n -l dry-run -d 'only say what would be in it, and where'
complete -c logctl -n '__logctl_at "backup create"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "backup create"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "backup create"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "backup create"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "backup create"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "backup create"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "backup create"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "backup list"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "backup list"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "backup list"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "backup list"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "backup list"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "backup list"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "backup list"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "backup list"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "backup verify"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "backup verify"' -l jobs -x -d 'files or connections at once (default: backup.jobs)'
complete -c logctl -n '__logctl_at "backup verify"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "backup verify"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "backup verify"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "backup verify"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "backup verify"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "backup verify"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "backup verify"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "backup verify" 0' -fa '(__logctl_ids backup) latest'

complete -c logctl -n '__logctl_at "backup drill"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "backup drill"' -l url -x -d 'make the scratch database on this PostgreSQL server instead of the store\'s'
complete -c logctl -n '__logctl_at "backup drill"' -l scratch -xa '(__fish_complete_directories)' -d 'where to unpack (default: backup.dir)'
complete -c logctl -n '__logctl_at "backup drill"' -l textfile -rF -d 'also write the result for node_exporter\'s textfile collector'
complete -c logctl -n '__logctl_at "backup drill"' -l jobs -x -d 'files or connections at once (default: backup.jobs)'
complete -c logctl -n '__logctl_at "backup drill"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "backup drill"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "backup drill"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "backup drill"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "backup drill"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "backup drill"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "backup drill"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "backup drill" 0' -fa '(__logctl_ids backup) latest'

complete -c logctl -n '__logctl_at "backup restore"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "backup restore"' -l confirm -x -d 'the name of the database or directory whose store is set aside for it'
complete -c logctl -n '__logctl_at "backup restore"' -l until -x -d 'leave out records received after this time: RFC 3339, or 1h30m before now'
complete -c logctl -n '__logctl_at "backup restore"' -l scratch -xa '(__fish_complete_directories)' -d 'where to unpack (default: backup.dir)'
complete -c logctl -n '__logctl_at "backup restore"' -l jobs -x -d 'files or connections at once (default: backup.jobs)'
complete -c logctl -n '__logctl_at "backup restore"' -l skip-space-check -d 'begin although the disk looks too full'
complete -c logctl -n '__logctl_at "backup restore"' -s n -l dry-run -d 'check everything, say what would happen, and change nothing'
complete -c logctl -n '__logctl_at "backup restore"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "backup restore"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "backup restore"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "backup restore"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "backup restore"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "backup restore"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "backup restore"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "backup restore" 0' -fa '(__logctl_ids backup) latest'

complete -c logctl -n '__logctl_at "backup prune"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "backup prune"' -l keep-last -x -d 'keep the newest N; without any of these flags: backup.keep_*'
complete -c logctl -n '__logctl_at "backup prune"' -l keep-daily -x -d 'keep the newest of each of the last N days; without any of these flags: backup.keep_*'
complete -c logctl -n '__logctl_at "backup prune"' -l keep-weekly -x -d 'keep the newest of each of the last N weeks; without any of these flags: backup.keep_*'
complete -c logctl -n '__logctl_at "backup prune"' -l keep-monthly -x -d 'keep the newest of each of the last N months; without any of these flags: backup.keep_*'
complete -c logctl -n '__logctl_at "backup prune"' -s n -l dry-run -d 'only say what would be removed'
complete -c logctl -n '__logctl_at "backup prune"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "backup prune"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "backup prune"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "backup prune"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "backup prune"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "backup prune"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "backup prune"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "completions" 0 0' -a bash -d 'for bash: into /etc/bash_completion.d/, or source it'
complete -c logctl -n '__logctl_at "completions" 0 0' -a zsh -d 'for zsh: as _logctl into a directory of $fpath'
complete -c logctl -n '__logctl_at "completions" 0 0' -a fish -d 'for fish: into ~/.config/fish/completions/'
complete -c logctl -n '__logctl_at "completions"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "completions"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "completions"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "completions"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "completions"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "completions"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "completions"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "completions"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "completions bash"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "completions bash"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "completions bash"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "completions bash"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "completions bash"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "completions bash"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "completions bash"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "completions bash"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "completions zsh"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "completions zsh"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "completions zsh"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "completions zsh"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "completions zsh"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "completions zsh"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "completions zsh"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "completions zsh"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "completions fish"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "completions fish"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "completions fish"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "completions fish"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "completions fish"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "completions fish"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "completions fish"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "completions fish"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "config" 0 0' -a show -d 'print every option, its value and where it comes from'
complete -c logctl -n '__logctl_at "config" 0 0' -a check -d 'say whether the configuration is right, and every mistake'
complete -c logctl -n '__logctl_at "config" 0 0' -a example -d 'print a commented configuration file'
complete -c logctl -n '__logctl_at "config" 0 0' -a path -d 'print where a configuration file is looked for'
complete -c logctl -n '__logctl_at "config"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "config"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "config"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "config"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "config"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "config"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "config"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "config"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "config show"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "config show"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "config show"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "config show"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "config show"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "config show"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "config show"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "config show"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "config check"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "config check"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "config check"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "config check"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "config check"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "config check"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "config check"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "config check"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "config example"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "config example"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "config example"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "config example"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "config example"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "config example"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "config example"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "config example"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "config path"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "config path"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "config path"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "config path"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "config path"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "config path"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "config path"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "config path"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "delete"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "delete"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "delete"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "delete"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "delete"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "delete"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "delete"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "delete"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "delete"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "delete"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "delete"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "delete"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "delete"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "delete"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "delete"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "delete"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "delete"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "delete"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "delete"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "delete"' -l confirm -x -d 'delete: what the first step, without it, printed as `confirm`, or the number of records'
complete -c logctl -n '__logctl_at "delete"' -s n -l dry-run -d 'only say what would be deleted'
complete -c logctl -n '__logctl_at "delete"' -l list -d 'who deleted what, the last first'
complete -c logctl -n '__logctl_at "delete"' -l resume -x -d 'go on with a deletion that was cut off'
complete -c logctl -n '__logctl_at "delete"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "delete"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "delete"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "delete"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "delete"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "delete"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "delete"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "delete"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "doctor"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "doctor"' -l reconcile -d 'count the rows and compare them with the accounting; reads the whole store'
complete -c logctl -n '__logctl_at "doctor"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "doctor"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "doctor"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "doctor"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "doctor"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "doctor"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "doctor"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "export"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "export"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "export"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "export"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "export"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "export"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "export"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "export"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "export"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "export"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "export"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "export"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "export"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "export"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "export"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "export"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "export"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "export"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "export"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "export"' -l to -rF -d 'the file, which appears when it is complete; - is standard output'
complete -c logctl -n '__logctl_at "export"' -l format -xa 'jsonl csv' -d 'JSON lines that `logctl ingest` takes, or a table; without it by FILE\'s name, else jsonl'
complete -c logctl -n '__logctl_at "export"' -l zstd -d 'compress; also when FILE ends in .zst'
complete -c logctl -n '__logctl_at "export"' -l limit -x -d 'at most so many records; 0: all'
complete -c logctl -n '__logctl_at "export"' -l resume -d 'go on where an export of the same question into FILE was stopped; without one, begin'
complete -c logctl -n '__logctl_at "export"' -l overwrite -d 'replace FILE, and what a stopped export left'
complete -c logctl -n '__logctl_at "export"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "export"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "export"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "export"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "export"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "export"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "export"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "export"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "export"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "facets"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "facets"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "facets"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "facets"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "facets"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "facets"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "facets"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "facets"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "facets"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "facets"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "facets"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "facets"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "facets"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "facets"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "facets"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "facets"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "facets"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "facets"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "facets"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "facets"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "facets"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "facets"' -l timeout -x -d 'how long to wait for the daemon (default 1m)'
complete -c logctl -n '__logctl_at "facets"' -l sample -x -d 'look at so many of the newest records (default 10000)'
complete -c logctl -n '__logctl_at "facets"' -l limit -x -d 'at most so many values of each field (default 10)'
complete -c logctl -n '__logctl_at "facets"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "facets"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "facets"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "facets"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "facets"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "facets"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "facets"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "fields"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "fields"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "fields"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "fields"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "fields"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "fields"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "fields"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "fields"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "fields"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "fields"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "fields"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "fields"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "fields"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "fields"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "fields"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "fields"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "fields"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "fields"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "fields"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "fields"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "fields"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "fields"' -l timeout -x -d 'how long to wait for the daemon (default 1m)'
complete -c logctl -n '__logctl_at "fields"' -l sample -x -d 'look at so many of the newest records (default 10000)'
complete -c logctl -n '__logctl_at "fields"' -l prefix -x -d 'of one field: values that begin with this'
complete -c logctl -n '__logctl_at "fields"' -l limit -x -d 'of one field: at most so many values (default 20)'
complete -c logctl -n '__logctl_at "fields"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "fields"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "fields"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "fields"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "fields"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "fields"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "fields"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "health"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "health"' -l url -x -d 'ask this daemon instead of looking at the store'
complete -c logctl -n '__logctl_at "health"' -l timeout -x -d 'how long to wait for the daemon (default 5s)'
complete -c logctl -n '__logctl_at "health"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "health"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "health"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "health"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "health"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "health"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "health"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "help"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "help"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "help"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "help"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "help"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "help"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "help"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "help"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "help" 0' -fa 'exit-codes backup completions config delete doctor export facets fields health help hits index ingest keys maintenance migrate namespaces partitions patterns query rejects retention serve spool stats status streams systemd tail version'

complete -c logctl -n '__logctl_at "hits"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "hits"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "hits"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "hits"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "hits"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "hits"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "hits"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "hits"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "hits"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "hits"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "hits"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "hits"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "hits"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "hits"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "hits"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "hits"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "hits"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "hits"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "hits"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "hits"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "hits"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "hits"' -l timeout -x -d 'how long to wait for the daemon (default 1m)'
complete -c logctl -n '__logctl_at "hits"' -l step -xa '1m 5m 15m 1h 6h 1d' -d 'the length of one step (default: one that fits the range)'
complete -c logctl -n '__logctl_at "hits"' -l group -xa 'service level event_type event_name priority host app_version user_id session_id' -d 'count the values of this field apart'
complete -c logctl -n '__logctl_at "hits"' -l limit -x -d 'at most so many values; the rest is summed up (default 20)'
complete -c logctl -n '__logctl_at "hits"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "hits"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "hits"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "hits"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "hits"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "hits"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "hits"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "index" 0 0' -a list -d 'the indexes of closed days, with size and state'
complete -c logctl -n '__logctl_at "index" 0 0' -a add -d 'have an index on a field of closed days'
complete -c logctl -n '__logctl_at "index" 0 0' -a drop -d 'have none, and drop those that are there'
complete -c logctl -n '__logctl_at "index" 0 0' -a build -d 'make what is missing now, beside a running daemon'
complete -c logctl -n '__logctl_at "index"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "index"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "index"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "index"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "index"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "index"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "index"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "index"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "index list"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "index list"' -l field -x -d 'only those on this field'
complete -c logctl -n '__logctl_at "index list"' -l day -x -d 'a day in UTC, like 2026-01-31'
complete -c logctl -n '__logctl_at "index list"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "index list"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "index list"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "index list"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "index list"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "index list"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "index list"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "index add"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "index add"' -l day -x -d 'on this day only, like 2026-01-31 (UTC); else on all'
complete -c logctl -n '__logctl_at "index add"' -s n -l dry-run -d 'only say what would be done'
complete -c logctl -n '__logctl_at "index add"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "index add"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "index add"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "index add"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "index add"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "index add"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "index add"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "index drop"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "index drop"' -l day -x -d 'on this day only, like 2026-01-31 (UTC); else on all'
complete -c logctl -n '__logctl_at "index drop"' -s n -l dry-run -d 'only say what would be done'
complete -c logctl -n '__logctl_at "index drop"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "index drop"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "index drop"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "index drop"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "index drop"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "index drop"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "index drop"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "index build"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "index build"' -l day -x -d 'a day in UTC, like 2026-01-31'
complete -c logctl -n '__logctl_at "index build"' -s n -l dry-run -d 'only say what would be made'
complete -c logctl -n '__logctl_at "index build"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "index build"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "index build"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "index build"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "index build"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "index build"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "index build"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "ingest"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "ingest"' -l tenant -x -d 'whose records these are'
complete -c logctl -n '__logctl_at "ingest"' -l jobs -x -d 'threads that parse, and on PostgreSQL connections that store'
complete -c logctl -n '__logctl_at "ingest"' -l batch-rows -x -d 'records that are stored at once, at most'
complete -c logctl -n '__logctl_at "ingest"' -l import-id -x -d 'name of this import, by which it is resumed; without it made from the file\'s identity. Standard input is resumable only with it'
complete -c logctl -n '__logctl_at "ingest"' -l again -d 'load from the start what was loaded before; what is stored is not stored twice'
complete -c logctl -n '__logctl_at "ingest"' -l map -x -d 'take FIELD from another key, which may be dotted (user_id=user.id); repeatable'
complete -c logctl -n '__logctl_at "ingest"' -l defaults -x -d 'FIELD of records that have none (service=shop); repeatable'
complete -c logctl -n '__logctl_at "ingest"' -l rejects -rF -d 'where rejected lines go; without it FILE.rejects.jsonl'
complete -c logctl -n '__logctl_at "ingest"' -l max-rejects -x -d 'stop with status 1 when more records than that are rejected'
complete -c logctl -n '__logctl_at "ingest"' -l url -x -d 'send to the daemon at this address instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "ingest"' -l retry-for -x -d 'with --url: how long one request is tried again (default 5m)'
complete -c logctl -n '__logctl_at "ingest"' -s n -l dry-run -d 'check the records, show the first problems, change nothing'
complete -c logctl -n '__logctl_at "ingest"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "ingest"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "ingest"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "ingest"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "ingest"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "ingest"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "ingest"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "ingest" 0' -F

complete -c logctl -n '__logctl_at "keys" 0 0' -a create -d 'make a key and print it, this once'
complete -c logctl -n '__logctl_at "keys" 0 0' -a list -d 'all keys, with their use and state'
complete -c logctl -n '__logctl_at "keys" 0 0' -a show -d 'all about one key, except the key itself'
complete -c logctl -n '__logctl_at "keys" 0 0' -a rotate -d 'make a key in the place of another; both work until the old one ends'
complete -c logctl -n '__logctl_at "keys" 0 0' -a limits -d 'show or set what a key may use in a second'
complete -c logctl -n '__logctl_at "keys" 0 0' -a revoke -d 'end a key for good'
complete -c logctl -n '__logctl_at "keys" 0 0' -a verify -d 'say whether a key would be let in; exit status 4 if not'
complete -c logctl -n '__logctl_at "keys" 0 0' -a import -d 'take over keys that another server handed out'
complete -c logctl -n '__logctl_at "keys" 0 0' -a prune -d 'forget keys that ended long ago'
complete -c logctl -n '__logctl_at "keys"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "keys create"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys create"' -l name -x -d 'what people call it'
complete -c logctl -n '__logctl_at "keys create"' -l scopes -xa '(__logctl_list ingest read admin)' -d 'what it may do: a comma list of ingest, read, admin'
complete -c logctl -n '__logctl_at "keys create"' -l tenant -x -d 'whose records it writes and reads'
complete -c logctl -n '__logctl_at "keys create"' -l only -xa 'service= host= event_type= event_name= user_id= session_id= app_version= priority= level= min_level=' -d 'read only rows where this holds, such as service=payments; repeatable, all hold'
complete -c logctl -n '__logctl_at "keys create"' -l expires -x -d 'when it ends: a duration such as 90d, or an RFC 3339 time; default never'
complete -c logctl -n '__logctl_at "keys create"' -l requests -l rps -x -d 'requests: 100/s, none, or default for ratelimit.default_rps'
complete -c logctl -n '__logctl_at "keys create"' -l burst -x -d 'requests at once after a rest, or default for ratelimit.burst'
complete -c logctl -n '__logctl_at "keys create"' -l records -x -d 'records taken in: 5000/s, or none'
complete -c logctl -n '__logctl_at "keys create"' -l records-burst -x -d 'records at once; default twice the rate of a second'
complete -c logctl -n '__logctl_at "keys create"' -l bytes -x -d 'bytes of bodies as sent: 10MB/s, or none'
complete -c logctl -n '__logctl_at "keys create"' -l bytes-burst -x -d 'bytes at once; default twice the rate of a second'
complete -c logctl -n '__logctl_at "keys create"' -l secret-name -x -d 'name of the variable, the Kubernetes Secret or the credential'
complete -c logctl -n '__logctl_at "keys create"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "keys create"' -s o -l output -xa 'table json jsonl csv plain env k8s-secret systemd-credential' -d 'form of the answer, the last three for the one who will use the key; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys create"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys create"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys create"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys create"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys create"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys create"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "keys list"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys list"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys list"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys list"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys list"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys list"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys list"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys list"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "keys show"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys show"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys show"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys show"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys show"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys show"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys show"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys show"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "keys show" 0' -fa '(__logctl_ids keys)'

complete -c logctl -n '__logctl_at "keys rotate"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys rotate"' -l all-older-than -x -d 'every key made longer ago than this that nothing takes the place of yet'
complete -c logctl -n '__logctl_at "keys rotate"' -l overlap -x -d 'how long the old key goes on working'
complete -c logctl -n '__logctl_at "keys rotate"' -l expires -x -d 'when the new key ends; default: it lives as long as the old one was made for'
complete -c logctl -n '__logctl_at "keys rotate"' -l secret-name -x -d 'name of the variable, the Kubernetes Secret or the credential'
complete -c logctl -n '__logctl_at "keys rotate"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "keys rotate"' -s o -l output -xa 'table json jsonl csv plain env k8s-secret systemd-credential' -d 'form of the answer, the last three for the one who will use the key; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys rotate"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys rotate"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys rotate"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys rotate"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys rotate"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys rotate"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "keys rotate" 0' -fa '(__logctl_ids keys)'

complete -c logctl -n '__logctl_at "keys limits"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys limits"' -l requests -l rps -x -d 'requests: 100/s, none, or default for ratelimit.default_rps'
complete -c logctl -n '__logctl_at "keys limits"' -l burst -x -d 'requests at once after a rest, or default for ratelimit.burst'
complete -c logctl -n '__logctl_at "keys limits"' -l records -x -d 'records taken in: 5000/s, or none'
complete -c logctl -n '__logctl_at "keys limits"' -l records-burst -x -d 'records at once; default twice the rate of a second'
complete -c logctl -n '__logctl_at "keys limits"' -l bytes -x -d 'bytes of bodies as sent: 10MB/s, or none'
complete -c logctl -n '__logctl_at "keys limits"' -l bytes-burst -x -d 'bytes at once; default twice the rate of a second'
complete -c logctl -n '__logctl_at "keys limits"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "keys limits"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys limits"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys limits"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys limits"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys limits"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys limits"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys limits"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "keys limits" 0' -fa '(__logctl_ids keys)'

complete -c logctl -n '__logctl_at "keys revoke"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys revoke"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "keys revoke"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys revoke"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys revoke"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys revoke"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys revoke"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys revoke"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys revoke"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "keys revoke" 0' -fa '(__logctl_ids keys)'

complete -c logctl -n '__logctl_at "keys verify"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys verify"' -l scopes -xa '(__logctl_list ingest read admin)' -d 'also require these: a comma list'
complete -c logctl -n '__logctl_at "keys verify"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys verify"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys verify"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys verify"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys verify"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys verify"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys verify"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "keys verify" 0' -F

complete -c logctl -n '__logctl_at "keys import"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys import"' -l name -x -d 'what people call them; several get a number'
complete -c logctl -n '__logctl_at "keys import"' -l scopes -xa '(__logctl_list ingest read admin)' -d 'what it may do: a comma list of ingest, read, admin'
complete -c logctl -n '__logctl_at "keys import"' -l tenant -x -d 'whose records it writes and reads'
complete -c logctl -n '__logctl_at "keys import"' -l only -xa 'service= host= event_type= event_name= user_id= session_id= app_version= priority= level= min_level=' -d 'read only rows where this holds, such as service=payments; repeatable, all hold'
complete -c logctl -n '__logctl_at "keys import"' -l expires -x -d 'when it ends: a duration such as 90d, or an RFC 3339 time; default never'
complete -c logctl -n '__logctl_at "keys import"' -l requests -l rps -x -d 'requests: 100/s, none, or default for ratelimit.default_rps'
complete -c logctl -n '__logctl_at "keys import"' -l burst -x -d 'requests at once after a rest, or default for ratelimit.burst'
complete -c logctl -n '__logctl_at "keys import"' -l records -x -d 'records taken in: 5000/s, or none'
complete -c logctl -n '__logctl_at "keys import"' -l records-burst -x -d 'records at once; default twice the rate of a second'
complete -c logctl -n '__logctl_at "keys import"' -l bytes -x -d 'bytes of bodies as sent: 10MB/s, or none'
complete -c logctl -n '__logctl_at "keys import"' -l bytes-burst -x -d 'bytes at once; default twice the rate of a second'
complete -c logctl -n '__logctl_at "keys import"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "keys import"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys import"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys import"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys import"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys import"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys import"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys import"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "keys import" 0' -F

complete -c logctl -n '__logctl_at "keys prune"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "keys prune"' -l older-than -x -d 'since their end'
complete -c logctl -n '__logctl_at "keys prune"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "keys prune"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "keys prune"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "keys prune"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "keys prune"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "keys prune"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "keys prune"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "keys prune"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "maintenance" 0 0' -a run -d 'do it now, unless another instance is at it'
complete -c logctl -n '__logctl_at "maintenance" 0 0' -a status -d 'how the last run of each task went'
complete -c logctl -n '__logctl_at "maintenance"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "maintenance"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "maintenance"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "maintenance"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "maintenance"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "maintenance"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "maintenance"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "maintenance"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "maintenance run"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "maintenance run"' -l task -xa 'upkeep retention indexes compression' -d 'only this one; repeatable'
complete -c logctl -n '__logctl_at "maintenance run"' -s n -l dry-run -d 'only say what would be done'
complete -c logctl -n '__logctl_at "maintenance run"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "maintenance run"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "maintenance run"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "maintenance run"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "maintenance run"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "maintenance run"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "maintenance run"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "maintenance status"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "maintenance status"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "maintenance status"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "maintenance status"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "maintenance status"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "maintenance status"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "maintenance status"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "maintenance status"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate" 0 0' -a up -d 'apply the steps that are pending'
complete -c logctl -n '__logctl_at "migrate" 0 0' -a down -d 'revert steps, newest first'
complete -c logctl -n '__logctl_at "migrate" 0 0' -a status -d 'print every step and whether it is applied'
complete -c logctl -n '__logctl_at "migrate" 0 0' -a plan -d 'print the SQL that would run'
complete -c logctl -n '__logctl_at "migrate" 0 0' -a verify -d 'compare the store with what the applied steps make'
complete -c logctl -n '__logctl_at "migrate" 0 0' -a repair -d 'make the ledger agree with the steps where the schema does'
complete -c logctl -n '__logctl_at "migrate" 0 0' -a baseline -d 'record a schema without a ledger as applied'
complete -c logctl -n '__logctl_at "migrate" 0 0' -a create -d 'make the files of a new step'
complete -c logctl -n '__logctl_at "migrate"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate up"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate up"' -l to -x -d 'stop at this version'
complete -c logctl -n '__logctl_at "migrate up"' -l days -d 'the day files of a SQLite store only'
complete -c logctl -n '__logctl_at "migrate up"' -l dir -xa '(__fish_complete_directories)' -d 'take the steps from this folder, not those compiled in'
complete -c logctl -n '__logctl_at "migrate up"' -l with -xa 'message-db' -d 'also the optional part of this name'
complete -c logctl -n '__logctl_at "migrate up"' -l lock-timeout -x -d 'how long to wait for another run to end, or for a table in use (default 30s)'
complete -c logctl -n '__logctl_at "migrate up"' -s n -l dry-run -d 'print what would be done and leave'
complete -c logctl -n '__logctl_at "migrate up"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate up"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate up"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate up"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate up"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate up"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate up"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate down"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate down"' -l to -x -d 'the version to go back to; 0 removes everything'
complete -c logctl -n '__logctl_at "migrate down"' -l steps -x -d 'how many steps to revert'
complete -c logctl -n '__logctl_at "migrate down"' -l days -d 'the day files of a SQLite store only'
complete -c logctl -n '__logctl_at "migrate down"' -l dir -xa '(__fish_complete_directories)' -d 'take the steps from this folder, not those compiled in'
complete -c logctl -n '__logctl_at "migrate down"' -l without -xa 'message-db' -d 'take away the optional part of this name, and nothing else'
complete -c logctl -n '__logctl_at "migrate down"' -l lock-timeout -x -d 'how long to wait for another run to end, or for a table in use (default 30s)'
complete -c logctl -n '__logctl_at "migrate down"' -s n -l dry-run -d 'print what would be done and leave'
complete -c logctl -n '__logctl_at "migrate down"' -l confirm -l yes -d 'do it, although data is destroyed'
complete -c logctl -n '__logctl_at "migrate down"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate down"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate down"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate down"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate down"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate down"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate down"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate status"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate status"' -l days -d 'the day files of a SQLite store only'
complete -c logctl -n '__logctl_at "migrate status"' -l dir -xa '(__fish_complete_directories)' -d 'take the steps from this folder, not those compiled in'
complete -c logctl -n '__logctl_at "migrate status"' -l exit-code -d 'leave with 8 when a step is pending or half done'
complete -c logctl -n '__logctl_at "migrate status"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate status"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate status"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate status"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate status"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate status"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate status"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate plan"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate plan"' -l to -x -d 'up or down to this version'
complete -c logctl -n '__logctl_at "migrate plan"' -l days -d 'the day files of a SQLite store only'
complete -c logctl -n '__logctl_at "migrate plan"' -l dir -xa '(__fish_complete_directories)' -d 'take the steps from this folder, not those compiled in'
complete -c logctl -n '__logctl_at "migrate plan"' -l with -xa 'message-db' -d 'also the optional part of this name'
complete -c logctl -n '__logctl_at "migrate plan"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate plan"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate plan"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate plan"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate plan"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate plan"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate plan"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate verify"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate verify"' -l days -d 'the day files of a SQLite store only'
complete -c logctl -n '__logctl_at "migrate verify"' -l dir -xa '(__fish_complete_directories)' -d 'take the steps from this folder, not those compiled in'
complete -c logctl -n '__logctl_at "migrate verify"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate verify"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate verify"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate verify"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate verify"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate verify"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate verify"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate repair"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate repair"' -l days -d 'the day files of a SQLite store only'
complete -c logctl -n '__logctl_at "migrate repair"' -l dir -xa '(__fish_complete_directories)' -d 'take the steps from this folder, not those compiled in'
complete -c logctl -n '__logctl_at "migrate repair"' -l lock-timeout -x -d 'how long to wait for another run to end, or for a table in use (default 30s)'
complete -c logctl -n '__logctl_at "migrate repair"' -s n -l dry-run -d 'print what would be done and leave'
complete -c logctl -n '__logctl_at "migrate repair"' -l yes -d 'do it without being asked'
complete -c logctl -n '__logctl_at "migrate repair"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate repair"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate repair"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate repair"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate repair"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate repair"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate repair"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate baseline"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate baseline"' -l to -x -d 'the version that the store is at; else it is found out'
complete -c logctl -n '__logctl_at "migrate baseline"' -l days -d 'the day files of a SQLite store only'
complete -c logctl -n '__logctl_at "migrate baseline"' -l dir -xa '(__fish_complete_directories)' -d 'take the steps from this folder, not those compiled in'
complete -c logctl -n '__logctl_at "migrate baseline"' -l lock-timeout -x -d 'how long to wait for another run to end, or for a table in use (default 30s)'
complete -c logctl -n '__logctl_at "migrate baseline"' -s n -l dry-run -d 'print what would be done and leave'
complete -c logctl -n '__logctl_at "migrate baseline"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate baseline"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate baseline"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate baseline"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate baseline"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate baseline"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate baseline"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "migrate create"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "migrate create"' -l dir -xa '(__fish_complete_directories)' -d 'the folder of a store\'s steps (default: the present one)'
complete -c logctl -n '__logctl_at "migrate create"' -s n -l dry-run -d 'print what would be done and leave'
complete -c logctl -n '__logctl_at "migrate create"' -l no-transaction -d 'for statements that cannot be in a transaction'
complete -c logctl -n '__logctl_at "migrate create"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "migrate create"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "migrate create"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "migrate create"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "migrate create"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "migrate create"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "migrate create"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "namespaces" 0 0' -a create -d 'make a namespace and print its token, this once'
complete -c logctl -n '__logctl_at "namespaces" 0 0' -a list -d 'all namespaces, newest first'
complete -c logctl -n '__logctl_at "namespaces" 0 0' -a info -d 'all about one namespace, except its token'
complete -c logctl -n '__logctl_at "namespaces" 0 0' -a delete -d 'remove a namespace with all of its messages'
complete -c logctl -n '__logctl_at "namespaces" 0 0' -a rotate-token -d 'make another token and print it, this once; the old one ends at once'
complete -c logctl -n '__logctl_at "namespaces"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "namespaces"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "namespaces"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "namespaces"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "namespaces"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "namespaces"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "namespaces"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "namespaces"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "namespaces create"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "namespaces create"' -l description -x -d 'what it is for'
complete -c logctl -n '__logctl_at "namespaces create"' -l metadata -x -d 'a JSON object'
complete -c logctl -n '__logctl_at "namespaces create"' -l token-file -rF -d 'a file with the token it shall have, - for standard input; without it one is made'
complete -c logctl -n '__logctl_at "namespaces create"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives a key with the scope admin'
complete -c logctl -n '__logctl_at "namespaces create"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "namespaces create"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "namespaces create"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "namespaces create"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "namespaces create"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "namespaces create"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "namespaces create"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "namespaces create"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "namespaces create" 0' -fa '(__logctl_ids namespaces)'

complete -c logctl -n '__logctl_at "namespaces list"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "namespaces list"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives a key with the scope admin'
complete -c logctl -n '__logctl_at "namespaces list"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "namespaces list"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "namespaces list"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "namespaces list"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "namespaces list"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "namespaces list"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "namespaces list"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "namespaces info"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "namespaces info"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives a key with the scope admin'
complete -c logctl -n '__logctl_at "namespaces info"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "namespaces info"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "namespaces info"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "namespaces info"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "namespaces info"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "namespaces info"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "namespaces info"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "namespaces info" 0' -fa '(__logctl_ids namespaces)'

complete -c logctl -n '__logctl_at "namespaces delete"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "namespaces delete"' -l confirm -x -d 'its name again, which does it without asking'
complete -c logctl -n '__logctl_at "namespaces delete"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives a key with the scope admin'
complete -c logctl -n '__logctl_at "namespaces delete"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "namespaces delete"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "namespaces delete"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "namespaces delete"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "namespaces delete"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "namespaces delete"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "namespaces delete"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "namespaces delete"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "namespaces delete" 0' -fa '(__logctl_ids namespaces)'

complete -c logctl -n '__logctl_at "namespaces rotate-token"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives a key with the scope admin'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "namespaces rotate-token"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "namespaces rotate-token" 0' -fa '(__logctl_ids namespaces)'

complete -c logctl -n '__logctl_at "partitions" 0 0' -a list -d 'every day: open (taking records), closed, or changed since maintenance passed over it; its rows, bytes and indexes besides the key'
complete -c logctl -n '__logctl_at "partitions"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "partitions"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "partitions"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "partitions"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "partitions"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "partitions"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "partitions"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "partitions"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "partitions list"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "partitions list"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "partitions list"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "partitions list"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "partitions list"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "partitions list"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "partitions list"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "partitions list"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "patterns"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "patterns"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "patterns"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "patterns"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "patterns"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "patterns"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "patterns"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "patterns"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "patterns"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "patterns"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "patterns"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "patterns"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "patterns"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "patterns"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "patterns"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "patterns"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "patterns"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "patterns"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "patterns"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "patterns"' -l rows -x -d 'how many of the newest records that match are read'
complete -c logctl -n '__logctl_at "patterns"' -l limit -x -d 'at most so many patterns'
complete -c logctl -n '__logctl_at "patterns"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "patterns"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "patterns"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "patterns"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "patterns"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "patterns"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "patterns"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "patterns"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "patterns"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "query"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "query"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "query"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "query"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "query"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "query"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "query"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "query"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "query"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "query"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "query"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "query"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "query"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "query"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "query"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "query"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "query"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "query"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "query"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "query"' -l sort -x -d 'sort by this column instead of the time'
complete -c logctl -n '__logctl_at "query"' -l ascending -d 'oldest first (or smallest, with --sort)'
complete -c logctl -n '__logctl_at "query"' -l limit -x -d 'at most so many records; 0: all'
complete -c logctl -n '__logctl_at "query"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "query"' -l explain -d 'show the question, its SQL and how the store would answer it; asks nothing'
complete -c logctl -n '__logctl_at "query"' -l around -x -d 'the record with this id, and what stands before and after it in time'
complete -c logctl -n '__logctl_at "query"' -s B -l before -x -d 'with --around: so many before it'
complete -c logctl -n '__logctl_at "query"' -s A -l after -x -d 'with --around: so many after it'
complete -c logctl -n '__logctl_at "query"' -l same -x -d 'with --around: only records that have the same in these fields (service,host)'
complete -c logctl -n '__logctl_at "query"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "query"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "query"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "query"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "query"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "query"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "query"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "query"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "rejects" 0 0' -a list -d 'refused records, oldest first'
complete -c logctl -n '__logctl_at "rejects" 0 0' -a show -d 'one refused record, with its original text'
complete -c logctl -n '__logctl_at "rejects" 0 0' -a replay -d 'store refused records after the rules or they were put right'
complete -c logctl -n '__logctl_at "rejects" 0 0' -a drop -d 'forget refused records for good'
complete -c logctl -n '__logctl_at "rejects"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "rejects"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "rejects"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "rejects"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "rejects"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "rejects"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "rejects"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "rejects"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "rejects list"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "rejects list"' -l reason -x -d 'refused for this reason'
complete -c logctl -n '__logctl_at "rejects list"' -l tenant -x -d 'of this tenant'
complete -c logctl -n '__logctl_at "rejects list"' -l source -x -d 'from this source, such as /ingest or store'
complete -c logctl -n '__logctl_at "rejects list"' -l since -x -d 'refused from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "rejects list"' -l limit -x -d 'only the newest so many; 0: all'
complete -c logctl -n '__logctl_at "rejects list"' -l count -d 'only how many there are for each reason'
complete -c logctl -n '__logctl_at "rejects list"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "rejects list"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "rejects list"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "rejects list"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "rejects list"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "rejects list"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "rejects list"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "rejects show"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "rejects show"' -l raw -d 'only the original bytes'
complete -c logctl -n '__logctl_at "rejects show"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "rejects show"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "rejects show"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "rejects show"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "rejects show"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "rejects show"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "rejects show"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "rejects show" 0' -fa '(__logctl_ids rejects)'

complete -c logctl -n '__logctl_at "rejects replay"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "rejects replay"' -l all -d 'every one'
complete -c logctl -n '__logctl_at "rejects replay"' -l reason -x -d 'refused for this reason'
complete -c logctl -n '__logctl_at "rejects replay"' -l tenant -x -d 'of this tenant'
complete -c logctl -n '__logctl_at "rejects replay"' -l source -x -d 'from this source, such as /ingest or store'
complete -c logctl -n '__logctl_at "rejects replay"' -l since -x -d 'refused from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "rejects replay"' -l file -rF -d 'take them from an edited output of `rejects list -o jsonl`'
complete -c logctl -n '__logctl_at "rejects replay"' -s n -l dry-run -d 'only say what would pass'
complete -c logctl -n '__logctl_at "rejects replay"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "rejects replay"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "rejects replay"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "rejects replay"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "rejects replay"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "rejects replay"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "rejects replay"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "rejects replay" 0' -fa '(__logctl_ids rejects)'

complete -c logctl -n '__logctl_at "rejects drop"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "rejects drop"' -l reason -x -d 'refused for this reason'
complete -c logctl -n '__logctl_at "rejects drop"' -l tenant -x -d 'of this tenant'
complete -c logctl -n '__logctl_at "rejects drop"' -l source -x -d 'from this source, such as /ingest or store'
complete -c logctl -n '__logctl_at "rejects drop"' -l since -x -d 'refused from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "rejects drop"' -l before -x -d 'refused before this time: 30d before now, or RFC 3339'
complete -c logctl -n '__logctl_at "rejects drop"' -s n -l dry-run -d 'only say how many'
complete -c logctl -n '__logctl_at "rejects drop"' -l yes -d 'do it without asking'
complete -c logctl -n '__logctl_at "rejects drop"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "rejects drop"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "rejects drop"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "rejects drop"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "rejects drop"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "rejects drop"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "rejects drop"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "rejects drop" 0' -fa '(__logctl_ids rejects)'

complete -c logctl -n '__logctl_at "retention" 0 0' -a set -d 'keep records for this long, or change how long'
complete -c logctl -n '__logctl_at "retention" 0 0' -a show -d 'the rules that count, with retention.default'
complete -c logctl -n '__logctl_at "retention" 0 0' -a remove -d 'take a rule away'
complete -c logctl -n '__logctl_at "retention" 0 0' -a apply -d 'delete what the rules say is too old'
complete -c logctl -n '__logctl_at "retention"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "retention"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "retention"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "retention"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "retention"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "retention"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "retention"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "retention"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "retention set"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "retention set"' -l match -x -d 'records that this query matches, such as level:debug'
complete -c logctl -n '__logctl_at "retention set"' -l default -d 'records that no other rule matches'
complete -c logctl -n '__logctl_at "retention set"' -l tenant -x -d 'records of this tenant; without: of every one'
complete -c logctl -n '__logctl_at "retention set"' -l unknown-tenant -d 'take a tenant that has no records yet'
complete -c logctl -n '__logctl_at "retention set"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "retention set"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "retention set"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "retention set"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "retention set"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "retention set"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "retention set"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "retention set"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "retention show"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "retention show"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "retention show"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "retention show"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "retention show"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "retention show"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "retention show"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "retention show"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "retention remove"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "retention remove"' -l match -x -d 'records that this query matches, such as level:debug'
complete -c logctl -n '__logctl_at "retention remove"' -l default -d 'records that no other rule matches'
complete -c logctl -n '__logctl_at "retention remove"' -l tenant -x -d 'records of this tenant; without: of every one'
complete -c logctl -n '__logctl_at "retention remove"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "retention remove"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "retention remove"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "retention remove"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "retention remove"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "retention remove"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "retention remove"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "retention remove"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "retention apply"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "retention apply"' -s n -l dry-run -d 'say rows and bytes by rule and day, delete nothing'
complete -c logctl -n '__logctl_at "retention apply"' -l confirm -d 'also where a rule takes more than half, or where the clock looks wrong'
complete -c logctl -n '__logctl_at "retention apply"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "retention apply"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "retention apply"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "retention apply"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "retention apply"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "retention apply"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "retention apply"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "serve"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "serve"' -l check -d 'validate the configuration and the store, then leave'
complete -c logctl -n '__logctl_at "serve"' -l port -x -d 'port to listen on, above server.port'
complete -c logctl -n '__logctl_at "serve"' -l token -x -d 'token of the namespace `default`, above messages.token'
complete -c logctl -n '__logctl_at "serve"' -l test-mode -d 'for tests of clients of streams: keep messages in memory, take any token and none, serve nothing else, leave nothing behind'
complete -c logctl -n '__logctl_at "serve"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "serve"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "serve"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "serve"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "serve"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "serve"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "serve"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "spool" 0 0' -a status -d 'how much waits for the store, and since when'
complete -c logctl -n '__logctl_at "spool" 0 0' -a verify -d 'read every waiting frame and check its sums'
complete -c logctl -n '__logctl_at "spool" 0 0' -a drain -d 'move everything into the store; no daemon may be running'
complete -c logctl -n '__logctl_at "spool" 0 0' -a export -d 'write the waiting records as JSON lines, which `logctl ingest` takes'
complete -c logctl -n '__logctl_at "spool"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "spool"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "spool"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "spool"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "spool"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "spool"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "spool"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "spool"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "spool status"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "spool status"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "spool status"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "spool status"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "spool status"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "spool status"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "spool status"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "spool status"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "spool verify"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "spool verify"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "spool verify"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "spool verify"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "spool verify"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "spool verify"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "spool verify"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "spool verify"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "spool drain"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "spool drain"' -l timeout -x -d 'give up after this (default 5m)'
complete -c logctl -n '__logctl_at "spool drain"' -s n -l dry-run -d 'only say how much would be moved'
complete -c logctl -n '__logctl_at "spool drain"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "spool drain"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "spool drain"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "spool drain"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "spool drain"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "spool drain"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "spool drain"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "spool export"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "spool export"' -l tenant -x -d 'only this tenant\'s'
complete -c logctl -n '__logctl_at "spool export"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "spool export"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "spool export"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "spool export"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "spool export"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "spool export"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "spool export"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "spool export" 0' -F

complete -c logctl -n '__logctl_at "stats"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "stats"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "stats"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "stats"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "stats"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "stats"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "stats"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "stats"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "stats"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "stats"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "stats"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "stats"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "stats"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "stats"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "stats"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "stats"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "stats"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "stats"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "stats"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "stats"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "stats"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "stats"' -l timeout -x -d 'how long to wait for the daemon (default 1m)'
complete -c logctl -n '__logctl_at "stats"' -l by -x -d 'group by these fields, separated by commas'
complete -c logctl -n '__logctl_at "stats"' -l calc -x -d 'count, distinct(FIELD), sum, avg, min, max or p1 to p99 of a number, such as p95(properties.latency_ms); separated by commas'
complete -c logctl -n '__logctl_at "stats"' -l limit -x -d 'at most so many groups (default 100)'
complete -c logctl -n '__logctl_at "stats"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "stats"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "stats"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "stats"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "stats"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "stats"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "stats"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "status"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "status"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "status"' -l timeout -x -d 'how long to wait for the daemon (default 5s)'
complete -c logctl -n '__logctl_at "status"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "status"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "status"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "status"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "status"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "status"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "status"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams" 0 0' -a write -d 'append a message to a stream'
complete -c logctl -n '__logctl_at "streams" 0 0' -a read -d 'show messages of a stream or a category'
complete -c logctl -n '__logctl_at "streams" 0 0' -a last -d 'show the newest message of a stream'
complete -c logctl -n '__logctl_at "streams" 0 0' -a version -d 'print the position of a stream\'s newest message'
complete -c logctl -n '__logctl_at "streams" 0 0' -a list -d 'list streams by name'
complete -c logctl -n '__logctl_at "streams" 0 0' -a categories -d 'list categories with their streams and messages'
complete -c logctl -n '__logctl_at "streams" 0 0' -a tail -d 'show messages as they come, until interrupted'
complete -c logctl -n '__logctl_at "streams" 0 0' -a export -d 'write messages as JSON lines'
complete -c logctl -n '__logctl_at "streams" 0 0' -a import -d 'store messages of an export at the positions that they have there'
complete -c logctl -n '__logctl_at "streams" 0 0' -a verify -d 'read everything: positions without gaps, order, counters, a digest; exit status 8 if something is wrong'
complete -c logctl -n '__logctl_at "streams"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams write"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams write"' -l metadata -x -d 'a JSON object'
complete -c logctl -n '__logctl_at "streams write"' -l id -x -d 'the message\'s UUID: with the same content it is written once, however often this is called'
complete -c logctl -n '__logctl_at "streams write"' -l expected-version -x -d 'refuse unless the stream\'s last message has this position; -1: unless there is none'
complete -c logctl -n '__logctl_at "streams write"' -s n -l dry-run -d 'say what would be done, change nothing'
complete -c logctl -n '__logctl_at "streams write"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams write"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams write"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams write"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams write"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams write"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams write"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams write"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams write"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams write"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams read"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams read"' -l category -x -d 'every stream of it, by global position'
complete -c logctl -n '__logctl_at "streams read"' -l all -d 'every stream, by global position'
complete -c logctl -n '__logctl_at "streams read"' -l from -x -d 'from this position on; with --category and --all from this global position'
complete -c logctl -n '__logctl_at "streams read"' -l limit -x -d 'at most so many messages; 0: all'
complete -c logctl -n '__logctl_at "streams read"' -l group -x -d 'with --category: only the streams of member M, from 0, of a group of SIZE'
complete -c logctl -n '__logctl_at "streams read"' -l correlation -x -d 'with --category: only messages whose metadata.correlationStreamName is of this category'
complete -c logctl -n '__logctl_at "streams read"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams read"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams read"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams read"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams read"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams read"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams read"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams read"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams read"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams read"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams last"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams last"' -l type -x -d 'the newest one of this type'
complete -c logctl -n '__logctl_at "streams last"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams last"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams last"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams last"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams last"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams last"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams last"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams last"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams last"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams last"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams version"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams version"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams version"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams version"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams version"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams version"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams version"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams version"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams version"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams version"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams version"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams list"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams list"' -l prefix -x -d 'only names that begin with this'
complete -c logctl -n '__logctl_at "streams list"' -l limit -x -d 'at most so many streams; 0: all'
complete -c logctl -n '__logctl_at "streams list"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams list"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams list"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams list"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams list"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams list"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams list"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams list"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams list"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams list"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams categories"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams categories"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams categories"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams categories"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams categories"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams categories"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams categories"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams categories"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams categories"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams categories"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams categories"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams tail"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams tail"' -l category -x -d 'every stream of it, by global position'
complete -c logctl -n '__logctl_at "streams tail"' -l all -d 'every stream, by global position'
complete -c logctl -n '__logctl_at "streams tail"' -l from -x -d 'begin at this position, with --category and --all at this global one; without it with what comes'
complete -c logctl -n '__logctl_at "streams tail"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams tail"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams tail"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams tail"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams tail"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams tail"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams tail"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams tail"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams tail"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams tail"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams export"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams export"' -l to -rF -d 'the file, which appears when it is complete; - is standard output'
complete -c logctl -n '__logctl_at "streams export"' -l categories -x -d 'only these: a comma list'
complete -c logctl -n '__logctl_at "streams export"' -l since -x -d 'from this time on: RFC 3339 or YYYY-MM-DD'
complete -c logctl -n '__logctl_at "streams export"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "streams export"' -l gzip -d 'compress; also when FILE ends in .gz'
complete -c logctl -n '__logctl_at "streams export"' -l zstd -d 'compress; also when FILE ends in .zst'
complete -c logctl -n '__logctl_at "streams export"' -l resume -d 'go on where an export of the same into FILE was stopped; without one, begin'
complete -c logctl -n '__logctl_at "streams export"' -l overwrite -d 'replace FILE, and what a stopped export left'
complete -c logctl -n '__logctl_at "streams export"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams export"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams export"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams export"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams export"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams export"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams export"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams export"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams export"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams export"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "streams import"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams import"' -l force -d 'remove every message of the namespace before'
complete -c logctl -n '__logctl_at "streams import"' -l confirm -x -d 'with --force: the name of the namespace'
complete -c logctl -n '__logctl_at "streams import"' -s n -l dry-run -d 'check the lines, change nothing'
complete -c logctl -n '__logctl_at "streams import"' -l namespace -x -d 'the namespace (default `default`)'
complete -c logctl -n '__logctl_at "streams import"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_TOKEN, LOGCTL_TOKEN_FILE or --token-file gives the token, which decides on the namespace'
complete -c logctl -n '__logctl_at "streams import"' -l token-file -rF -d 'with --url: a file with the token, - for standard input'
complete -c logctl -n '__logctl_at "streams import"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams import"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams import"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams import"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams import"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams import"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams import"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "streams import" 0' -F

complete -c logctl -n '__logctl_at "streams verify"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "streams verify"' -l namespace -x -d 'this one (default: all)'
complete -c logctl -n '__logctl_at "streams verify"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "streams verify"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "streams verify"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "streams verify"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "streams verify"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "streams verify"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "streams verify"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "systemd" 0 0' -a unit -d 'print a unit with the paths, sockets and secrets of the present configuration'
complete -c logctl -n '__logctl_at "systemd"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "systemd"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "systemd"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "systemd"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "systemd"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "systemd"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "systemd"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "systemd"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "systemd unit"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "systemd unit"' -l binary -rF -d 'path of logctl in the unit; default this program'
complete -c logctl -n '__logctl_at "systemd unit"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "systemd unit"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "systemd unit"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "systemd unit"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "systemd unit"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "systemd unit"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "systemd unit"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
complete -c logctl -n '__logctl_at "systemd unit" 0' -fa 'logctl.service logctl.socket logctl-backup.service logctl-backup.timer logctl-drill.service logctl-drill.timer logctl-maintenance.service logctl-maintenance.timer'

complete -c logctl -n '__logctl_at "tail"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "tail"' -l service -x -d 'of this service'
complete -c logctl -n '__logctl_at "tail"' -l level -x -d 'of this severity (WARN and WARNING are one)'
complete -c logctl -n '__logctl_at "tail"' -l min-level -x -d 'of this severity or a higher one'
complete -c logctl -n '__logctl_at "tail"' -l message -x -d 'with this text in the message, in any case of letters'
complete -c logctl -n '__logctl_at "tail"' -l event-type -x -d 'of this event type'
complete -c logctl -n '__logctl_at "tail"' -l event-name -x -d 'of this event name'
complete -c logctl -n '__logctl_at "tail"' -l event-id -x -d 'with this event id'
complete -c logctl -n '__logctl_at "tail"' -l user -x -d 'of this user'
complete -c logctl -n '__logctl_at "tail"' -l session -x -d 'of this session'
complete -c logctl -n '__logctl_at "tail"' -l app-version -x -d 'of this version of the application'
complete -c logctl -n '__logctl_at "tail"' -l priority -x -d 'normal or high'
complete -c logctl -n '__logctl_at "tail"' -l provider -x -d 'with this text at properties.tags.provider'
complete -c logctl -n '__logctl_at "tail"' -l host -x -d 'of this host'
complete -c logctl -n '__logctl_at "tail"' -l trace-id -x -d 'of this trace'
complete -c logctl -n '__logctl_at "tail"' -l span-id -x -d 'of this span'
complete -c logctl -n '__logctl_at "tail"' -l since -x -d 'from this time on: 1h30m before now, or RFC 3339'
complete -c logctl -n '__logctl_at "tail"' -l until -x -d 'before this time: the same forms'
complete -c logctl -n '__logctl_at "tail"' -l tenant -x -d 'records of this tenant'
complete -c logctl -n '__logctl_at "tail"' -s f -l follow -d 'go on with what comes, until interrupted'
complete -c logctl -n '__logctl_at "tail"' -s n -l lines -x -d 'begin with so many of the newest records'
complete -c logctl -n '__logctl_at "tail"' -l url -x -d 'ask this daemon instead of the store; LOGCTL_API_KEY or LOGCTL_API_KEY_FILE gives the key'
complete -c logctl -n '__logctl_at "tail"' -l file -rF -d 'ask this file of JSON lines, plain or compressed with gzip or zstd, instead of the store; - is standard input; repeatable'
complete -c logctl -n '__logctl_at "tail"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "tail"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "tail"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "tail"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "tail"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "tail"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "tail"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'

complete -c logctl -n '__logctl_at "version"' -s h -l help -d 'explain this command and leave'
complete -c logctl -n '__logctl_at "version"' -l config -rF -d 'configuration file'
complete -c logctl -n '__logctl_at "version"' -l set -xa '$__logctl_settings' -d 'set one option, above file and environment; repeatable'
complete -c logctl -n '__logctl_at "version"' -s o -l output -xa 'table json jsonl csv plain' -d 'form of the answer; table on a terminal, else plain'
complete -c logctl -n '__logctl_at "version"' -s q -l quiet -d 'no notes on standard error, only errors'
complete -c logctl -n '__logctl_at "version"' -s v -l verbose -d 'more notes on standard error'
complete -c logctl -n '__logctl_at "version"' -l no-color -d 'never colour'
complete -c logctl -n '__logctl_at "version"' -l utc -d 'exact times (UTC) in tables, instead of how long ago'
