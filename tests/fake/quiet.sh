#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# How much a build says: -q only what came of it, -v also what the programs of its steps printed.
. tests/fake/world
world_make

expect 0 build tiny -v
says stdout ': started'
says stdout '| '
expect 0 build tiny --plain
! grep -q '^| ' "$WORLD/stdout" || fail 'without -v programs are heard'
expect 0 set tiny hostname=other
expect 0 build tiny -q
! grep -q 'started\|: done' "$WORLD/stdout" || fail '-q tells steps'
[ -s "$WORLD/stdout" ] || fail '-q does not say what came of it'
[ ! -s "$WORLD/stderr" ] || fail '-q has something to say besides'

# A failure is what -q is silent for.
printf 'kernel = 6.1\nhostname = broken\noverlay = /nonexistent/folder\n' | profile broken
smith build broken -q >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null && fail 'that cannot be built'
grep -q 'nonexistent' "$WORLD/stdout" "$WORLD/stderr" || fail '-q hides why it failed'
nobody_left
