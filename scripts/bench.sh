#!/usr/bin/env bash
# Whole jobs, as ratios to the least code that could do them on the same database file. Arguments go
# to the benchmark (scripts/bench.sh -help); bench/README.md says what is compared with what.
. "$(dirname "$0")/env.sh"

scripts/build.sh >&2
go build -C bench/pocketbase -o "$PWD/bin/bench-pocketbase" . >&2 # a module of its own
exec go run ./bench "$@" </dev/null
