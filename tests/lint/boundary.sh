#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom. The front end sees backend/include alone (the include path sees to that; here no way around it), the
# backend never sees curses or the front end, and inside the backend nothing points upward: a file may include only headers
# of its own level and those below. A new header takes its place in this table.
. tests/lint/files

LEVELS='
0 banned error vec text arena hash nearest little write
1 fields printable conf guard expand proc compress inflate sandbox transfer jobserver
2 contents contents_walk place file lock device burn weight copy manifest reach unpack ssh_key dates
3 compare opener option settings catalog catalog_load recipe service elf keymap
5 profile tree kconfig
6 source pairing pairing_rows version origin catalogue stock mirror debian choice rootfs pack ext4 squash firmware inventory facts overlay event history pins
7 plan machine check dns dhcp bridge http relay outside netspace talk action image fetch oci disk vdisk pe
8 explain diagnose qmp console guestnet
9 run journal cache
10 boot qemu rebuild'

files '*.[ch]' | grep -v '^tests/' | xargs grep -n '#include "\.\./' | fault 'Headers are found along the include path, not by "../":'
files '*.[ch]' | grep '^tui/' | xargs -r grep -nE '#include "(recipe|conf|expand|hash|journal|action|tree|rootfs|proc)\.h"' |
	fault 'The front end may include only what is in backend/include:'
files '*.[ch]' | grep '^backend/' | xargs grep -nE '#include [<"](curses|ncurses|ncursesw/|panel|form|menu|vterm)' |
	fault 'The backend knows no screen:'

files '*.[ch]' | grep '^backend/' | while read -r file; do
	own=$(basename "${file%.*}")
	grep -o '^#include "[a-z0-9_]*\.h"' "$file" | sed 's/.*"\(.*\)\.h"/\1/' | while read -r header; do
		echo "$own $header $file"
	done
done | awk -v levels="$LEVELS" '
BEGIN {
	n = split(levels, lines, "\n")
	for (i = 1; i <= n; i++) {
		m = split(lines[i], w, " ")
		for (j = 2; j <= m; j++)
			level[w[j]] = w[1] + 0
	}
}
# A file without a row (an action, a part of another noun) belongs to the noun before its first underscore, or to the top.
function rank(name, part) {
	part = name
	sub(/_.*/, "", part)
	return name in level ? level[name] : part in level ? level[part] : 99
}
$1 != $2 && rank($2) > rank($1) { print $3 ": " $1 " (level " rank($1) ") includes " $2 " (level " rank($2) ")" }' |
	fault 'A noun includes a noun above it (the table in tests/lint/boundary.sh):'
finish
