#!/usr/bin/env bash
# Builds one static bin/waymark with everything embedded. Needs Go alone.
. "$(dirname "$0")/env.sh"

version=$(git describe --tags --always --dirty 2>/dev/null || echo unversioned)
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$version" -o bin/waymark ./cmd/waymark
echo "bin/waymark $version"
