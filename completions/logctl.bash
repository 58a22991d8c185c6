# Completion of logctl for bash; made by `logctl completions bash`, do not edit.
# shellcheck shell=bash disable=SC2207

# Sets what the words so far mean.
_logctl_place() {
  case $1 in
    '')
      _logctl_commands='backup completions config delete doctor export facets fields health help hits index ingest keys maintenance migrate namespaces partitions patterns query rejects retention serve spool stats status streams systemd tail version'
      _logctl_options='-h --help --version --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'backup')
      _logctl_commands='create list verify drill restore prune'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'backup create')
      _logctl_commands=''
      _logctl_options='-h --help --type --jobs --skip-space-check -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'backup list')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'backup verify')
      _logctl_commands=''
      _logctl_options='-h --help --jobs --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids backup latest') ;;
    'backup drill')
      _logctl_commands=''
      _logctl_options='-h --help --url --scratch --textfile --jobs --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids backup latest') ;;
    'backup restore')
      _logctl_commands=''
      _logctl_options='-h --help --confirm --until --scratch --jobs --skip-space-check -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids backup latest') ;;
    'backup prune')
      _logctl_commands=''
      _logctl_options='-h --help --keep-last --keep-daily --keep-weekly --keep-monthly -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
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
    'delete')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --confirm -n --dry-run --list --resume --url --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'doctor')
      _logctl_commands=''
      _logctl_options='-h --help --reconcile --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'export')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --to --format --zstd --limit --resume --overwrite --url --file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'facets')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --url --file --timeout --sample --limit --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'fields')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --url --file --timeout --sample --prefix --limit --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing' 'nothing') ;;
    'health')
      _logctl_commands=''
      _logctl_options='-h --help --url --timeout --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'help')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('words exit-codes backup completions config delete doctor export facets fields health help hits index ingest keys maintenance migrate namespaces partitions patterns query rejects retention serve spool stats status streams systemd tail version') ;;
    'hits')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --url --file --timeout --step --group --limit --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'index')
      _logctl_commands='list add drop build'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'index list')
      _logctl_commands=''
      _logctl_options='-h --help --field --day --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'index add')
      _logctl_commands=''
      _logctl_options='-h --help --day -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'index drop')
      _logctl_commands=''
      _logctl_options='-h --help --day -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'index build')
      _logctl_commands=''
      _logctl_options='-h --help --day -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'ingest')
      _logctl_commands=''
      _logctl_options='-h --help --tenant --jobs --batch-rows --import-id --again --map --defaults --rejects --max-rejects --url --retry-for -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('files') ;;
    'keys')
      _logctl_commands='create list show rotate limits revoke verify import prune'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'keys create')
      _logctl_commands=''
      _logctl_options='-h --help --name --scopes --tenant --only --expires --requests --rps --burst --records --records-burst --bytes --bytes-burst --secret-name -n --dry-run -o --output --config --set -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'keys list')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'keys show')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids keys') ;;
    'keys rotate')
      _logctl_commands=''
      _logctl_options='-h --help --all-older-than --overlap --expires --secret-name -n --dry-run -o --output --config --set -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids keys') ;;
    'keys limits')
      _logctl_commands=''
      _logctl_options='-h --help --requests --rps --burst --records --records-burst --bytes --bytes-burst -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids keys') ;;
    'keys revoke')
      _logctl_commands=''
      _logctl_options='-h --help -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids keys') ;;
    'keys verify')
      _logctl_commands=''
      _logctl_options='-h --help --scopes --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('files') ;;
    'keys import')
      _logctl_commands=''
      _logctl_options='-h --help --name --scopes --tenant --only --expires --requests --rps --burst --records --records-burst --bytes --bytes-burst -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('files') ;;
    'keys prune')
      _logctl_commands=''
      _logctl_options='-h --help --older-than -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'maintenance')
      _logctl_commands='run status'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'maintenance run')
      _logctl_commands=''
      _logctl_options='-h --help --task -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'maintenance status')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate')
      _logctl_commands='up down status plan verify repair baseline create'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate up')
      _logctl_commands=''
      _logctl_options='-h --help --to --days --dir --with --lock-timeout -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate down')
      _logctl_commands=''
      _logctl_options='-h --help --to --steps --days --dir --without --lock-timeout -n --dry-run --confirm --yes --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate status')
      _logctl_commands=''
      _logctl_options='-h --help --days --dir --exit-code --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate plan')
      _logctl_commands=''
      _logctl_options='-h --help --to --days --dir --with --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate verify')
      _logctl_commands=''
      _logctl_options='-h --help --days --dir --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate repair')
      _logctl_commands=''
      _logctl_options='-h --help --days --dir --lock-timeout -n --dry-run --yes --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate baseline')
      _logctl_commands=''
      _logctl_options='-h --help --to --days --dir --lock-timeout -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'migrate create')
      _logctl_commands=''
      _logctl_options='-h --help --dir -n --dry-run --no-transaction --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'namespaces')
      _logctl_commands='create list info delete rotate-token'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'namespaces create')
      _logctl_commands=''
      _logctl_options='-h --help --description --metadata --token-file --url -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids namespaces') ;;
    'namespaces list')
      _logctl_commands=''
      _logctl_options='-h --help --url --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'namespaces info')
      _logctl_commands=''
      _logctl_options='-h --help --url --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids namespaces') ;;
    'namespaces delete')
      _logctl_commands=''
      _logctl_options='-h --help --confirm --url -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids namespaces') ;;
    'namespaces rotate-token')
      _logctl_commands=''
      _logctl_options='-h --help --url -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('ids namespaces') ;;
    'partitions')
      _logctl_commands='list'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'partitions list')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'patterns')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --rows --limit --url --file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'query')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --sort --ascending --limit --file --explain --around -B --before -A --after --same --url --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
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
    'retention')
      _logctl_commands='set show remove apply'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'retention set')
      _logctl_commands=''
      _logctl_options='-h --help --match --default --tenant --unknown-tenant -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'retention show')
      _logctl_commands=''
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'retention remove')
      _logctl_commands=''
      _logctl_options='-h --help --match --default --tenant -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'retention apply')
      _logctl_commands=''
      _logctl_options='-h --help -n --dry-run --confirm --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'serve')
      _logctl_commands=''
      _logctl_options='-h --help --check --port --token --test-mode --config --set -o --output -q --quiet -v --verbose --no-color --utc'
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
      _logctl_options='-h --help --timeout -n --dry-run --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'spool export')
      _logctl_commands=''
      _logctl_options='-h --help --tenant --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('files') ;;
    'stats')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant --url --file --timeout --by --calc --limit --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'status')
      _logctl_commands=''
      _logctl_options='-h --help --url --timeout --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'streams')
      _logctl_commands='write read last version list categories tail export import verify'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'streams write')
      _logctl_commands=''
      _logctl_options='-h --help --metadata --id --expected-version -n --dry-run --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing' 'nothing' 'nothing') ;;
    'streams read')
      _logctl_commands=''
      _logctl_options='-h --help --category --all --from --limit --group --correlation --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'streams last')
      _logctl_commands=''
      _logctl_options='-h --help --type --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'streams version')
      _logctl_commands=''
      _logctl_options='-h --help --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'streams list')
      _logctl_commands=''
      _logctl_options='-h --help --prefix --limit --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'streams categories')
      _logctl_commands=''
      _logctl_options='-h --help --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'streams tail')
      _logctl_commands=''
      _logctl_options='-h --help --category --all --from --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
    'streams export')
      _logctl_commands=''
      _logctl_options='-h --help --to --categories --since --until --gzip --zstd --resume --overwrite --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'streams import')
      _logctl_commands=''
      _logctl_options='-h --help --force --confirm -n --dry-run --namespace --url --token-file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('files') ;;
    'streams verify')
      _logctl_commands=''
      _logctl_options='-h --help --namespace --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'systemd')
      _logctl_commands='unit'
      _logctl_options='-h --help --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=() ;;
    'systemd unit')
      _logctl_commands=''
      _logctl_options='-h --help --binary --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('words logctl.service logctl.socket logctl-backup.service logctl-backup.timer logctl-drill.service logctl-drill.timer logctl-maintenance.service logctl-maintenance.timer') ;;
    'tail')
      _logctl_commands=''
      _logctl_options='-h --help --service --level --min-level --message --event-type --event-name --event-id --user --session --app-version --priority --provider --host --trace-id --span-id --since --until --tenant -f --follow -n --lines --url --file --config --set -o --output -q --quiet -v --verbose --no-color --utc'
      _logctl_arguments=('nothing') ;;
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
    'backup:--config') _logctl_kind='files' ;;
    'backup:--set') _logctl_kind='settings' ;;
    'backup:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'backup:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'backup create:--type') _logctl_kind='words full incremental' ;;
    'backup create:--jobs') _logctl_kind='nothing' ;;
    'backup create:--config') _logctl_kind='files' ;;
    'backup create:--set') _logctl_kind='settings' ;;
    'backup create:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'backup create:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'backup list:--config') _logctl_kind='files' ;;
    'backup list:--set') _logctl_kind='settings' ;;
    'backup list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'backup list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'backup verify:--jobs') _logctl_kind='nothing' ;;
    'backup verify:--config') _logctl_kind='files' ;;
    'backup verify:--set') _logctl_kind='settings' ;;
    'backup verify:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'backup verify:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'backup drill:--url') _logctl_kind='nothing' ;;
    'backup drill:--scratch') _logctl_kind='folders' ;;
    'backup drill:--textfile') _logctl_kind='files' ;;
    'backup drill:--jobs') _logctl_kind='nothing' ;;
    'backup drill:--config') _logctl_kind='files' ;;
    'backup drill:--set') _logctl_kind='settings' ;;
    'backup drill:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'backup drill:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'backup restore:--confirm') _logctl_kind='nothing' ;;
    'backup restore:--until') _logctl_kind='nothing' ;;
    'backup restore:--scratch') _logctl_kind='folders' ;;
    'backup restore:--jobs') _logctl_kind='nothing' ;;
    'backup restore:--config') _logctl_kind='files' ;;
    'backup restore:--set') _logctl_kind='settings' ;;
    'backup restore:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'backup restore:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'backup prune:--keep-last') _logctl_kind='nothing' ;;
    'backup prune:--keep-daily') _logctl_kind='nothing' ;;
    'backup prune:--keep-weekly') _logctl_kind='nothing' ;;
    'backup prune:--keep-monthly') _logctl_kind='nothing' ;;
    'backup prune:--config') _logctl_kind='files' ;;
    'backup prune:--set') _logctl_kind='settings' ;;
    'backup prune:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'backup prune:--output') _logctl_kind='words table json jsonl csv plain' ;;
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
    'delete:--service') _logctl_kind='nothing' ;;
    'delete:--level') _logctl_kind='nothing' ;;
    'delete:--min-level') _logctl_kind='nothing' ;;
    'delete:--message') _logctl_kind='nothing' ;;
    'delete:--event-type') _logctl_kind='nothing' ;;
    'delete:--event-name') _logctl_kind='nothing' ;;
    'delete:--event-id') _logctl_kind='nothing' ;;
    'delete:--user') _logctl_kind='nothing' ;;
    'delete:--session') _logctl_kind='nothing' ;;
    'delete:--app-version') _logctl_kind='nothing' ;;
    'delete:--priority') _logctl_kind='nothing' ;;
    'delete:--provider') _logctl_kind='nothing' ;;
    'delete:--host') _logctl_kind='nothing' ;;
    'delete:--trace-id') _logctl_kind='nothing' ;;
    'delete:--span-id') _logctl_kind='nothing' ;;
    'delete:--since') _logctl_kind='nothing' ;;
    'delete:--until') _logctl_kind='nothing' ;;
    'delete:--tenant') _logctl_kind='nothing' ;;
    'delete:--confirm') _logctl_kind='nothing' ;;
    'delete:--resume') _logctl_kind='nothing' ;;
    'delete:--url') _logctl_kind='nothing' ;;
    'delete:--config') _logctl_kind='files' ;;
    'delete:--set') _logctl_kind='settings' ;;
    'delete:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'delete:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'doctor:--config') _logctl_kind='files' ;;
    'doctor:--set') _logctl_kind='settings' ;;
    'doctor:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'doctor:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'export:--service') _logctl_kind='nothing' ;;
    'export:--level') _logctl_kind='nothing' ;;
    'export:--min-level') _logctl_kind='nothing' ;;
    'export:--message') _logctl_kind='nothing' ;;
    'export:--event-type') _logctl_kind='nothing' ;;
    'export:--event-name') _logctl_kind='nothing' ;;
    'export:--event-id') _logctl_kind='nothing' ;;
    'export:--user') _logctl_kind='nothing' ;;
    'export:--session') _logctl_kind='nothing' ;;
    'export:--app-version') _logctl_kind='nothing' ;;
    'export:--priority') _logctl_kind='nothing' ;;
    'export:--provider') _logctl_kind='nothing' ;;
    'export:--host') _logctl_kind='nothing' ;;
    'export:--trace-id') _logctl_kind='nothing' ;;
    'export:--span-id') _logctl_kind='nothing' ;;
    'export:--since') _logctl_kind='nothing' ;;
    'export:--until') _logctl_kind='nothing' ;;
    'export:--tenant') _logctl_kind='nothing' ;;
    'export:--to') _logctl_kind='files' ;;
    'export:--format') _logctl_kind='words jsonl csv' ;;
    'export:--limit') _logctl_kind='nothing' ;;
    'export:--url') _logctl_kind='nothing' ;;
    'export:--file') _logctl_kind='files' ;;
    'export:--config') _logctl_kind='files' ;;
    'export:--set') _logctl_kind='settings' ;;
    'export:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'export:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'facets:--service') _logctl_kind='nothing' ;;
    'facets:--level') _logctl_kind='nothing' ;;
    'facets:--min-level') _logctl_kind='nothing' ;;
    'facets:--message') _logctl_kind='nothing' ;;
    'facets:--event-type') _logctl_kind='nothing' ;;
    'facets:--event-name') _logctl_kind='nothing' ;;
    'facets:--event-id') _logctl_kind='nothing' ;;
    'facets:--user') _logctl_kind='nothing' ;;
    'facets:--session') _logctl_kind='nothing' ;;
    'facets:--app-version') _logctl_kind='nothing' ;;
    'facets:--priority') _logctl_kind='nothing' ;;
    'facets:--provider') _logctl_kind='nothing' ;;
    'facets:--host') _logctl_kind='nothing' ;;
    'facets:--trace-id') _logctl_kind='nothing' ;;
    'facets:--span-id') _logctl_kind='nothing' ;;
    'facets:--since') _logctl_kind='nothing' ;;
    'facets:--until') _logctl_kind='nothing' ;;
    'facets:--tenant') _logctl_kind='nothing' ;;
    'facets:--url') _logctl_kind='nothing' ;;
    'facets:--file') _logctl_kind='files' ;;
    'facets:--timeout') _logctl_kind='nothing' ;;
    'facets:--sample') _logctl_kind='nothing' ;;
    'facets:--limit') _logctl_kind='nothing' ;;
    'facets:--config') _logctl_kind='files' ;;
    'facets:--set') _logctl_kind='settings' ;;
    'facets:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'facets:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'fields:--service') _logctl_kind='nothing' ;;
    'fields:--level') _logctl_kind='nothing' ;;
    'fields:--min-level') _logctl_kind='nothing' ;;
    'fields:--message') _logctl_kind='nothing' ;;
    'fields:--event-type') _logctl_kind='nothing' ;;
    'fields:--event-name') _logctl_kind='nothing' ;;
    'fields:--event-id') _logctl_kind='nothing' ;;
    'fields:--user') _logctl_kind='nothing' ;;
    'fields:--session') _logctl_kind='nothing' ;;
    'fields:--app-version') _logctl_kind='nothing' ;;
    'fields:--priority') _logctl_kind='nothing' ;;
    'fields:--provider') _logctl_kind='nothing' ;;
    'fields:--host') _logctl_kind='nothing' ;;
    'fields:--trace-id') _logctl_kind='nothing' ;;
    'fields:--span-id') _logctl_kind='nothing' ;;
    'fields:--since') _logctl_kind='nothing' ;;
    'fields:--until') _logctl_kind='nothing' ;;
    'fields:--tenant') _logctl_kind='nothing' ;;
    'fields:--url') _logctl_kind='nothing' ;;
    'fields:--file') _logctl_kind='files' ;;
    'fields:--timeout') _logctl_kind='nothing' ;;
    'fields:--sample') _logctl_kind='nothing' ;;
    'fields:--prefix') _logctl_kind='nothing' ;;
    'fields:--limit') _logctl_kind='nothing' ;;
    'fields:--config') _logctl_kind='files' ;;
    'fields:--set') _logctl_kind='settings' ;;
    'fields:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'fields:--output') _logctl_kind='words table json jsonl csv plain' ;;
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
    'hits:--service') _logctl_kind='nothing' ;;
    'hits:--level') _logctl_kind='nothing' ;;
    'hits:--min-level') _logctl_kind='nothing' ;;
    'hits:--message') _logctl_kind='nothing' ;;
    'hits:--event-type') _logctl_kind='nothing' ;;
    'hits:--event-name') _logctl_kind='nothing' ;;
    'hits:--event-id') _logctl_kind='nothing' ;;
    'hits:--user') _logctl_kind='nothing' ;;
    'hits:--session') _logctl_kind='nothing' ;;
    'hits:--app-version') _logctl_kind='nothing' ;;
    'hits:--priority') _logctl_kind='nothing' ;;
    'hits:--provider') _logctl_kind='nothing' ;;
    'hits:--host') _logctl_kind='nothing' ;;
    'hits:--trace-id') _logctl_kind='nothing' ;;
    'hits:--span-id') _logctl_kind='nothing' ;;
    'hits:--since') _logctl_kind='nothing' ;;
    'hits:--until') _logctl_kind='nothing' ;;
    'hits:--tenant') _logctl_kind='nothing' ;;
    'hits:--url') _logctl_kind='nothing' ;;
    'hits:--file') _logctl_kind='files' ;;
    'hits:--timeout') _logctl_kind='nothing' ;;
    'hits:--step') _logctl_kind='words 1m 5m 15m 1h 6h 1d' ;;
    'hits:--group') _logctl_kind='words service level event_type event_name priority host app_version user_id session_id' ;;
    'hits:--limit') _logctl_kind='nothing' ;;
    'hits:--config') _logctl_kind='files' ;;
    'hits:--set') _logctl_kind='settings' ;;
    'hits:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'hits:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'index:--config') _logctl_kind='files' ;;
    'index:--set') _logctl_kind='settings' ;;
    'index:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'index:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'index list:--field') _logctl_kind='nothing' ;;
    'index list:--day') _logctl_kind='nothing' ;;
    'index list:--config') _logctl_kind='files' ;;
    'index list:--set') _logctl_kind='settings' ;;
    'index list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'index list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'index add:--day') _logctl_kind='nothing' ;;
    'index add:--config') _logctl_kind='files' ;;
    'index add:--set') _logctl_kind='settings' ;;
    'index add:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'index add:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'index drop:--day') _logctl_kind='nothing' ;;
    'index drop:--config') _logctl_kind='files' ;;
    'index drop:--set') _logctl_kind='settings' ;;
    'index drop:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'index drop:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'index build:--day') _logctl_kind='nothing' ;;
    'index build:--config') _logctl_kind='files' ;;
    'index build:--set') _logctl_kind='settings' ;;
    'index build:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'index build:--output') _logctl_kind='words table json jsonl csv plain' ;;
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
    'keys create:--scopes') _logctl_kind='list ingest read admin' ;;
    'keys create:--tenant') _logctl_kind='nothing' ;;
    'keys create:--only') _logctl_kind='starts service= host= event_type= event_name= user_id= session_id= app_version= priority= level= min_level=' ;;
    'keys create:--expires') _logctl_kind='nothing' ;;
    'keys create:--requests') _logctl_kind='nothing' ;;
    'keys create:--rps') _logctl_kind='nothing' ;;
    'keys create:--burst') _logctl_kind='nothing' ;;
    'keys create:--records') _logctl_kind='nothing' ;;
    'keys create:--records-burst') _logctl_kind='nothing' ;;
    'keys create:--bytes') _logctl_kind='nothing' ;;
    'keys create:--bytes-burst') _logctl_kind='nothing' ;;
    'keys create:--secret-name') _logctl_kind='nothing' ;;
    'keys create:-o') _logctl_kind='words table json jsonl csv plain env k8s-secret systemd-credential' ;;
    'keys create:--output') _logctl_kind='words table json jsonl csv plain env k8s-secret systemd-credential' ;;
    'keys create:--config') _logctl_kind='files' ;;
    'keys create:--set') _logctl_kind='settings' ;;
    'keys list:--config') _logctl_kind='files' ;;
    'keys list:--set') _logctl_kind='settings' ;;
    'keys list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys show:--config') _logctl_kind='files' ;;
    'keys show:--set') _logctl_kind='settings' ;;
    'keys show:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys show:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys rotate:--all-older-than') _logctl_kind='nothing' ;;
    'keys rotate:--overlap') _logctl_kind='nothing' ;;
    'keys rotate:--expires') _logctl_kind='nothing' ;;
    'keys rotate:--secret-name') _logctl_kind='nothing' ;;
    'keys rotate:-o') _logctl_kind='words table json jsonl csv plain env k8s-secret systemd-credential' ;;
    'keys rotate:--output') _logctl_kind='words table json jsonl csv plain env k8s-secret systemd-credential' ;;
    'keys rotate:--config') _logctl_kind='files' ;;
    'keys rotate:--set') _logctl_kind='settings' ;;
    'keys limits:--requests') _logctl_kind='nothing' ;;
    'keys limits:--rps') _logctl_kind='nothing' ;;
    'keys limits:--burst') _logctl_kind='nothing' ;;
    'keys limits:--records') _logctl_kind='nothing' ;;
    'keys limits:--records-burst') _logctl_kind='nothing' ;;
    'keys limits:--bytes') _logctl_kind='nothing' ;;
    'keys limits:--bytes-burst') _logctl_kind='nothing' ;;
    'keys limits:--config') _logctl_kind='files' ;;
    'keys limits:--set') _logctl_kind='settings' ;;
    'keys limits:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys limits:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys revoke:--config') _logctl_kind='files' ;;
    'keys revoke:--set') _logctl_kind='settings' ;;
    'keys revoke:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys revoke:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys verify:--scopes') _logctl_kind='list ingest read admin' ;;
    'keys verify:--config') _logctl_kind='files' ;;
    'keys verify:--set') _logctl_kind='settings' ;;
    'keys verify:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys verify:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys import:--name') _logctl_kind='nothing' ;;
    'keys import:--scopes') _logctl_kind='list ingest read admin' ;;
    'keys import:--tenant') _logctl_kind='nothing' ;;
    'keys import:--only') _logctl_kind='starts service= host= event_type= event_name= user_id= session_id= app_version= priority= level= min_level=' ;;
    'keys import:--expires') _logctl_kind='nothing' ;;
    'keys import:--requests') _logctl_kind='nothing' ;;
    'keys import:--rps') _logctl_kind='nothing' ;;
    'keys import:--burst') _logctl_kind='nothing' ;;
    'keys import:--records') _logctl_kind='nothing' ;;
    'keys import:--records-burst') _logctl_kind='nothing' ;;
    'keys import:--bytes') _logctl_kind='nothing' ;;
    'keys import:--bytes-burst') _logctl_kind='nothing' ;;
    'keys import:--config') _logctl_kind='files' ;;
    'keys import:--set') _logctl_kind='settings' ;;
    'keys import:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys import:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'keys prune:--older-than') _logctl_kind='nothing' ;;
    'keys prune:--config') _logctl_kind='files' ;;
    'keys prune:--set') _logctl_kind='settings' ;;
    'keys prune:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'keys prune:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'maintenance:--config') _logctl_kind='files' ;;
    'maintenance:--set') _logctl_kind='settings' ;;
    'maintenance:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'maintenance:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'maintenance run:--task') _logctl_kind='words upkeep retention indexes compression' ;;
    'maintenance run:--config') _logctl_kind='files' ;;
    'maintenance run:--set') _logctl_kind='settings' ;;
    'maintenance run:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'maintenance run:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'maintenance status:--config') _logctl_kind='files' ;;
    'maintenance status:--set') _logctl_kind='settings' ;;
    'maintenance status:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'maintenance status:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate:--config') _logctl_kind='files' ;;
    'migrate:--set') _logctl_kind='settings' ;;
    'migrate:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate up:--to') _logctl_kind='nothing' ;;
    'migrate up:--dir') _logctl_kind='folders' ;;
    'migrate up:--with') _logctl_kind='words message-db' ;;
    'migrate up:--lock-timeout') _logctl_kind='nothing' ;;
    'migrate up:--config') _logctl_kind='files' ;;
    'migrate up:--set') _logctl_kind='settings' ;;
    'migrate up:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate up:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate down:--to') _logctl_kind='nothing' ;;
    'migrate down:--steps') _logctl_kind='nothing' ;;
    'migrate down:--dir') _logctl_kind='folders' ;;
    'migrate down:--without') _logctl_kind='words message-db' ;;
    'migrate down:--lock-timeout') _logctl_kind='nothing' ;;
    'migrate down:--config') _logctl_kind='files' ;;
    'migrate down:--set') _logctl_kind='settings' ;;
    'migrate down:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate down:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate status:--dir') _logctl_kind='folders' ;;
    'migrate status:--config') _logctl_kind='files' ;;
    'migrate status:--set') _logctl_kind='settings' ;;
    'migrate status:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate status:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate plan:--to') _logctl_kind='nothing' ;;
    'migrate plan:--dir') _logctl_kind='folders' ;;
    'migrate plan:--with') _logctl_kind='words message-db' ;;
    'migrate plan:--config') _logctl_kind='files' ;;
    'migrate plan:--set') _logctl_kind='settings' ;;
    'migrate plan:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate plan:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate verify:--dir') _logctl_kind='folders' ;;
    'migrate verify:--config') _logctl_kind='files' ;;
    'migrate verify:--set') _logctl_kind='settings' ;;
    'migrate verify:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate verify:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate repair:--dir') _logctl_kind='folders' ;;
    'migrate repair:--lock-timeout') _logctl_kind='nothing' ;;
    'migrate repair:--config') _logctl_kind='files' ;;
    'migrate repair:--set') _logctl_kind='settings' ;;
    'migrate repair:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate repair:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate baseline:--to') _logctl_kind='nothing' ;;
    'migrate baseline:--dir') _logctl_kind='folders' ;;
    'migrate baseline:--lock-timeout') _logctl_kind='nothing' ;;
    'migrate baseline:--config') _logctl_kind='files' ;;
    'migrate baseline:--set') _logctl_kind='settings' ;;
    'migrate baseline:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate baseline:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate create:--dir') _logctl_kind='folders' ;;
    'migrate create:--config') _logctl_kind='files' ;;
    'migrate create:--set') _logctl_kind='settings' ;;
    'migrate create:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'migrate create:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces:--config') _logctl_kind='files' ;;
    'namespaces:--set') _logctl_kind='settings' ;;
    'namespaces:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces create:--description') _logctl_kind='nothing' ;;
    'namespaces create:--metadata') _logctl_kind='nothing' ;;
    'namespaces create:--token-file') _logctl_kind='files' ;;
    'namespaces create:--url') _logctl_kind='nothing' ;;
    'namespaces create:--config') _logctl_kind='files' ;;
    'namespaces create:--set') _logctl_kind='settings' ;;
    'namespaces create:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces create:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces list:--url') _logctl_kind='nothing' ;;
    'namespaces list:--config') _logctl_kind='files' ;;
    'namespaces list:--set') _logctl_kind='settings' ;;
    'namespaces list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces info:--url') _logctl_kind='nothing' ;;
    'namespaces info:--config') _logctl_kind='files' ;;
    'namespaces info:--set') _logctl_kind='settings' ;;
    'namespaces info:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces info:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces delete:--confirm') _logctl_kind='nothing' ;;
    'namespaces delete:--url') _logctl_kind='nothing' ;;
    'namespaces delete:--config') _logctl_kind='files' ;;
    'namespaces delete:--set') _logctl_kind='settings' ;;
    'namespaces delete:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces delete:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces rotate-token:--url') _logctl_kind='nothing' ;;
    'namespaces rotate-token:--config') _logctl_kind='files' ;;
    'namespaces rotate-token:--set') _logctl_kind='settings' ;;
    'namespaces rotate-token:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'namespaces rotate-token:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'partitions:--config') _logctl_kind='files' ;;
    'partitions:--set') _logctl_kind='settings' ;;
    'partitions:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'partitions:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'partitions list:--config') _logctl_kind='files' ;;
    'partitions list:--set') _logctl_kind='settings' ;;
    'partitions list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'partitions list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'patterns:--service') _logctl_kind='nothing' ;;
    'patterns:--level') _logctl_kind='nothing' ;;
    'patterns:--min-level') _logctl_kind='nothing' ;;
    'patterns:--message') _logctl_kind='nothing' ;;
    'patterns:--event-type') _logctl_kind='nothing' ;;
    'patterns:--event-name') _logctl_kind='nothing' ;;
    'patterns:--event-id') _logctl_kind='nothing' ;;
    'patterns:--user') _logctl_kind='nothing' ;;
    'patterns:--session') _logctl_kind='nothing' ;;
    'patterns:--app-version') _logctl_kind='nothing' ;;
    'patterns:--priority') _logctl_kind='nothing' ;;
    'patterns:--provider') _logctl_kind='nothing' ;;
    'patterns:--host') _logctl_kind='nothing' ;;
    'patterns:--trace-id') _logctl_kind='nothing' ;;
    'patterns:--span-id') _logctl_kind='nothing' ;;
    'patterns:--since') _logctl_kind='nothing' ;;
    'patterns:--until') _logctl_kind='nothing' ;;
    'patterns:--tenant') _logctl_kind='nothing' ;;
    'patterns:--rows') _logctl_kind='nothing' ;;
    'patterns:--limit') _logctl_kind='nothing' ;;
    'patterns:--url') _logctl_kind='nothing' ;;
    'patterns:--file') _logctl_kind='files' ;;
    'patterns:--config') _logctl_kind='files' ;;
    'patterns:--set') _logctl_kind='settings' ;;
    'patterns:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'patterns:--output') _logctl_kind='words table json jsonl csv plain' ;;
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
    'query:--tenant') _logctl_kind='nothing' ;;
    'query:--sort') _logctl_kind='nothing' ;;
    'query:--limit') _logctl_kind='nothing' ;;
    'query:--file') _logctl_kind='files' ;;
    'query:--around') _logctl_kind='nothing' ;;
    'query:-B') _logctl_kind='nothing' ;;
    'query:--before') _logctl_kind='nothing' ;;
    'query:-A') _logctl_kind='nothing' ;;
    'query:--after') _logctl_kind='nothing' ;;
    'query:--same') _logctl_kind='nothing' ;;
    'query:--url') _logctl_kind='nothing' ;;
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
    'retention:--config') _logctl_kind='files' ;;
    'retention:--set') _logctl_kind='settings' ;;
    'retention:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'retention:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'retention set:--match') _logctl_kind='nothing' ;;
    'retention set:--tenant') _logctl_kind='nothing' ;;
    'retention set:--config') _logctl_kind='files' ;;
    'retention set:--set') _logctl_kind='settings' ;;
    'retention set:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'retention set:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'retention show:--config') _logctl_kind='files' ;;
    'retention show:--set') _logctl_kind='settings' ;;
    'retention show:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'retention show:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'retention remove:--match') _logctl_kind='nothing' ;;
    'retention remove:--tenant') _logctl_kind='nothing' ;;
    'retention remove:--config') _logctl_kind='files' ;;
    'retention remove:--set') _logctl_kind='settings' ;;
    'retention remove:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'retention remove:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'retention apply:--config') _logctl_kind='files' ;;
    'retention apply:--set') _logctl_kind='settings' ;;
    'retention apply:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'retention apply:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'serve:--port') _logctl_kind='nothing' ;;
    'serve:--token') _logctl_kind='nothing' ;;
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
    'stats:--service') _logctl_kind='nothing' ;;
    'stats:--level') _logctl_kind='nothing' ;;
    'stats:--min-level') _logctl_kind='nothing' ;;
    'stats:--message') _logctl_kind='nothing' ;;
    'stats:--event-type') _logctl_kind='nothing' ;;
    'stats:--event-name') _logctl_kind='nothing' ;;
    'stats:--event-id') _logctl_kind='nothing' ;;
    'stats:--user') _logctl_kind='nothing' ;;
    'stats:--session') _logctl_kind='nothing' ;;
    'stats:--app-version') _logctl_kind='nothing' ;;
    'stats:--priority') _logctl_kind='nothing' ;;
    'stats:--provider') _logctl_kind='nothing' ;;
    'stats:--host') _logctl_kind='nothing' ;;
    'stats:--trace-id') _logctl_kind='nothing' ;;
    'stats:--span-id') _logctl_kind='nothing' ;;
    'stats:--since') _logctl_kind='nothing' ;;
    'stats:--until') _logctl_kind='nothing' ;;
    'stats:--tenant') _logctl_kind='nothing' ;;
    'stats:--url') _logctl_kind='nothing' ;;
    'stats:--file') _logctl_kind='files' ;;
    'stats:--timeout') _logctl_kind='nothing' ;;
    'stats:--by') _logctl_kind='nothing' ;;
    'stats:--calc') _logctl_kind='nothing' ;;
    'stats:--limit') _logctl_kind='nothing' ;;
    'stats:--config') _logctl_kind='files' ;;
    'stats:--set') _logctl_kind='settings' ;;
    'stats:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'stats:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'status:--url') _logctl_kind='nothing' ;;
    'status:--timeout') _logctl_kind='nothing' ;;
    'status:--config') _logctl_kind='files' ;;
    'status:--set') _logctl_kind='settings' ;;
    'status:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'status:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams:--config') _logctl_kind='files' ;;
    'streams:--set') _logctl_kind='settings' ;;
    'streams:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams write:--metadata') _logctl_kind='nothing' ;;
    'streams write:--id') _logctl_kind='nothing' ;;
    'streams write:--expected-version') _logctl_kind='nothing' ;;
    'streams write:--namespace') _logctl_kind='nothing' ;;
    'streams write:--url') _logctl_kind='nothing' ;;
    'streams write:--token-file') _logctl_kind='files' ;;
    'streams write:--config') _logctl_kind='files' ;;
    'streams write:--set') _logctl_kind='settings' ;;
    'streams write:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams write:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams read:--category') _logctl_kind='nothing' ;;
    'streams read:--from') _logctl_kind='nothing' ;;
    'streams read:--limit') _logctl_kind='nothing' ;;
    'streams read:--group') _logctl_kind='nothing' ;;
    'streams read:--correlation') _logctl_kind='nothing' ;;
    'streams read:--namespace') _logctl_kind='nothing' ;;
    'streams read:--url') _logctl_kind='nothing' ;;
    'streams read:--token-file') _logctl_kind='files' ;;
    'streams read:--config') _logctl_kind='files' ;;
    'streams read:--set') _logctl_kind='settings' ;;
    'streams read:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams read:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams last:--type') _logctl_kind='nothing' ;;
    'streams last:--namespace') _logctl_kind='nothing' ;;
    'streams last:--url') _logctl_kind='nothing' ;;
    'streams last:--token-file') _logctl_kind='files' ;;
    'streams last:--config') _logctl_kind='files' ;;
    'streams last:--set') _logctl_kind='settings' ;;
    'streams last:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams last:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams version:--namespace') _logctl_kind='nothing' ;;
    'streams version:--url') _logctl_kind='nothing' ;;
    'streams version:--token-file') _logctl_kind='files' ;;
    'streams version:--config') _logctl_kind='files' ;;
    'streams version:--set') _logctl_kind='settings' ;;
    'streams version:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams version:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams list:--prefix') _logctl_kind='nothing' ;;
    'streams list:--limit') _logctl_kind='nothing' ;;
    'streams list:--namespace') _logctl_kind='nothing' ;;
    'streams list:--url') _logctl_kind='nothing' ;;
    'streams list:--token-file') _logctl_kind='files' ;;
    'streams list:--config') _logctl_kind='files' ;;
    'streams list:--set') _logctl_kind='settings' ;;
    'streams list:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams list:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams categories:--namespace') _logctl_kind='nothing' ;;
    'streams categories:--url') _logctl_kind='nothing' ;;
    'streams categories:--token-file') _logctl_kind='files' ;;
    'streams categories:--config') _logctl_kind='files' ;;
    'streams categories:--set') _logctl_kind='settings' ;;
    'streams categories:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams categories:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams tail:--category') _logctl_kind='nothing' ;;
    'streams tail:--from') _logctl_kind='nothing' ;;
    'streams tail:--namespace') _logctl_kind='nothing' ;;
    'streams tail:--url') _logctl_kind='nothing' ;;
    'streams tail:--token-file') _logctl_kind='files' ;;
    'streams tail:--config') _logctl_kind='files' ;;
    'streams tail:--set') _logctl_kind='settings' ;;
    'streams tail:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams tail:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams export:--to') _logctl_kind='files' ;;
    'streams export:--categories') _logctl_kind='nothing' ;;
    'streams export:--since') _logctl_kind='nothing' ;;
    'streams export:--until') _logctl_kind='nothing' ;;
    'streams export:--namespace') _logctl_kind='nothing' ;;
    'streams export:--url') _logctl_kind='nothing' ;;
    'streams export:--token-file') _logctl_kind='files' ;;
    'streams export:--config') _logctl_kind='files' ;;
    'streams export:--set') _logctl_kind='settings' ;;
    'streams export:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams export:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams import:--confirm') _logctl_kind='nothing' ;;
    'streams import:--namespace') _logctl_kind='nothing' ;;
    'streams import:--url') _logctl_kind='nothing' ;;
    'streams import:--token-file') _logctl_kind='files' ;;
    'streams import:--config') _logctl_kind='files' ;;
    'streams import:--set') _logctl_kind='settings' ;;
    'streams import:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams import:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'streams verify:--namespace') _logctl_kind='nothing' ;;
    'streams verify:--config') _logctl_kind='files' ;;
    'streams verify:--set') _logctl_kind='settings' ;;
    'streams verify:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'streams verify:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd:--config') _logctl_kind='files' ;;
    'systemd:--set') _logctl_kind='settings' ;;
    'systemd:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd unit:--binary') _logctl_kind='files' ;;
    'systemd unit:--config') _logctl_kind='files' ;;
    'systemd unit:--set') _logctl_kind='settings' ;;
    'systemd unit:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'systemd unit:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'tail:--service') _logctl_kind='nothing' ;;
    'tail:--level') _logctl_kind='nothing' ;;
    'tail:--min-level') _logctl_kind='nothing' ;;
    'tail:--message') _logctl_kind='nothing' ;;
    'tail:--event-type') _logctl_kind='nothing' ;;
    'tail:--event-name') _logctl_kind='nothing' ;;
    'tail:--event-id') _logctl_kind='nothing' ;;
    'tail:--user') _logctl_kind='nothing' ;;
    'tail:--session') _logctl_kind='nothing' ;;
    'tail:--app-version') _logctl_kind='nothing' ;;
    'tail:--priority') _logctl_kind='nothing' ;;
    'tail:--provider') _logctl_kind='nothing' ;;
    'tail:--host') _logctl_kind='nothing' ;;
    'tail:--trace-id') _logctl_kind='nothing' ;;
    'tail:--span-id') _logctl_kind='nothing' ;;
    'tail:--since') _logctl_kind='nothing' ;;
    'tail:--until') _logctl_kind='nothing' ;;
    'tail:--tenant') _logctl_kind='nothing' ;;
    'tail:-n') _logctl_kind='nothing' ;;
    'tail:--lines') _logctl_kind='nothing' ;;
    'tail:--url') _logctl_kind='nothing' ;;
    'tail:--file') _logctl_kind='files' ;;
    'tail:--config') _logctl_kind='files' ;;
    'tail:--set') _logctl_kind='settings' ;;
    'tail:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'tail:--output') _logctl_kind='words table json jsonl csv plain' ;;
    'version:--config') _logctl_kind='files' ;;
    'version:--set') _logctl_kind='settings' ;;
    'version:-o') _logctl_kind='words table json jsonl csv plain' ;;
    'version:--output') _logctl_kind='words table json jsonl csv plain' ;;
  esac
}

