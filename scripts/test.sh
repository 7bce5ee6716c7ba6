#!/usr/bin/env bash
# Everything that must hold, on both engines and in a real browser. With arguments: only those
# packages, with the same services (scripts/test.sh ./e2e/...). The last line is the count.
. "$(dirname "$0")/services.sh"

start_services
go build -o "$workdir/testsum" ./scripts/testsum

checks=()
packages=("$@")
if [ ${#packages[@]} -eq 0 ]; then
	packages=(./...)
	checks=(-check "go vet ./...")
fi

# One test binary at a time for each core; a package that hangs is named after a quarter of an hour.
run "$workdir/testsum" "${checks[@]}" -- -vet=off -timeout "${WAYMARK_TEST_TIMEOUT:-22m}" "${packages[@]}"
