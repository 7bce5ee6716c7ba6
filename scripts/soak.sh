#!/usr/bin/env bash
# The long runs, before the work they concern counts as done: everything again with the race detector,
# with WAYMARK_SOAK=1, at which tests take their full size (every route and role in the browser, more
# cycles, more random cases).
. "$(dirname "$0")/services.sh"

start_services
go build -o "$workdir/testsum" ./scripts/testsum
export WAYMARK_SOAK=1

[ $# -gt 0 ] || set -- ./...
run "$workdir/testsum" -- -race -count=1 -timeout "${WAYMARK_TEST_TIMEOUT:-4h}" "$@"
