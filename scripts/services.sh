# Sourced by the scripts that run tests. It finds PostgreSQL and Chromium, installs them from Debian
# where that is allowed, starts a throw-away PostgreSQL cluster and stops that cluster, and no other,
# when the script ends. Afterwards the tests find:
#   WAYMARK_TEST_POSTGRES  address of the cluster's maintenance database
#   WAYMARK_CHROMIUM       the browser's program
#   WAYMARK_REQUIRE        what a test may not skip for want of
. "$(dirname "${BASH_SOURCE[0]}")/env.sh"

workdir=
memory=
cluster=
child=

find_postgres() {
	local dir
	for dir in /usr/lib/postgresql/15/bin \
		"$(pg_config --bindir 2>/dev/null || true)" \
		"$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")" \
		$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn); do
		if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ] && [ -x "$dir/postgres" ]; then
			echo "$dir"
			return
		fi
	done
}

find_chromium() {
	local name
	for name in "${WAYMARK_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
		if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
			command -v "$name"
			return
		fi
	done
}

# apt_install waits for whoever else holds the package manager's locks.
apt_install() {
	local try
	export DEBIAN_FRONTEND=noninteractive
	for try in $(seq 1 40); do
		if apt-get -q -o DPkg::Lock::Timeout=600 "$@" </dev/null >"$workdir/apt.log" 2>&1; then
			return 0
		fi
		grep -q 'Could not get lock' "$workdir/apt.log" || break
		sleep 15
	done
	tail -n 20 "$workdir/apt.log" >&2
	return 1
}

install_missing() {
	local packages=()
	if [ -z "$(find_postgres)" ]; then
		# Debian would start a server of its own at once; the tests bring their own.
		if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
			mkdir -p /etc/postgresql-common
			echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
		fi
		packages+=(postgresql-15)
	fi
	[ -n "$(find_chromium)" ] || packages+=(chromium fonts-liberation)
	[ ${#packages[@]} -gt 0 ] || return 0
	echo "installing ${packages[*]}"
	apt_install update || return 0
	apt_install -o Dpkg::Options::=--force-confold install -y --no-install-recommends "${packages[@]}" || return 0
}

require_tools() {
	local missing=()
	if { [ -z "$(find_postgres)" ] || [ -z "$(find_chromium)" ]; } &&
		[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		install_missing
	fi
	[ -n "$(find_postgres)" ] || missing+=("PostgreSQL 15 server (Debian: apt-get install postgresql-15)")
	[ -n "$(find_chromium)" ] || missing+=("Chromium (Debian: apt-get install chromium, or set WAYMARK_CHROMIUM)")
	if [ ${#missing[@]} -gt 0 ]; then
		printf 'missing: %s\n' "${missing[@]}" >&2
		echo "The tests need both engines and a real browser; nothing is skipped for want of them." >&2
		exit 1
	fi
}

# As root the server's programs run as an unprivileged user, which PostgreSQL insists on.
as_postgres() {
	if [ "$(id -u)" != 0 ]; then
		(cd "$workdir" && "$@")
		return
	fi
	local user=postgres
	id -u "$user" >/dev/null 2>&1 || user=nobody
	(cd "$workdir" && runuser -u "$user" -- "$@")
}

start_postgres() {
	local bin port try
	bin=$(find_postgres)
	cluster=${memory:-$workdir}/pg
	mkdir "$cluster"
	if [ "$(id -u)" = 0 ]; then
		chown "$(id -u postgres 2>/dev/null || id -u nobody)" "$cluster"
	fi
	chmod 711 "$workdir"

	as_postgres "$bin/initdb" -D "$cluster/data" -U waymark -A trust -E UTF8 --locale=C --no-sync \
		>"$workdir/initdb.log" 2>&1 || {
		cat "$workdir/initdb.log" >&2
		exit 1
	}
	echo 'host all all 127.0.0.1/32 trust' |
		as_postgres tee "$cluster/data/pg_hba.conf" >/dev/null

	# Binding is the only honest test of a free port, so a taken one costs another try.
	for try in $(seq 1 20); do
		port=$((20000 + RANDOM % 12000))
		if as_postgres "$bin/pg_ctl" -D "$cluster/data" -l "$cluster/server.log" -w -t 60 -s \
			-o "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories='' -c max_connections=300
				-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c timezone=UTC" \
			start >"$workdir/pg_ctl.log" 2>&1; then
			export WAYMARK_TEST_POSTGRES="postgres://waymark@127.0.0.1:$port/postgres?sslmode=disable"
			return
		fi
		grep -q 'could not bind\|could not create any TCP' "$cluster/server.log" || break
	done
	cat "$workdir/pg_ctl.log" "$cluster/server.log" >&2
	exit 1
}

stop_services() {
	local status=$?
	set +e # whatever fails here, the rest must still be taken away
	trap '' INT TERM HUP
	trap - EXIT
	if [ -n "$child" ]; then
		kill -TERM "$child" 2>/dev/null
		wait "$child" 2>/dev/null
	fi
	if [ -n "$cluster" ] && [ -f "$cluster/data/postmaster.pid" ]; then
		as_postgres "$(find_postgres)/pg_ctl" -D "$cluster/data" -m immediate -w -s stop
	fi
	[ -z "$workdir" ] || rm -rf "$workdir"
	[ -z "$memory" ] || rm -rf "$memory"
	exit "$status"
}

# room_in_memory tells whether there is a file system in memory with 8 GB to spare, of which programs may
# be started. A container's is often small.
room_in_memory() {
	local free
	free=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1) || return 1
	[ "${free:-0}" -gt 8000000 ] && [ -w /dev/shm ] && findmnt -n -o OPTIONS -T /dev/shm 2>/dev/null | grep -qv noexec
}

start_services() {
	workdir=$(mktemp -d /tmp/waymark-test.XXXXXX)
	trap stop_services EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	require_tools
	WAYMARK_CHROMIUM=$(find_chromium)
	export WAYMARK_CHROMIUM WAYMARK_REQUIRE=postgres,chromium
	# What tests leave behind, also those that are stopped half-way, goes with the rest. Their files and
	# databases lie in memory where there is room, so that nothing waits for a disk: tests end programs,
	# never the machine.
	export TMPDIR=$workdir/tmp WAYMARK_TEST_DISK=$workdir/disk
	mkdir "$WAYMARK_TEST_DISK"
	if room_in_memory; then
		memory=$(mktemp -d /dev/shm/waymark-test.XXXXXX)
		chmod 711 "$memory"
		TMPDIR=$memory/tmp
	fi
	start_postgres
	mkdir -m 1777 "$TMPDIR"
	echo "PostgreSQL $("$(find_postgres)/postgres" --version | awk '{print $3}') and $WAYMARK_CHROMIUM are ready"
}

# run waits for a command in a way that lets a signal to the script through, so that nothing
# keeps running after the script was told to stop.
run() {
	"$@" </dev/null &
	child=$!
	local status=0
	wait "$child" || status=$?
	child=
	return "$status"
}
