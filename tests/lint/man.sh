#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages have no fault, and those that are made from the tables say what the tables say today, as completions do.
. tests/lint/files
needs_tool mandoc
files '*' | grep -E '^share/man/.*\.[1-8]$' | while read -r page; do
	mandoc -Tlint -Wwarning "$page" 2>&1
done | fault 'mandoc has something to say:'
if [ -x share/man/generate ]; then
	made() {
		cat share/man/*.[1-8] share/completion/*bootsmith* | sha256sum
	}
	before=$(made)
	share/man/generate || echo "status $?" | fault 'share/man/generate failed:'
	[ "$before" = "$(made)" ] ||
		echo 'run: make man' | fault 'Generated manual pages or completions were not current (they are now):'
fi
finish
