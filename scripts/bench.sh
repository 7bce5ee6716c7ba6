#!/usr/bin/env bash
# Whole jobs, as ratios to the least code that could do them on the same database file. Arguments go
# to the benchmark (scripts/bench.sh -help).
. "$(dirname "$0")/env.sh"

exec go run ./bench "$@" </dev/null
