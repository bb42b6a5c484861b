#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What `make bench` measures idle cores with follows a build by its plan and its events, to its end, however that is.
. tests/fake/world
world_make

figures() { # PROFILE: leaves "WALL BUSY IDLE CORES STATUS" in $@
	expect 0 plan "$1" --json
	cp "$WORLD/stdout" "$WORLD/plan"
	(become "$BIN/bench/idle" "$WORLD/plan" "$BOOTSMITH" build "$1" --json) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null ||
		fail "idle ended with status $?"
	grep -qxE '([0-9]+\.[0-9]{3} ){3}[0-9]+ [0-9]+' "$WORLD/stdout" || fail "these are no figures"
}

true_that() { # EXPRESSION over wall, busy, idle, cores, status
	awk "{ wall = \$1; busy = \$2; idle = \$3; cores = \$4; status = \$5; exit !($1) }" "$WORLD/stdout" || fail "not so: $1"
}

# Two trees are compiled beside each other.
figures tiny
true_that 'status == 0 && busy > 0 && busy <= wall'
[ -s "$WORLD/here/out/tiny/vmlinuz" ] || fail "nothing was built"

# All is in the cache: there is no work for anybody.
figures tiny
true_that 'status == 0 && busy == 0 && idle == 0'

echo '# nothing to make' >"$WORLD/src/linux-6.1.100/rules.mk"
pack linux-6.1.100 "$WORLD/src"
rm "$WORLD/data/share/catalogue/linux"
offer linux 6.1 6.1.100
printf 'kernel = 6.1\n' | profile broken
figures broken
true_that 'status == 3'
nobody_left
