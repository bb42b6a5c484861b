#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A bridge for one boot, in a network name space of the test's own: it is there while the guest runs and gone afterwards, also when
# the run is killed; and what is missing for a bridge that is there is told.
. tests/fake/world
if ! unshare -rn sh -c 'ip link add b0 type bridge && ip tuntap add t0 mode tap' 2>/dev/null; then
	echo "no bridge and tap can be made in a name space here"
	exit 77
fi
if [ "${1:-}" != inside ]; then
	rm -rf "$WORLD"
	exec unshare -rn "$0" inside
fi
world_make
guest_make
echo "announce[link=tap] = the guest will be {guest} on the bridge {bridge}" >>"$WORLD/data/share/machines/x86_64.machine"
bridges() {
	ip -o link show type bridge | wc -l
}
no_bridge() {
	[ "$(bridges)" = 0 ]
}

scenario pass
expect 0 boot guest --plain --accel tcg --bridge new
says stdout 'the guest will be 10.0.2.15 on the bridge bsm'
# the run is over a moment before its supervisor has cleared up
until_true 5 no_bridge || fail "the bridge is still there"

# While it runs; then killed with no chance to clean up.
rm "$WORLD/here/out/guest/pid"
scenario silent
smith boot guest --json --accel tcg --bridge new >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
until_true 10 test -s "$WORLD/here/out/guest/pid" || fail "the guest did not start"
[ "$(bridges)" = 1 ] || fail "there is no bridge"
[ "$(ip -o link show master "$(ip -o link show type bridge | sed 's/^[0-9]*: \([^:]*\):.*/\1/')" | wc -l)" = 1 ] ||
	fail "nothing is in the bridge"
ip -o -4 addr show | grep -q 'inet 10.0.2.2/24' || fail "this machine has no address on it"
parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$(cat "$WORLD/here/out/guest/pid")/status")
kill -KILL "$parent"
wait $!
until_true 5 no_bridge || fail "the bridge outlived its run"
nobody_left

# A bridge that is there: what is missing is said, and nothing runs.
expect 2 boot guest --plain --accel tcg --bridge br9
says stderr 'there is no bridge br9'
ip link add br9 type bridge
expect 7 boot guest --plain --accel tcg --bridge br9
expect 2 boot guest --plain --accel tcg --bridge br9 --forward 18085:80
