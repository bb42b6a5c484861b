#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The rooms of tests/lint/rooms: a file includes, and its object calls, only what lies in rooms that its own may use; and a file
# includes the header of everything that it calls, instead of having it by way of another. That the front end sees nothing but
# backend/include is the compiler's include path.
. tests/lint/files

B=${B:-build/release}
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
sources() {
	files 'backend/*.[ch]' 'tui/*.[ch]'
}

# room_of: backend/ROOM/x.c, backend/include/ROOM/x.h, tui/ROOM/x.c; tui/main.c has none. Lines "MAY room other" come first.
# shellcheck disable=SC2016 # it is awk's
ROOM='function room_of(path, part, n) {
	n = split(path, part, "/")
	return part[1] == "backend" && part[2] == "include" ? part[3] : n > 2 ? part[2] : ""
}
$1 == "MAY" { may[$2, $3] = 1; next }
function barred(from, to) { return from != "" && to != "" && from != to && !((from, to) in may) }
'
sed -n 's/^\([a-z]*\):/\1/p' tests/lint/rooms | while read -r room others; do
	for other in $others; do
		echo "MAY $room $other"
	done
done >"$WORK/may"
grep -v '^#' tests/lint/rooms | awk -F '[: ]+' '{
	for (i = 2; i <= NF; i++)
		if ($i != "" && !($i in above)) print $1 ": " $i
	above[$1] = 1
}' | fault 'A row of tests/lint/rooms names a room that has no row above it:'

files '*.[ch]' | xargs grep -n '#include "\.\./' | fault 'Headers are found along the include path, not by "../":'
files 'backend/*.[ch]' | xargs grep -nE '#include [<"](curses|ncurses|ncursesw/|panel|form|menu|vterm)' |
	fault 'The backend knows no screen:'
sources | while read -r file; do
	room=${file#*/}
	room=${room#include/}
	grep -q "^${room%%/*}:" tests/lint/rooms || [ "$file" = tui/main.c ] || echo "$file"
done | fault 'A file lies in no room (tests/lint/rooms):'

sed -n 's/^\([a-z]*\):.*/\1/p' tests/lint/rooms | while read -r room; do
	[ -s "backend/$room/README" ] || [ -s "tui/$room/README" ] || echo "$room"
done | fault 'A room has no README that says what it knows and what it must not:'

# A document that leads to a file leads to one that is there (X and NAME stand for any name).
files '*.md' 'share/*' | xargs grep -noIE '\b(backend|tui)/[a-zA-Z0-9_/*]+\.[ch]\b' | while IFS=: read -r file line path; do
	# shellcheck disable=SC2046 # it is a pattern
	set -- $(echo "$path" | sed 's/X/*/')
	[ -e "$1" ] || echo "$file:$line: $path"
done | fault 'A path in a document leads nowhere:'

# Lines "FILE ROOM/HEADER" of all includes.
sources | xargs grep -oE '^#include "[^"]*"' | sed 's/:#include "/ /; s/"$//' >"$WORK/includes"
awk '$2 !~ /\// { print $1 ": " $2 }' "$WORK/includes" | fault 'An include does not name its room:'
awk "$ROOM"'{ to = $2; sub(/\/.*/, "", to) } barred(room_of($1), to) { print $1 " includes " $2 }' "$WORK/may" "$WORK/includes" |
	fault 'A file includes a header of a room that its own may not use (tests/lint/rooms):'

# Lines "FILE SYMBOL" of what objects define and need, from those that belong to a source of today.
sources | sed -n "s|\(.*\)\.c\$|$B/\1.o|p" | xargs nm -A -g 2>"$WORK/missing" |
	awk -v b="$B/" '{ split($1, name, ":"); file = substr(name[1], length(b) + 1); sub(/\.o$/, ".c", file) }
		$NF != "" { print ($(NF - 1) == "U" ? "NEEDS" : "GIVES"), file, $NF }' >"$WORK/symbols"
fault 'Objects are missing (the build comes first):' <"$WORK/missing"
awk "$ROOM"'
NR != FNR && $1 == "GIVES" { at[$3] = $2; next }
NR != FNR && $1 == "NEEDS" { file[++n] = $2; symbol[n] = $3 }
END {
	for (i = 1; i <= n; i++)
		if (symbol[i] in at && barred(room_of(file[i]), room_of(at[symbol[i]])))
			print file[i] " calls " symbol[i] " of " at[symbol[i]]
}' "$WORK/may" "$WORK/symbols" | fault 'A file calls into a room that its own may not use (tests/lint/rooms):'

# Lines "DECLARES ROOM/HEADER SYMBOL".
sources | grep '\.h$' | xargs ctags -x --c-kinds=px -o - --_xformat='%F %N' |
	sed 's|^backend/include/||; s|^backend/||; s|^tui/||; s|^|DECLARES |' >"$WORK/declared"
awk '
$1 == "DECLARES" { header[$3] = $2; next }
$1 == "NEEDS" { if ($3 in header) wants[$2, header[$3]] = $3; next }
$1 == "GIVES" { next }
{ delete wants[$1, $2] }
END {
	for (pair in wants) {
		split(pair, name, SUBSEP)
		print name[1] ": " name[2] " (" wants[pair] ")"
	}
}' "$WORK/declared" "$WORK/symbols" "$WORK/includes" | sort | fault 'A file does not include the header of what it calls:'
finish
