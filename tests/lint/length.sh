#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No function over 80 lines, no source over 600. Code ends at column 100 (the formatter sees to that), comments at 130.
. tests/lint/files
needs_tool ctags

files '*.c' | while read -r file; do
	ctags -x --c-kinds=f --fields=+e -o - --_xformat='%N %n %{end}' "$file" 2>/dev/null |
		awk -v file="$file" '$3 - $2 + 1 > 80 { print file ":" $2 ": " $1 " has " $3 - $2 + 1 " lines" }'
done | fault 'Functions over 80 lines:'
files '*.c' '*.h' '*.sh' | xargs wc -l | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines" }' | fault 'Files over 600 lines:'
files '*.[ch]' | while read -r file; do
	expand "$file" | awk -v file="$file" 'length > 130 { print file ":" NR ": " length " columns" }'
done | fault 'Lines over 130 columns:'
[ "$(wc -l <Makefile)" -le 140 ] || echo Makefile | fault 'The Makefile has more than 140 lines:'
finish
