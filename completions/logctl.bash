# Completion of logctl for bash; made by `logctl completions bash`, do not edit.
# shellcheck shell=bash disable=SC2207

# Sets what the words so far mean.
_logctl_place() {
  case $1 in
    '')
      _logctl_commands='completions config doctor health help ingest keys migrate query rejects serve spool status systemd version'
      _logctl_options='-h --help --version --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'completions')
      _logctl_commands='bash zsh fish'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'completions bash')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'completions zsh')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'completions fish')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'config')
      _logctl_commands='show check example path'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'config show')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'config check')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'config example')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'config path')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'doctor')
      _logctl_commands=''
      _logctl_options='-h --help --reconcile --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'health')
      _logctl_commands=''
      _logctl_options='-h --help --url --timeout --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'help')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('words exit-codes completions config doctor health help ingest keys migrate query rejects serve spool status systemd version') ;;
    'ingest')
      _logctl_commands=''
      _logctl_options='-h --help --tenant --jobs --batch-rows --import-id --again --map --defaults --rejects --max-rejects --url --retry-for --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('files') ;;
    'keys')
      _logctl_commands='create list revoke'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'keys create')
      _logctl_commands=''
      _logctl_options='-h --help --name --scopes --tenant --expires --rps --burst --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'keys list')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'keys revoke')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids keys') ;;
    'migrate')
      _logctl_commands='up down status'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate up')
      _logctl_commands=''
      _logctl_options='-h --help --lock-timeout -n --dry-run --to --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate down')
      _logctl_commands=''
      _logctl_options='-h --help --lock-timeout -n --dry-run --to --confirm --yes --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate status')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'query')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --sort --ascending --limit --tenant --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'rejects')
      _logctl_commands='list show replay drop'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'rejects list')
      _logctl_commands=''
      _logctl_options='-h --help --reason --tenant --source --since --limit --count --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'rejects show')
      _logctl_commands=''
      _logctl_options='-h --help --raw --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids rejects') ;;
    'rejects replay')
      _logctl_commands=''
      _logctl_options='-h --help --all --reason --tenant --source --since --file -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids rejects') ;;
    'rejects drop')
      _logctl_commands=''
      _logctl_options='-h --help --reason --tenant --source --since --before -n --dry-run --yes --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids rejects') ;;
    'serve')
      _logctl_commands=''
      _logctl_options='-h --help --check --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'spool')
      _logctl_commands='status verify drain export'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'spool status')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'spool verify')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'spool drain')
      _logctl_commands=''
      _logctl_options='-h --help --timeout --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'spool export')
      _logctl_commands=''
      _logctl_options='-h --help --tenant --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('files') ;;
    'status')
      _logctl_commands=''
      _logctl_options='-h --help --url --timeout --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'systemd')
      _logctl_commands='unit'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'systemd unit')
      _logctl_commands=''
      _logctl_options='-h --help --binary --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('words logctl.service logctl.socket logctl-backup.service logctl-backup.timer logctl-drill.service logctl-drill.timer') ;;
    'version')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
  esac
}

