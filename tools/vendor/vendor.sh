#!/bin/sh
# Brings the design systems' prebuilt files into the interface package, without their marks and fonts.
#
#   tools/vendor/vendor.sh          once per upgrade: needs npm and Node; rebuilds everything
#   tools/vendor/vendor.sh own      after a change in internal/platform/web/ui/src: needs neither
#
# The results are committed. Nothing here runs when the program is built or served.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
ui=$(cd "$here/../../internal/platform/web/ui" && pwd)

hash12() { sha256sum "$1" | cut -c1-12; }

# place SOURCE NAME EXT: copy SOURCE to assets/NAME-<hash>.EXT, dropping the former version.
place() {
	sum=$(hash12 "$1")
	find "$ui/assets" -name "$2-????????????.$3" -delete
	cp "$1" "$ui/assets/$2-$sum.$3"
}

own() {
	frontend=$(cd "$ui/assets" && ls frontend-????????????.js)
	work=$(mktemp -d)
	# Only app.js names another file: the module it imports has a hash in its name.
	sed "s#'\./frontend\.js'#'./$frontend'#" "$ui/src/app.js" >"$work/app.js"
	place "$work/app.js" app js
	place "$ui/src/boot.js" boot js
	place "$ui/src/app.css" app css
	place "$ui/src/icon.svg" icon svg
	place "$ui/src/icon.png" icon png
	rm -r "$work"
}

if [ "${1:-}" = own ]; then
	own
	exit 0
fi

npmdir=$(mktemp -d)
(cd "$npmdir" && npm init -y >/dev/null && npm i --ignore-scripts --no-audit --no-fund --save-exact \
	govuk-frontend@6.6.0 @ministryofjustice/frontend@11.1.0 rtlcss@4.3.0)
node "$here/vendor.cjs" "$npmdir" "$ui"
own
rm -r "$npmdir"
