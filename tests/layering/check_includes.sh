#!/bin/bash
# The architecture as a list of allowed edges: dependencies point one way, and foreign libraries are leaves.
# Usage: check_includes.sh SOURCE_DIR
set -euo pipefail
cd "$1"
bad=0
report() { echo "layering: $1"; bad=1; }

# Modules of shared/ in order; each may include those before it and itself.
modules=(base record config metrics query storage maintenance migrations auth ratelimit spool ingest messages backup)
declare -A rank
for i in "${!modules[@]}"; do rank[${modules[$i]}]=$i; done

while IFS=: read -r file include; do
  target=${include#\"}; target=${target%\"}
  case "$file" in
    shared/*)
      own=$(cut -d/ -f2 <<<"$file")
      case "$target" in
        shared/*)
          other=$(cut -d/ -f2 <<<"$target")
          [ -n "${rank[$own]:-}" ] || { report "$file: unknown module '$own'"; continue; }
          [ -n "${rank[$other]:-}" ] || { report "$file: includes unknown module '$other'"; continue; }
          if [ "${rank[$other]}" -gt "${rank[$own]}" ]; then
            report "$file includes $target: $own may not know $other"
          fi ;;
        service/*|cli/*) report "$file includes $target: shared knows nobody above it" ;;
      esac ;;
    service/*)
      case "$target" in cli/*) report "$file includes $target: service does not know the command line" ;; esac ;;
  esac
done < <(grep -roE --include='*.h' --include='*.cpp' '^#include "[^"]+"' shared service cli | sed 's/#include //')

# library pattern -> the only places that may include it
leaf() {
  local pattern=$1 places=$2 hit
  while IFS= read -r hit; do
    [ -n "$hit" ] || continue
    [[ "$hit" =~ ^($places) ]] || report "$hit includes <$pattern...>, which belongs to $places"
  done < <(grep -rlE --include='*.h' --include='*.cpp' "^#include <($pattern)" shared service cli || true)
}
leaf 'pqxx|libpq' 'shared/storage/postgres/'
leaf 'sqlite3' 'shared/storage/sqlite/'
leaf 'yaml-cpp' 'shared/config/yaml_source'
leaf 'boost/beast' 'service/http/|cli/client'
leaf 'boost' 'service/|cli/client'
leaf 'CLI/' 'cli/(arguments|run|help_formatter)\.|cli/reference/describe\.'
leaf 'prometheus' 'shared/metrics/'
leaf 'spdlog' 'shared/metrics/'
leaf 'simdjson' 'shared/ingest/|shared/messages/|shared/query/property|shared/backup/(manifest|state)|cli/'
leaf 're2' 'shared/query/regex'
leaf 'sodium' 'shared/backup/key'
leaf 'zlib|zstd|xxhash' 'shared/base/(compression|hash)'
leaf 'openssl' 'shared/base/hash|service/http/|cli/client'

# Only base/file calls fsync.
while IFS= read -r hit; do
  [ -n "$hit" ] || continue
  [[ "$hit" == shared/base/file.cpp ]] || report "$hit calls fsync itself"
done < <(grep -rlE --include='*.h' --include='*.cpp' '\b(fsync|fdatasync|syncfs)\(' shared service cli || true)

[ "$bad" = 0 ] && echo "layering: fine"
exit "$bad"