# What the value of an option may be; nothing for a flag.
_logctl_value() {
  _logctl_kind=''
  case $1:$2 in
    ':--config') _logctl_kind='files' ;;
    ':--set') _logctl_kind='settings' ;;
    ':-o') _logctl_kind='words table json jsonl csv plain' ;;
    ':--output') _logctl_kind='words table json jsonl csv plain' ;;
    'completions:--config') _logctl_kind='files' ;;
    'completions:--set') _logctl_kind='settings' ;;
    'completions:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'completions:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'completions bash:--config') _logctl_kind='files' ;;
    'completions bash:--set') _logctl_kind='settings' ;;
    'completions bash:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'completions bash:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'completions zsh:--config') _logctl_kind='files' ;;
    'completions zsh:--set') _logctl_kind='settings' ;;
    'completions zsh:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'completions zsh:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'completions fish:--config') _logctl_kind='files' ;;
    'completions fish:--set') _logctl_kind='settings' ;;
    'completions fish:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'completions fish:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'config:--config') _logctl_kind='files' ;;
    'config:--set') _logctl_kind='settings' ;;
    'config:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'config:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'config show:--config') _logctl_kind='files' ;;
    'config show:--set') _logctl_kind='settings' ;;
    'config show:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'config show:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'config check:--config') _logctl_kind='files' ;;
    'config check:--set') _logctl_kind='settings' ;;
    'config check:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'config check:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'config example:--config') _logctl_kind='files' ;;
    'config example:--set') _logctl_kind='settings' ;;
    'config example:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'config example:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'config path:--config') _logctl_kind='files' ;;
    'config path:--set') _logctl_kind='settings' ;;
    'config path:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'config path:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'doctor:--config') _logctl_kind='files' ;;
    'doctor:--set') _logctl_kind='settings' ;;
    'doctor:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'doctor:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'health:--url') _logctl_kind='nothing' ;;
    'health:--timeout') _logctl_kind='nothing' ;;
    'health:--config') _logctl_kind='files' ;;
    'health:--set') _logctl_kind='settings' ;;
    'health:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'health:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'help:--config') _logctl_kind='files' ;;
    'help:--set') _logctl_kind='settings' ;;
    'help:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'help:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'ingest:--tenant') _logctl_kind='nothing' ;;
    'ingest:--jobs') _logctl_kind='nothing' ;;
    'ingest:--batch-rows') _logctl_kind='nothing' ;;
    'ingest:--import-id') _logctl_kind='nothing' ;;
    'ingest:--map') _logctl_kind='nothing' ;;
    'ingest:--defaults') _logctl_kind='nothing' ;;
    'ingest:--rejects') _logctl_kind='files' ;;
    'ingest:--max-rejects') _logctl_kind='nothing' ;;
    'ingest:--url') _logctl_kind='nothing' ;;
    'ingest:--retry-for') _logctl_kind='nothing' ;;
    'ingest:--config') _logctl_kind='files' ;;
    'ingest:--set') _logctl_kind='settings' ;;
    'ingest:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'ingest:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys:--config') _logctl_kind='files' ;;
    'keys:--set') _logctl_kind='settings' ;;
    'keys:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys create:--name') _logctl_kind='nothing' ;;
    'keys create:--scopes') _logctl_kind='nothing' ;;
    'keys create:--tenant') _logctl_kind='nothing' ;;
    'keys create:--expires') _logctl_kind='nothing' ;;
    'keys create:--rps') _logctl_kind='nothing' ;;
    'keys create:--burst') _logctl_kind='nothing' ;;
    'keys create:--config') _logctl_kind='files' ;;
    'keys create:--set') _logctl_kind='settings' ;;
    'keys create:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys create:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys list:--config') _logctl_kind='files' ;;
    'keys list:--set') _logctl_kind='settings' ;;
    'keys list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys revoke:--config') _logctl_kind='files' ;;
    'keys revoke:--set') _logctl_kind='settings' ;;
    'keys revoke:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys revoke:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate:--config') _logctl_kind='files' ;;
    'migrate:--set') _logctl_kind='settings' ;;
    'migrate:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate up:--lock-timeout') _logctl_kind='nothing' ;;
    'migrate up:--to') _logctl_kind='nothing' ;;
    'migrate up:--config') _logctl_kind='files' ;;
    'migrate up:--set') _logctl_kind='settings' ;;
    'migrate up:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate up:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate down:--lock-timeout') _logctl_kind='nothing' ;;
    'migrate down:--to') _logctl_kind='nothing' ;;
    'migrate down:--config') _logctl_kind='files' ;;
    'migrate down:--set') _logctl_kind='settings' ;;
    'migrate down:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate down:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate status:--config') _logctl_kind='files' ;;
    'migrate status:--set') _logctl_kind='settings' ;;
    'migrate status:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate status:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'query:--service') _logctl_kind='nothing' ;;
    'query:--level') _logctl_kind='nothing' ;;
    'query:--min-level') _logctl_kind='nothing' ;;
    'query:--message') _logctl_kind='nothing' ;;
    'query:--event-type') _logctl_kind='nothing' ;;
    'query:--event-name') _logctl_kind='nothing' ;;
    'query:--event-id') _logctl_kind='nothing' ;;
    'query:--user') _logctl_kind='nothing' ;;
    'query:--session') _logctl_kind='nothing' ;;
    'query:--app-version') _logctl_kind='nothing' ;;
    'query:--priority') _logctl_kind='nothing' ;;
    'query:--provider') _logctl_kind='nothing' ;;
    'query:--host') _logctl_kind='nothing' ;;
    'query:--trace-id') _logctl_kind='nothing' ;;
    'query:--span-id') _logctl_kind='nothing' ;;
    'query:--since') _logctl_kind='nothing' ;;
    'query:--until') _logctl_kind='nothing' ;;
    'query:--sort') _logctl_kind='nothing' ;;
    'query:--limit') _logctl_kind='nothing' ;;
    'query:--tenant') _logctl_kind='nothing' ;;
    'query:--config') _logctl_kind='files' ;;
    'query:--set') _logctl_kind='settings' ;;
    'query:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'query:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects:--config') _logctl_kind='files' ;;
    'rejects:--set') _logctl_kind='settings' ;;
    'rejects:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects list:--reason') _logctl_kind='nothing' ;;
    'rejects list:--tenant') _logctl_kind='nothing' ;;
    'rejects list:--source') _logctl_kind='nothing' ;;
    'rejects list:--since') _logctl_kind='nothing' ;;
    'rejects list:--limit') _logctl_kind='nothing' ;;
    'rejects list:--config') _logctl_kind='files' ;;
    'rejects list:--set') _logctl_kind='settings' ;;
    'rejects list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects show:--config') _logctl_kind='files' ;;
    'rejects show:--set') _logctl_kind='settings' ;;
    'rejects show:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects show:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects replay:--reason') _logctl_kind='nothing' ;;
    'rejects replay:--tenant') _logctl_kind='nothing' ;;
    'rejects replay:--source') _logctl_kind='nothing' ;;
    'rejects replay:--since') _logctl_kind='nothing' ;;
    'rejects replay:--file') _logctl_kind='files' ;;
    'rejects replay:--config') _logctl_kind='files' ;;
    'rejects replay:--set') _logctl_kind='settings' ;;
    'rejects replay:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects replay:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects drop:--reason') _logctl_kind='nothing' ;;
    'rejects drop:--tenant') _logctl_kind='nothing' ;;
    'rejects drop:--source') _logctl_kind='nothing' ;;
    'rejects drop:--since') _logctl_kind='nothing' ;;
    'rejects drop:--before') _logctl_kind='nothing' ;;
    'rejects drop:--config') _logctl_kind='files' ;;
    'rejects drop:--set') _logctl_kind='settings' ;;
    'rejects drop:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'rejects drop:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'serve:--config') _logctl_kind='files' ;;
    'serve:--set') _logctl_kind='settings' ;;
    'serve:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'serve:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'spool:--config') _logctl_kind='files' ;;
    'spool:--set') _logctl_kind='settings' ;;
    'spool:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'spool:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'spool status:--config') _logctl_kind='files' ;;
    'spool status:--set') _logctl_kind='settings' ;;
    'spool status:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'spool status:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'spool verify:--config') _logctl_kind='files' ;;
    'spool verify:--set') _logctl_kind='settings' ;;
    'spool verify:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'spool verify:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'spool drain:--timeout') _logctl_kind='nothing' ;;
    'spool drain:--config') _logctl_kind='files' ;;
    'spool drain:--set') _logctl_kind='settings' ;;
    'spool drain:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'spool drain:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'spool export:--tenant') _logctl_kind='nothing' ;;
    'spool export:--config') _logctl_kind='files' ;;
    'spool export:--set') _logctl_kind='settings' ;;
    'spool export:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'spool export:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'status:--url') _logctl_kind='nothing' ;;
    'status:--timeout') _logctl_kind='nothing' ;;
    'status:--config') _logctl_kind='files' ;;
    'status:--set') _logctl_kind='settings' ;;
    'status:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'status:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd:--config') _logctl_kind='files' ;;
    'systemd:--set') _logctl_kind='settings' ;;
    'systemd:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd unit:--binary') _logctl_kind='files' ;;
    'systemd unit:--config') _logctl_kind='files' ;;
    'systemd unit:--set') _logctl_kind='settings' ;;
    'systemd unit:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd unit:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'version:--config') _logctl_kind='files' ;;
    'version:--set') _logctl_kind='settings' ;;
    'version:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'version:--output') _logctl_kind='words table json jsonl csv plain' ;;
  esac
}

