#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Test boots from the command line, of guests that are played: building first where needed, the verdict as status, text and JSON,
# and nothing left afterwards. (What the verdicts are made of is tested by tests/unit/boot/boot_test.c.)
. tests/fake/world
world_make
guest_make

boots() { # STATUS VERDICT SCENARIO [FLAGS...]
	wanted=$1
	verdict=$2
	scenario "$3"
	shift 3
	expect "$wanted" boot guest --json --accel tcg "$@"
	"$BIN/lib/jsonlines" boot <"$WORLD/stdout" || fail "the JSON lines are not what the contract says"
	tail -n 1 "$WORLD/stdout" | grep -q "\"verdict\": *\"$verdict\"" || fail "not the verdict $verdict"
	[ -s "$WORLD/here/out/guest/serial.log" ] || [ "$verdict" != pass ] || fail "no serial.log"
	[ -s "$WORLD/here/out/guest/verdict.json" ] || fail "no verdict.json"
	nobody_left
}

# The first one builds: results are published beside the scenario.
boots 0 pass pass
[ -s "$WORLD/here/out/guest/vmlinuz" ] || fail "boot did not build"
boots 0 pass noisy
boots 4 fail wrong
boots 4 fail panic
tail -n 1 "$WORLD/stdout" | grep -q '"cause": *"[^"]' || fail "a panic without a cause"
boots 5 timeout silent --timeout 3
boots 5 timeout stuck --timeout 3
# The verdict knows what was appended.
boots 5 timeout silent --timeout 3 --append console=tty0
tail -n 1 "$WORLD/stdout" | grep -q '"id": *"console-appended".*console=tty0' || fail "what was appended is not named as the cause"

# The least memory that is enough is found to the megabyte; the boot that follows has it.
boots 0 pass hungry --smallest-memory
grep -q '"event": *"smallest-memory", *"mib": *37,' "$WORLD/stdout" || fail "37 MiB were not found"
scenario panic
expect 4 boot guest --json --accel tcg --smallest-memory
grep -q 'smallest-memory' "$WORLD/stdout" && fail "a size was found although none is enough"
expect 2 boot guest --json --smallest-memory --interactive

# As text: the verdict is a word, the cause a sentence.
scenario panic
expect 4 boot guest --plain --accel tcg
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
grep -qi fail "$WORLD/all" || fail "the text does not say that it failed"

# A check that cannot be made here is neither passed nor failed, and nothing says that it is.
untested() {
	mkdir -p "$WORLD/data/share/checks"
	printf '[check %s]\norder = 55\nrun = :\npass = it went well\nfail = it went wrong\ncause = x\nremedy = y\nskip = %s\n' \
		odd 'this machine has nothing to try it with' >"$WORLD/data/share/checks/odd.check"
}
untested
boots 0 pass pass
grep -qE '"name": *"odd", *"ok": *null, *"detail": *"this machine has nothing' "$WORLD/stdout" ||
	fail "the check does not tell that it was not made"
grep -qE '"untested": *\[\{"name": *"odd", *"detail": *"this machine has nothing' "$WORLD/stdout" ||
	fail "the verdict does not tell what was not tested"
scenario pass
expect 0 boot guest --plain --accel tcg
says stdout 'check odd: NOT TESTED, this machine has nothing to try it with'
says stdout 'check hostname: ok'
grep -qE '^ *untested +odd$' "$WORLD/stdout" || fail "the verdict hides what was not tested"
rm "$WORLD/data/share/checks/odd.check"

# A grid: each medium plays a guest of its own; what cannot be started is in it with its reason.
cp "$WORLD/data/share/machines/x86_64.machine" "$WORLD/machine"
cat >>"$WORLD/data/share/machines/x86_64.machine" <<-'END'
	[medium good]
	title = good disk
	file = slab
	arg = --scenario pass
	[medium bad]
	file = slab
	size = power-of-two
	size[libc!=host] = +1
	arg = --scenario panic --file {medium-file}
	[medium old]
	file = slab
	refuse[libc=host] = it is too old
	[medium none]
	lack = add something
