#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Commits are for readers: one topic, said in a line, and why in a body where the diff is large. Looked at is what came since
# $HISTORY_BASE, else since the newest tag, and never what is older than this rule.
. tests/lint/files

RULE=02b489c0893395babb7e7ba13c9c265373d9093d
SUBJECT=72 BODY=80
LARGE=200 # lines added and removed without a word why; moved files and what programs wrote do not count

skip() {
	rm -f "$FAULTS"
	echo "$1"
	exit 77
}

git rev-parse --git-dir >/dev/null 2>&1 || skip "there is no history here"
base=${HISTORY_BASE:-$(git describe --tags --abbrev=0 2>/dev/null || echo $RULE)}
for commit in "$base" $RULE; do
	git cat-file -e "$commit^{commit}" 2>/dev/null || skip "the history does not reach back to $commit"
done

git log --no-merges -M --numstat --format='%x01%H%n%B%x02' HEAD "^$base" ^$RULE |
	awk -v subject=$SUBJECT -v body=$BODY -v large=$LARGE '
function fault(what) { print substr(commit, 1, 9) ": " what }
function end_of_commit() {
	if (changed > large && !said) fault(changed " lines change, and no body says why")
}
/^\001/ { end_of_commit(); commit = substr($0, 2); line = changed = said = 0; message = 1; next }
/^\002/ { message = 0; next }
!message {
	if (NF > 2 && $3 !~ /^tests\/(golden\/.*\.golden|fuzz\/corpus\/)|^share\/man\/.*\.[1-8]$/) changed += $1 + $2
	next
}
{ line++ }
line == 1 && length > subject { fault("the subject has " length " characters: " $0) }
line == 1 && /;/ { fault("the subject joins topics: " $0) }
line == 2 && NF { fault("the second line is not empty: " $0) }
# what is quoted, an address or a trailer stays in one piece
line > 2 && length > body && / / && !/^(    |\t|>|[A-Za-z-]+: )/ { fault("a line has " length " characters: " $0) }
line > 2 && NF { said = 1 }
END { end_of_commit() }' | fault "Commits (at most $SUBJECT characters, one topic; a body in lines of at most $BODY says why):"
finish
