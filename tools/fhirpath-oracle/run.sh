#!/usr/bin/env bash
# Asks the independent engine again what the test expressions give, and what the counts of the question sets
# that ship come to. With "check" the committed answers are compared and not written. Needs Node and, the
# first time, the npm registry.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
data=$top/internal/platform/fhirpath/testdata
[ -d "$here/node_modules/fhirpath" ] || npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund >/dev/null

settle() { # FILE, and the command that writes it
	local file=$1
	shift
	if [ "$check" = check ]; then
		"$@" | cmp - "$file"
	else
		"$@" >"$file"
	fi
}

check=${1:-}
settle "$data/oracle.jsonl" node "$here/oracle.mjs" "$data"
settle "$top/internal/casework/risk/testdata/scores.jsonl" node "$here/scores.mjs" "$top/content/questions"
[ "$check" != check ] || echo "the independent engine says what it said"
