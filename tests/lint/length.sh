#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No function over 80 lines, no source over 600. Code ends at column 100 (the formatter sees to that), comments at 130. What stands
# in a string literal does not count, because a sentence is found by its words: it is torn nowhere but behind a full stop.
. tests/lint/files
needs_tool ctags

files '*.c' | while read -r file; do
	ctags -x --c-kinds=f --fields=+e -o - --_xformat='%N %n %{end}' "$file" 2>/dev/null |
		awk -v file="$file" '$3 - $2 + 1 > 80 { print file ":" $2 ": " $1 " has " $3 - $2 + 1 " lines" }'
done | fault 'Functions over 80 lines:'
files '*.c' '*.h' '*.sh' | xargs wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' | fault 'Files over 600 lines:'
files '*.[ch]' | while read -r file; do
	expand "$file" | awk -v file="$file" 'length > 130 && gsub(/"([^"\\]|\\.)*"/, "\"\"") + 1 && length > 130 { print file ":" NR ": " length " columns" }'
done | fault 'Lines over 130 columns:'
files '*.[ch]' | while read -r file; do
	awk -v file="$file" '
	/^[ \t]*"/ && last ~ /"$/ && last !~ /(\\n|\\x[0-9a-f]+|[^.][.?!] )"$/ { print file ":" NR ": " $0 }
	{ last = $0 }' "$file"
done | fault 'A string literal is torn in the middle of a sentence:'
[ "$(wc -l <Makefile)" -le 140 ] || echo Makefile | fault 'The Makefile has more than 140 lines:'
finish
