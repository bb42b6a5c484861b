#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What survives a power cut is decided by the order of our calls: before something gets the name by which it is believed, its
# bytes are on the disk (fsync of the file, syncfs of the folder), and afterwards so is the name (fsync of the folder it is in).
. tests/fake/world
command -v strace >/dev/null || { echo "there is no strace" && exit 77; }
world_make
trace() {
	(become env ASAN_OPTIONS=detect_leaks=0 strace -f -y -s 4096 -e trace=fsync,fdatasync,syncfs,rename,renameat,renameat2 -o "$WORLD/trace" \
		"$BOOTSMITH" build tiny --plain) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
}
trace || { grep -q 'ptrace' "$WORLD/stderr" && echo "this machine does not allow ptrace" && exit 77; }
[ -s "$WORLD/here/out/tiny/vmlinuz" ] || fail "nothing was built"

# Events in order: S PATH (synchronised), R FROM TO (renamed). A failed rename changes nothing.
sed -n -e '/ENOENT\|EEXIST/d' -e 's/^[0-9]* *\(fsync\|fdatasync\|syncfs\)([0-9]*<\([^>]*\)>.*/S \2/p' \
	-e 's/^[0-9]* *rename("\([^"]*\)", "\([^"]*\)").*/R \1 \2/p' \
	-e 's/^[0-9]* *rename("\([^"]*\)", "\([^"]*\)" <unf.*/R \1 \2/p' "$WORLD/trace" |
	awk -v cache="$WORLD/cache/" -v out="$WORLD/here/out" '
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	$1 == "S" { synced[$2] = NR; delete open[$2] }
	$1 == "R" && (index($3, out) == 1 || $3 ~ "^" cache "(source|tree|stage)/") {
		seen++
		if (!($2 in synced)) print "renamed before its bytes were on the disk: " $3
		open[folder($3)] = $3
	}
	END {
		for (name in open) print "its name was not made sure of: " open[name]
		if (seen < 6) print "only " seen + 0 " renames were seen: the test sees too little"
	}' >"$WORLD/faults"
[ ! -s "$WORLD/faults" ] || fail "$(cat "$WORLD/faults")"
nobody_left
