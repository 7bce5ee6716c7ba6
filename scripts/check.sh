#!/usr/bin/env bash
# What a reviewer should not have to look for: format, lint, imports, generated code, documentation.
# Runs all of it and fails at the end, so that one run names everything.
. "$(dirname "$0")/env.sh"

failed=()
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

step() {
	local name=$1
	shift
	if "$@" >"$scratch/out" 2>&1; then
		echo "ok    $name"
	else
		failed+=("$name")
		echo "FAIL  $name"
		sed 's/^/      /' "$scratch/out"
	fi
}

tracked() { # the project's own files by suffix, in the tree or about to be
	git ls-files -co --exclude-standard -- "$@" | while read -r f; do [ -e "$f" ] && echo "$f"; done
}

go_files_formatted() {
	local bad
	bad=$(tracked '*.go' | grep -v _templ.go | xargs -r gofmt -l)
	[ -z "$bad" ] || { echo "gofmt -w $bad" && return 1; }
}

lint() {
	go build -C tools/lint -o "$scratch/golangci-lint" github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	"$scratch/golangci-lint" run ./...
}

copy_templates() {
	mkdir "$scratch/templ" && cp go.mod go.sum "$scratch/templ"
	tracked '*.templ' | xargs -r cp --parents -t "$scratch/templ"
	templ=$(go tool -n -modfile=tools/go.mod templ)
}

pages_formatted() {
	(cd "$scratch/templ" && "$templ" fmt -fail -log-level warn .) ||
		{ echo "go tool -modfile=tools/go.mod templ fmt ." && return 1; }
}

pages_current() {
	local status=0 f
	(cd "$scratch/templ" && "$templ" generate -log-level error -path .)
	while read -r f; do
		cmp -s "$f" "$scratch/templ/$f" || { echo "$f: make generate" && status=1; }
	done < <({ tracked '*_templ.go'; cd "$scratch/templ" && find . -name '*_templ.go' | sed 's#^\./##'; } | sort -u)
	return $status
}

queries_current() {
	has_queries || return 0
	go tool -modfile=tools/go.mod sqlc diff
}

# A landed migration's fingerprint is never taken away or changed.
migrations_only_added() {
	git rev-parse -q --verify HEAD:migrations/hashes.sum >/dev/null 2>&1 || return 0
	local gone
	gone=$(git diff HEAD -- migrations/hashes.sum | grep '^-[^-]' || true)
	[ -z "$gone" ] || { echo "migrations/hashes.sum: landed steps changed:" && echo "$gone" && return 1; }
}

shell_scripts_parse() {
	local f
	for f in $(tracked '*.sh' '.ci/run'); do bash -n "$f" || return 1; done
}

# A proposal may wait, but not for ever. Said here and not in a test: no test turns red because a day passed.
waiting_proposals() {
	local f date
	for f in docs/adr/[0-9]*.md; do
		[ -e "$f" ] && grep -qi '^status: *proposed' "$f" || continue
		date=$(sed -n 's/^[Dd]ate: *//p' "$f" | head -n 1)
		[ "$(date -d "$date" +%s)" -gt "$(date -d '30 days ago' +%s)" ] ||
			echo "note  $f: proposed on $date and still not decided"
	done
}

step "gofmt" go_files_formatted
step "go vet" go vet ./...
step "go vet of the peer" go vet -C bench/pocketbase .
step "golangci-lint" lint
copy_templates
step "templ fmt" pages_formatted
step "templ drift" pages_current
step "sqlc diff" queries_current
step "house rules (imports, calls, obligations, decision records, migrations)" go test ./internal/house
step "migrations only added" migrations_only_added
step "scripts" shell_scripts_parse
waiting_proposals

if [ ${#failed[@]} -gt 0 ]; then
	printf 'failed: %s\n' "${failed[@]}"
	exit 1
fi
