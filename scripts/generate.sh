#!/usr/bin/env bash
# Writes everything that is generated: pages from templ, queries from sqlc, and the lists in
# docs/generated. What it writes is committed; a test compares it with what it was made from.
. "$(dirname "$0")/env.sh"

go tool -modfile=tools/go.mod templ generate -log-level warn -path .
if has_queries; then
	go tool -modfile=tools/go.mod sqlc generate
fi
said=$(WAYMARK_WRITE=1 go test -count=1 -run TestTheList ./cmd/waymark) || { echo "$said" >&2; exit 1; }
go run ./scripts/generated
