#!/bin/bash
# Every test on disk is in the build: a test that no longer runs would look like one that passes.
# Usage: check_test_list.sh SOURCE_DIR
set -euo pipefail
cd "$1"
bad=0
while IFS= read -r file; do
  if ! grep -qF "${file#tests/}" tests/CMakeLists.txt; then
    echo "not in tests/CMakeLists.txt: $file"
    bad=1
  fi
done < <(find tests -name '*_test.cpp' -o -path 'tests/integration/*.sh' -o -path 'tests/fault/*.sh' -o -path 'tests/cli/*.sh' \
           -o -path 'tests/layering/*.sh' | grep -v '/lib\.sh$' | sort)
[ "$bad" = 0 ] && echo "test list: complete"
exit "$bad"