_logctl_settings='server.host= server.port= server.listeners= server.io_threads= server.workers= server.worker_queue= server.read_timeout= server.write_timeout= server.idle_timeout= server.shutdown_timeout= server.max_header_bytes= server.max_body_bytes= server.max_decompressed_bytes= server.max_pending_bytes= server.max_connections= server.health_path= server.cors_enabled= server.cors_origins= database.url= database.host= database.port= database.user= database.dbname= database.sslmode= database.options= database.max_connections= database.connect_timeout= database.statement_timeout= database.max_lifetime= storage.data_dir= storage.auto_migrate= storage.partitioning= storage.partitions_ahead= storage.sqlite_cache_bytes= storage.sqlite_open_days= batch.size= batch.max_bytes= batch.flush_interval= batch.queue_bytes= batch.writers= spool.directory= spool.max_bytes= spool.min_free= spool.segment_bytes= spool.high_water= spool.low_water= spool.fsync= spool.fsync_interval= ingest.ack= ingest.max_batch_records= ingest.max_record_bytes= ingest.max_message_bytes= ingest.max_depth= ingest.max_age= ingest.max_future= ingest.dedup_window= ingest.event_types= ingest.drop_keys= rejects.enabled= rejects.file_bytes= rejects.max_bytes= rejects.max_raw_bytes= ratelimit.enabled= ratelimit.default_rps= ratelimit.burst= log.level= log.format= log.access= metrics.enabled= metrics.path= metrics.port= retention.max_age='

