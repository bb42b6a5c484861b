#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two screens at once know of each other: the safety copy of one that lives is not offered to the other, that a profile is open
# twice is said, and a file that changed since it was read is not saved over without a question that shows the difference.
. tests/fake/world
world_make
printf 'network = dhcp\nhostname = first\n' | profile mine
file=$WORLD/config/bootsmith/profiles/mine.profile

# The first one changes a choice and stays until it is told to go.
{
	play <<-END
		start
		wait "? Help"
		keys 3
		wait "mine"
		keys g Enter
		wait "mine is open"
		lacks "another bootsmith"
		keys 2
		wait "row 1/7"
		keys / "host name" Enter
		wait "Host name"
		keys Enter
		wait "F1 Help"
		keys C-u "second" Enter
		wait "*unsaved: 1"
		sh ": >$WORLD/changed"
		deadline 60
		until-sh "test -e $WORLD/go"
		keys s
		wait "was changed by another program"
		has "network  dhcp -> none"
		cursor-on "Save mine under another name"
		keys c
		wait "*unsaved: 1"
		resize 40x10
		keys s
		wait "Save mine under another name"
		keys c
		resize 80x24
		keys s r
		wait "Read again"
		lacks "unsaved"
		keys u
		wait "Nothing to undo"
		keys Enter
		wait "F1 Help"
		keys C-u "third" Enter
		wait "*unsaved: 1"
		sh "echo '# a comment' >>$file"
		keys s
		wait "Only its comments"
		keys o
		wait "Saved as"
		lacks "unsaved"
		keys q
		exit 0
	END
} &
first=$!
until_true 30 test -e "$WORLD/changed" || fail "the first screen changed nothing"
mv "$WORLD/script" "$WORLD/script.first"
play <<-END
	start
	wait "? Help"
	lacks "ecover"
	keys 3
	wait "mine"
	keys g Enter
	wait "is open in another bootsmith, too"
	keys 2
	wait "row 1/7"
	keys / "network set-up" Enter
	wait "Network set-up"
	keys Enter
	wait "none"
	keys Down Down Enter
	wait "*unsaved: 1"
	keys s
	wait "Saved as"
	keys q
	exit 0
END
grep -q 'network *= none' "$file" || fail "the second screen did not save"
set -- "$WORLD"/state/bootsmith/recovery/*.unsaved
[ -e "$1" ] || fail "the safety copy of the first screen is gone"
: >"$WORLD/go"
wait $first || fail "the first screen"
grep -q 'hostname *= third' "$file" || fail "not saved"
grep -q 'network *= none' "$file" || fail "the other one's save is lost"
set -- "$WORLD"/state/bootsmith/recovery/*
[ ! -e "$1" ] || fail "left: $*"
nobody_left
