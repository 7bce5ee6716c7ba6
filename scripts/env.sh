# Sourced by every script: moves to the top of the checkout and makes Go usable on a bare machine
# (no HOME, Go not on the PATH, a checkout that git calls somebody else's).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -z "${HOME:-}" ]; then
	HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6 || true)
	[ -n "$HOME" ] && [ -d "$HOME" ] && [ -w "$HOME" ] || HOME=${TMPDIR:-/tmp}
	export HOME
fi

if ! command -v go >/dev/null 2>&1 && [ -x /usr/local/go/bin/go ]; then
	PATH=$PATH:/usr/local/go/bin
	export PATH
fi
if ! command -v go >/dev/null 2>&1; then
	echo "missing: Go (https://go.dev/dl), the version that go.mod names" >&2
	exit 1
fi

# The version is stamped by scripts/build.sh; Go's own stamping fails where git refuses the checkout.
export GOFLAGS="${GOFLAGS:+$GOFLAGS }-buildvcs=false"

# sqlc refuses a configuration without entries, which is what a new project has.
has_queries() {
	grep -qE '^[[:space:]]+queries:' sqlc.yaml
}

# Tests that read the official documents look for them here; one reads none of them without.
if [ -z "${WAYMARK_OFFICIAL_DOCS:-}" ] && [ -d ../shared/seeds ]; then
	WAYMARK_OFFICIAL_DOCS=$(cd ../shared/seeds && pwd)
	export WAYMARK_OFFICIAL_DOCS
fi
