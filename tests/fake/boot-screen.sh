#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A test boot on the screen: a key that comes before the verdict is told to wait, and once there is one nothing says so any more;
# a check that could not be made looks like one;
# a guest that is switched off is seen to be gone.
. tests/fake/world
world_make
guest_make
mkdir -p "$WORLD/data/share/checks"
cat >"$WORLD/data/share/checks/odd.check" <<-'END'
	[check odd]
	order  = 55
	run    = :
	pass   = it went well
	fail   = it went wrong
	cause  = x
	remedy = y
	skip   = this machine has nothing to try it with
END
cat >>"$WORLD/data/share/machines/x86_64.machine" <<-'END'
	forward = ssh
	hint    = door -p {port.ssh}
END
scenario holds
mkfifo "$WORLD/here/out/guest/go"
{
	to_first_check guest
	cat <<-END
		keys Enter
		row -2 has "The checks are still running"
		sh ": >$WORLD/here/out/guest/go"
		wait "PASS"
		lacks "still running"
		row 1 has "10 of 11 checks ok, 1 not tested"
		has "--   odd"
		has "odd was not tested: this machine has nothing to try it with"
		has "reach it: door -p "
		row -2 has "The system passed its test and is running. Enter lets you type to it."
		# what is wanted most then fits into 80 columns
		row -1 has "x Power off"
		# what the test typed keeps out of sight, and one prompt is left; the log has all of it
		lacks "begin;"
		lacks "bs-"
		# the console alone, as large as the window; the guest's shell is told its size
		keys z
		lacks "odd was not tested"
		row -1 has "? Help"
		keys z
		has "odd was not tested"
		keys z Enter
		row -2 has "KEYS GO TO THE SYSTEM"
		until-sh "grep -rqs 'stty rows 22 cols 80;' $WORLD/here $WORLD/state $WORLD/cache"
		lacks "stty"
		keys C-] z
		has "odd was not tested"
		row -2 has "KEYS GO TO THE SYSTEM"
		# Esc from the help of the keys after Ctrl-] goes back to typing, too: the next Ctrl-] is a first one
		keys C-] ?
		wait "booted system, after Ctrl-]"
		keys Esc
		row -2 has "KEYS GO TO THE SYSTEM"
		keys C-] Esc
		row -2 has "KEYS GO TO THE SYSTEM"
		keys C-] x
		wait "r Retry"
		# what the row of keys offers can be done: to a machine that is off nobody types
		lacks "Type to it"
		lacks "Power off"
		lacks "Ending the booted system"
		lacks "reach it"
		row -2 has "The system passed its test."
		keys q
		exit 0
	END
} | play
nobody_left

# The grid grows on the screen, in small windows without the files; what is left out says why. It begins while the guest of the
# last boot is still kept.
cat >>"$WORLD/data/share/machines/x86_64.machine" <<-'END'
	[medium good]
	title = good disk
	file = slab
	[medium bad]
	title = bad disk
	file = slab
	arg = --scenario panic
END
scenario pass
play <<-'END'
	size 80x24
	start
	wait "? Help"
	keys 3
	wait "guest"
	keys g
	cursor-on "guest"
	keys b
	deadline 30
	wait "built guest"
	keys b
	wait "type to it"
	keys g
	wait "1 FAILED"
	lacks "c Cancel"
	row 0 has "test grid guest"
	has "2 of 3 passed, 1 FAILED"
	has "bad disk           slab"
	resize 40x10
	has "medium        direct  BIOS    UEFI"
	row -2 has "2 of 3 passed, 1 FAILED"
	resize 80x24
	keys Down Down
	has "BIOS, bad disk, slab: "
	has "UEFI, bad disk, slab: this virtual machine has no UEFI firmware"
	keys Enter
	wait "Kernel panic"
	keys Esc
	keys q
	exit 0
END
nobody_left