_logctl_settings='server.host= server.port= server.listeners= server.io_threads= server.workers= server.worker_queue= server.read_timeout= server.write_timeout= server.idle_timeout= server.shutdown_timeout= server.max_header_bytes= server.max_body_bytes= server.max_decompressed_bytes= server.max_pending_bytes= server.max_connections= server.health_path= server.cors_enabled= server.cors_origins= database.url= database.host= database.port= database.user= database.dbname= database.sslmode= database.options= database.max_connections= database.connect_timeout= database.statement_timeout= database.max_lifetime= storage.data_dir= storage.auto_migrate= storage.partitioning= storage.partitions_ahead= storage.sqlite_cache_bytes= storage.sqlite_open_days= storage.indexes= storage.index_delay= storage.compress_after= batch.size= batch.max_bytes= batch.flush_interval= batch.queue_bytes= batch.writers= spool.directory= spool.max_bytes= spool.min_free= spool.segment_bytes= spool.high_water= spool.low_water= spool.fsync= spool.fsync_interval= ingest.ack= ingest.max_batch_records= ingest.max_record_bytes= ingest.max_message_bytes= ingest.max_depth= ingest.max_age= ingest.max_future= ingest.dedup_window= ingest.event_types= ingest.drop_keys= rejects.enabled= rejects.file_bytes= rejects.max_bytes= rejects.max_raw_bytes= auth.expiry_notice= ratelimit.enabled= ratelimit.default_rps= ratelimit.burst= log.level= log.format= log.access= metrics.enabled= metrics.path= metrics.port= query.max_running= query.workers= tail.max_subscribers= tail.queue_bytes= tail.history_bytes= tail.heartbeat= messages.open_admin= messages.test_mode= messages.max_message_bytes= messages.rps= messages.burst= messages.batch= messages.queue_bytes= messages.max_subscribers= messages.max_subscribers_per_namespace= messages.history= messages.heartbeat= retention.max_age= retention.default= maintenance.enabled= maintenance.interval= maintenance.at= backup.dir= backup.jobs= backup.compression= backup.min_free= backup.key_file= backup.pg_bin= backup.keep_last= backup.keep_daily= backup.keep_weekly= backup.keep_monthly='

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
    ids) COMPREPLY=($(compgen -W "$(_logctl_ids "$1") ${*:2}" -- "$cur")) ;;
    list)
      # The last one of the list; a comma may follow.
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -P "${cur%"${cur##*,}"}" -W "$*" -- "${cur##*,}")) ;;
    starts)
      compopt -o nospace 2>/dev/null
      COMPREPLY=($(compgen -W "$*" -- "$cur")) ;;
    settings) _logctl_offer starts "$_logctl_settings" ;;
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
