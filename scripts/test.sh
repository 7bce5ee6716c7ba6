#!/usr/bin/env bash
# Everything that must hold, on both engines and in a real browser. With arguments: only those
# packages, with the same services (scripts/test.sh ./e2e/...). The last line is the count.
. "$(dirname "$0")/services.sh"

# The program is pure Go, so everything is compiled once and as it is shipped. Test binaries are linked
# without what a debugger reads, and give memory back later than a server would: both are time saved.
export CGO_ENABLED=0 GOGC=300

start_services
go build -o "$workdir/testsum" ./scripts/testsum

checks=()
packages=("$@")
if [ ${#packages[@]} -eq 0 ]; then
	packages=(./...)
	checks=(-check "go vet ./...")
fi

# One test binary at a time for each core; a package that hangs is named after 22 minutes.
run "$workdir/testsum" "${checks[@]}" -- -vet=off -ldflags=-w -timeout "${WAYMARK_TEST_TIMEOUT:-22m}" "${packages[@]}"
