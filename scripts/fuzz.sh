#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME each. Inputs that fail are kept by Go in the package's
# testdata/fuzz, from where `make test` runs them for good: commit them with the repair.
. "$(dirname "$0")/env.sh"

status=0
found=0
while IFS=: read -r file target; do
	found=$((found + 1))
	package=./$(dirname "$file")
	echo "== $package $target (${FUZZTIME:=30s})"
	go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" </dev/null || status=1
done < <(git ls-files -co --exclude-standard -- '*_test.go' | sort |
	xargs -r grep -oE '^func Fuzz[A-Za-z0-9_]*' /dev/null | sed 's/:func /:/')

echo "$found fuzz targets"
[ "$found" -gt 0 ] || exit 1
exit $status
