#!/usr/bin/env bash
# The long runs, before the work they concern counts as done: everything again with the race detector,
# with WAYMARK_SOAK=1, at which tests take their full size (every route and role in the browser, more
# cycles, more random cases; e2e/faults kills the program 1,000 times an engine and makes every broken
# build). As root, or where file systems may be mounted, a small disk is filled; elsewhere that is said.
. "$(dirname "$0")/services.sh"

# What tests say meanwhile goes into the file named by WAYMARK_SOAK_LOG.
start_services
go build -o "$workdir/testsum" ./scripts/testsum
export WAYMARK_SOAK=1

# soak runs go test with the arguments given.
soak() {
  run "$workdir/testsum" -follow "${WAYMARK_SOAK_LOG:-$workdir/soak.log}" -- -count=1 -timeout "${WAYMARK_TEST_TIMEOUT:-4h}" "$@"
}

# The loops of e2e/faults kill programs that are built without the race
# detector; with it their own looking takes most of the time.
case "$*" in
"")
  soak -race $(go list ./... | grep -v '/e2e/faults$')
  soak ./e2e/faults/
  ;;
*e2e/faults*) soak "$@" ;;
*) soak -race "$@" ;;
esac
