#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A debugger, by the command that is printed for it: it finds first-boot's guest at its first instruction, stops it in a function
# of the kernel, and lets it go.
. tests/boot/common
command -v gdb >/dev/null || { echo "gdb is not installed" && exit 77; }
smith new debugged --from first-boot || fail "no copy of first-boot"
built debugged

(cd "$HERE" && exec env HOME="$HERE" XDG_CONFIG_HOME="$HERE/config" XDG_STATE_HOME="$HERE/state" "$BOOTSMITH" boot debugged \
	--plain --accel tcg --gdb --timeout 180) >"$HERE/debugged" 2>&1 </dev/null &
guest=$!
end=$(($(date +%s) + 60))
until attach=$(sed -n 's/.*the guest waits for its debugger: //p' "$HERE/debugged") && [ "$attach" ]; do
	[ "$(date +%s)" -le $end ] || fail "no command for the debugger: $(cat "$HERE/debugged")"
	sleep 0.1
done
cat >"$HERE/words" <<-'END'
	set tcp auto-retry on
	set pagination off
END
# what a person types after the printed command
cat >"$HERE/typed" <<-'END'
	info registers rip
	hbreak kernel_init
	continue
	bt 2
	x/s &linux_banner
	delete
	detach
	quit
END
HOME=$HERE sh -c "$(echo "$attach" | sed "s|^gdb |gdb -nx -q -batch -ix '$HERE/words' |") -x '$HERE/typed'" >"$HERE/gdb" 2>&1
cat "$HERE/gdb"
grep -q '^rip  *0xfff0' "$HERE/gdb" || fail "the guest did not wait"
grep -q '^Breakpoint 1, .* in kernel_init ()' "$HERE/gdb" || fail "it did not stop in the kernel"
grep -q '^#1 .* in ret_from_fork' "$HERE/gdb" || fail "it is not known from where"
grep -q '"Linux version 6\.12' "$HERE/gdb" || fail "variables are elsewhere"
wait $guest || fail "the guest did not go on after the debugger: $(cat "$HERE/debugged")"
grep -q '^verdict: PASS' "$HERE/debugged" || fail "no verdict"