END
scenario pass
expect 4 boot guest --json --accel tcg --grid
"$BIN/lib/jsonlines" boot <"$WORLD/stdout" || fail "the JSON lines of the grid are not what the contract says"
tail -n 1 "$WORLD/stdout" | grep -q '"passed":2,"failed":1,"timeout":0' || fail "not two passes and a failure"
[ "$(grep -c '"event":"verdict"' "$WORLD/stdout")" = 3 ] || fail "not a verdict for each boot"
grep -q '"verdict":"fail".*"firmware":"bios".*"medium":"bad"' "$WORLD/stdout" || fail "the failed cell is not named"
grep -q '"why": "it is too old"' "$WORLD/here/out/guest/grid.json" || fail "grid.json hides what was left out"
[ -s "$WORLD/here/out/guest/grid/bios-bad.log" ] || fail "the failed boot has no log of its own"
[ -z "$(find "$WORLD/cache/run" -name medium)" ] || fail "the copy of a medium was left behind"
nobody_left
expect 0 boot guest --plain --accel tcg --grid --medium good
grep -q '^good disk  *slab  *\(ok\|✓\) .* s  *-$' "$WORLD/stdout" || fail "no row with a tick and a dash"
says stdout '- good disk: this virtual machine has no UEFI firmware'
says stdout 'grid: 1 of 1 passed'
expect 2 boot guest --json --accel tcg --grid --medium odd
says stderr '--medium is auto, kernel, good, bad, old, none'
expect 2 boot guest --json --accel tcg --medium old
says stderr 'it is too old'
expect 0 boot guest --json --accel tcg --medium good
expect 4 boot guest --json --accel tcg --medium bad
sed -i 's/scenario panic/scenario silent/' "$WORLD/data/share/machines/x86_64.machine"
expect 5 boot guest --plain --accel tcg --grid --firmware bios --timeout 3
says stdout '1 of 2 passed, 1 timed out'
# Ctrl-C ends the whole grid.
rm -f "$WORLD/here/out/guest/pid"
scenario silent
(become "$BOOTSMITH" boot guest --json --accel tcg --grid) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
window=$!
until_true 10 test -s "$WORLD/here/out/guest/pid" || fail "the grid did not start"
kill -INT $window
wait $window
status=$?
[ $status = 130 ] || fail "status $status, not 130, after SIGINT"
nobody_left
mv "$WORLD/machine" "$WORLD/data/share/machines/x86_64.machine"

# What cannot be had is said before anything runs.
scenario pass
expect 2 boot guest --plain --accel tcg --forward 80
says stderr '--forward takes HOST:GUEST'
expect 2 boot guest --plain --accel tcg --forward 70000:80
expect 2 boot guest --plain --accel tcg --screenshot /nowhere/at/all.png
(unset DISPLAY WAYLAND_DISPLAY && expect 7 boot guest --plain --accel tcg --display window) || exit 1
expect 2 boot guest --json --accel tcg --gdb
expect 0 boot guest --plain --accel tcg --forward 18085:80
says stdout '127.0.0.1:18085 of this machine leads to port 80 of the guest'

# The kernel's symbols are named to a debugger's person, from the stage of the kernel that was built, as long as that is there.
cp "$WORLD/data/share/machines/x86_64.machine" "$WORLD/machine"
cat >>"$WORLD/data/share/machines/x86_64.machine" <<-'END'
	symbols = vmlinux.debug
	announce[gdb=yes, symbols=yes] = symbols: {symbols-file}
	announce[gdb=yes, symbols=no]  = no symbols
END
expect 0 boot guest --plain --accel tcg --gdb
symbols=$(sed -n 's/.*symbols: //p' "$WORLD/stdout")
[ "${symbols#"$WORLD"/cache/stage/linux-}" != "$symbols" ] || fail "these symbols: $symbols"
chmod -R u+w "$WORLD"/cache/stage/linux-*
rm "$symbols" || fail "there are none"
expect 0 boot guest --plain --accel tcg --gdb
says stdout 'no symbols'
mv "$WORLD/machine" "$WORLD/data/share/machines/x86_64.machine"

# Ctrl-C while it boots: the guest is gone, the status says why.
scenario silent
rm "$WORLD/here/out/guest/pid"
(become "$BOOTSMITH" boot guest --json --accel tcg) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
window=$!
until_true 10 test -s "$WORLD/here/out/guest/pid" || fail "the guest did not start"
kill -INT $window
wait $window
status=$?
[ $status = 130 ] || fail "status $status, not 130, after SIGINT"
nobody_left
