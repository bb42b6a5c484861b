#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Forecasts: what never ran here is counted by figures measured elsewhere, what ran here by that, and how sure that is stands with
# it; while a build runs the time left is shown, and no bar is full before its step ends.
# shellcheck disable=SC2034 # the world reads it
PACE=0.3
. tests/fake/world
world_make
HISTORY=$WORLD/state/bootsmith/history

mkdir -p "$WORLD/data/share/measured"
cat >"$WORLD/data/share/measured/world.steps" <<-END
	step = tool.build 10 0 0 1000
	step[kernel-config=tiny] = linux.build 1200 5 0 1000
	step[kernel-config=vm] = linux.build 12000 50 0 1000
END
profile small <<-END
	kernel-config = tiny
	image = initramfs
END
expect 0 plan small --offline
says stdout ", time about "
says stdout " min"
says stdout "as measured elsewhere, for what ran here says nothing yet"
grep -q 'not known' "$WORLD/stdout" && fail "a step of which nothing is known"
expect 0 plan small --offline --json
grep -q '"id":"linux.build",.*"seconds":[0-9.]*,"cpu_seconds":1200.0,.*"known":"measured"' "$WORLD/stdout" || fail "no estimate for linux.build"
grep -q '"seconds_least":[0-9.]*,"seconds_most":[0-9.]*' "$WORLD/stdout" || fail "no doubt in the forecast"
small=$(sed 's/.*"forecast".*"seconds":\([0-9]*\).*/\1/' "$WORLD/stdout")
expect 0 set small kernel-config=vm
expect 0 plan small --offline --json
vm=$(sed 's/.*"forecast".*"seconds":\([0-9]*\).*/\1/' "$WORLD/stdout")
[ "$vm" -gt $((small * 5)) ] || fail "the larger kernel takes $vm s, the smaller one $small"
expect 0 set small kernel-config=tiny

# A table that cannot be read is said by its line.
echo 'step = linux.build soon' >"$WORLD/data/share/measured/wrong.steps"
expect 6 plan small --offline
says stderr "wrong.steps:1: a figure is STEP CPU OBJECTS SYMBOLS BYTES"
rm "$WORLD/data/share/measured/wrong.steps"

# It is told when the build starts, and is known from then on; the first lines of the history are those of an older program.
expect 0 build small --plain
says stdout " to run, about "
sed 's/^\([^ ]* [^ ]* [^ ]* [^ ]* [^ ]* [^ ]*\).*/\1/' "$HISTORY" >"$WORLD/older" && cp "$WORLD/older" "$HISTORY"
echo 'CONFIG_WORLD=y' >"$WORLD/config/bootsmith/profiles/x.config"
expect 0 set small kernel-fragment=x.config
expect 0 plan small --offline
says stdout "3 as they ran here before"

# Half as fast as where the figures are from: so will the kernel be that another profile has.
echo "tool.build other 30 0 0 1 20 0" >>"$HISTORY"
profile larger <<-END
	image = initramfs
END
expect 0 plan larger --offline --json
grep -q '"id":"linux.build",.*"cpu_seconds":24000.0,.*"known":"measured"' "$WORLD/stdout" || fail "the kernel is not scaled"
expect 0 plan larger --offline
says stdout "as measured elsewhere, scaled to this machine"
sed -i '$d' "$HISTORY"

# Another configuration than the last one, which had fewer objects: nothing is full and goes on.
sed 's/^\(linux.build [^ ]* [^ ]*\) [0-9]*/\1 5/' "$WORLD/older" >"$HISTORY"
build small
grep '"event":"progress","step":"linux.build"' "$WORLD/stdout" >"$WORLD/progress" || fail "no progress"
grep -q '"total":[1-9]' "$WORLD/progress" || fail "no estimate of the objects"
sed 's/.*"done":\([0-9]*\),"total":\([0-9]*\).*/\1 \2/' "$WORLD/progress" | awk '$2 && $1 >= $2 { exit 1 }' ||
	fail "a bar was full before its step ended"

# On the screen: how long it may take.
expect 0 set small kernel-fragment= kernel-config=vm
play <<-'END'
	start
	wait "small"
	keys 4
	wait "building small"
	wait " left:"
	deadline 60
	wait "built small"
	lacks " left:"
	keys q
	exit 0
END

# The review of the guided setup says it before anything is built, in words and in the small window's one row.
play <<-'END'
	start
	wait "small"
	keys 1
	wait "step 1 of"
	keys s
	wait "Review"
	wait "Building takes a few seconds"
	resize 40x10
	row -2 has "Building takes a few seconds"
	resize 80x24
	signal TERM
END
nobody_left
