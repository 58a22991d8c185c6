#!/bin/sh
# Installs what is missing from the distribution's packages.
# Usage: scripts/install-deps.sh build|test|bench
#   build: compiler and libraries; test: also PostgreSQL and what the test scripts call; bench: also the
#   reference tools of the benchmarks.
set -eu

build="g++ cmake ninja-build pkg-config libcli11-dev libboost1.81-dev libpqxx-dev libpq-dev libyaml-cpp-dev libspdlog-dev
libfmt-dev libsimdjson-dev libsqlite3-dev prometheus-cpp-dev libre2-dev libzstd-dev libxxhash-dev libsodium-dev zlib1g-dev libssl-dev curl jq"
test="$build ccache catch2 postgresql postgresql-client sqlite3 zstd gzip openssl procps util-linux git
bsdextrautils python3 mandoc zsh fish systemd debootstrap dpkg-dev file"
bench="$test nginx-light wrk"

case "${1:-build}" in
  build) wanted=$build ;;
  test) wanted=$test ;;
  bench) wanted=$bench ;;
  *) echo "usage: $0 build|test|bench" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "$0: this is not a Debian or Ubuntu system; install the equivalents of:" >&2
  echo "$wanted" >&2
  exit 1
fi

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=
for package in $wanted; do
  # Newer systems ship a newer Boost under its plain name.
  if [ "$package" = libboost1.81-dev ] && ! installed "$package" && ! apt-cache show "$package" >/dev/null 2>&1 &&
     apt-cache show libboost-dev >/dev/null 2>&1 && [ "$(. /etc/os-release; echo "${VERSION_ID:-}")" != 12 ]; then
    package=libboost-dev
  fi
  installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

root=
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "$0: these packages are missing, and installing them needs root:$missing" >&2
    exit 1
  fi
  root=sudo
fi
echo "installing:$missing" >&2
$root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >&2
