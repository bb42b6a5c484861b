#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the house rules forbid and a pattern can see.
. tests/lint/files

sources() {
	files '*.[ch]' | grep -v '/banned\.h$'
}

# Strings and comments may speak of anything: they are blanked out before looking.
code() {
	sources | while read -r name; do
		awk -v name="$name" '{
			line = $0
			gsub(/\\./, "", line)
			gsub(/"[^"]*"/, "\"\"", line)
			gsub(/\/\*[^*]*\*\//, "", line)
			if (line ~ /^[ \t]*\/?\*/) line = ""
			sub(/\/\*.*/, "", line)
			print name ":" NR ": " line
		}' "$name"
	done
}

CODE=$(mktemp)
trap 'rm -f "$CODE"' EXIT
code >"$CODE"
grep -E '[^a-z_](strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|gets|system|popen|alloca|mktemp|tmpnam)\(' "$CODE" |
	fault 'Banned functions (text.h and proc.h have better ones):'
grep -E '^[^:]*:[0-9]+: .*//' "$CODE" | fault 'Comments are written /* like this */:'
grep -E 'typedef (struct|enum|union)' "$CODE" | fault 'No typedef for structs and enums:'
grep -E '^backend/.*[^a-z_](printf|puts|putchar|perror|exit|err|errx)\(' "$CODE" |
	fault 'The backend prints nothing and never exits (an action that reports into its log uses dprintf):'
sources | xargs grep -nE '\b(TODO|FIXME|XXX)\b' | fault 'Open ends are issues, not comments:'
grep -E '[^a-z_](sleep|usleep|nanosleep)\(' "$CODE" | grep '^tests/' | fault 'Tests wait for a condition, never for a time:'
grep -E '[^a-z_]((assert|expect)_(not_)?in_(range|set)|expect_check|will_return_(count|always|maybe))\(' "$CODE" |
	fault 'Newer releases of cmocka warn of these, which ends a build with -Werror:'
sources | while read -r name; do
	head -n 1 "$name" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || echo "$name"
done | fault 'The first line names the licence (SPDX):'

# A fault of ours in shell: a recipe or style that needs more than one shell line should become an action.
grep -rhoE '^(sh|[a-z-]+\.sh) *=' share/recipes share/styles 2>/dev/null | fault 'No shell lines in recipes and styles:'
finish