# Ids that the store knows, asked from the binary with the configuration on the line.
_logctl_ids() {
  "${COMP_WORDS[0]}" complete "$1" ${_logctl_globals[@]+"${_logctl_globals[@]}"} 2>/dev/null
}

# _logctl_offer KIND...: candidates for the value under the cursor
_logctl_offer() {
  local kind=$1
  shift
  case $kind in
    words) COMPREPLY=($(compgen -W "$*" -- "$cur")) ;;
    ids) COMPREPLY=($(compgen -W "$(_logctl_ids "$1")" -- "$cur")) ;;
    settings)
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -W "$_logctl_settings" -- "$cur")) ;;
    folders)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -d -- "$cur")) ;;
    files)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$cur")) ;;
  esac
}

_logctl() {
  local cur=${COMP_WORDS[COMP_CWORD]} place='' word value='' i given=0
  local _logctl_commands _logctl_options _logctl_kind _logctl_arguments _logctl_globals=()
  COMPREPLY=()
  _logctl_place ''
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ -n $value ]]; then
      [[ $word == = ]] && continue
      case $value in
        --config) _logctl_globals+=(--config "$word") ;;
        --set)
          # Bash cuts KEY=VALUE into three words.
          if [[ ${COMP_WORDS[i + 1]-} == = ]]; then
            word+="=${COMP_WORDS[i + 2]-}"
            ((i += 2))
          fi
          _logctl_globals+=(--set "$word") ;;
      esac
      value=''
      continue
    fi
    case $word in
      -*)
        _logctl_value "$place" "$word"
        [[ -n $_logctl_kind ]] && value=$word ;;
      *)
        if [[ " $_logctl_commands " == *" $word "* ]]; then
          place=${place:+$place }$word
          _logctl_place "$place"
          given=0
        else
          given=$((given + 1))
        fi ;;
    esac
  done
  if [[ -n $value ]]; then
    [[ $cur == = ]] && cur=''
    _logctl_value "$place" "$value"
    # shellcheck disable=SC2086  # the kind is words on purpose
    _logctl_offer $_logctl_kind
  elif [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$_logctl_options" -- "$cur"))
  elif [[ -n $_logctl_commands && $given == 0 ]]; then
    COMPREPLY=($(compgen -W "$_logctl_commands" -- "$cur"))
  elif [[ ${#_logctl_arguments[@]} -gt 0 ]]; then
    # The last one may repeat.
    ((given >= ${#_logctl_arguments[@]})) && given=$((${#_logctl_arguments[@]} - 1))
    # shellcheck disable=SC2086
    _logctl_offer ${_logctl_arguments[given]}
  fi
}

complete -F _logctl logctl
