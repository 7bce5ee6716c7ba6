#!/usr/bin/env bash
# Asks the independent engine again what the test expressions give. With "check" the committed answers are
# compared and not written. Needs Node and, the first time, the npm registry.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=$here/../../internal/platform/fhirpath/testdata
[ -d "$here/node_modules/fhirpath" ] || npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund >/dev/null
if [ "${1:-}" = check ]; then
	node "$here/oracle.mjs" "$data" | cmp - "$data/oracle.jsonl"
	echo "the independent engine says what it said"
else
	node "$here/oracle.mjs" "$data" >"$data/oracle.jsonl"
fi
