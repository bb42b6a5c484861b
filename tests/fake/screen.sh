#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds on the screen: Enter all the way builds; the window may be closed meanwhile and shows the build again; a failure has
# its card, from which one retries; what happened stays on the terminal after leaving.
# shellcheck disable=SC2034 # the world reads it
PACE=0.4
. tests/fake/world
world_make

# Closing the window ends nothing, and opening it again goes on showing.
play <<-'END'
	start
	wait "? Help"
	keys 4
	wait "building first-boot"
	wait "run"
	keys q
	wait "It goes on without this window"
	cursor-on "Leave it running"
	keys Enter
	exit 0
	restored
	has "goes on in the background"
	start
	wait "RUNNING"
	cursor-on "Last build or boot"
	keys Enter
	wait "building first-boot"
	deadline 60
	wait "built first-boot"
	wait "Done"
	has "ok"
	keys n
	wait "6.12"
	keys Esc
	lacks "notes of the build"
	keys Enter
	wait "# action"
	# n goes to the next place of what is looked for, N to the one before, also around the ends (mutation: N goes on like n)
	sh "find $WORLD -name '*.log' | while read -r log; do seq -f 'place %g.' 1 99 >>$log; done"
	keys Esc Enter
	wait "place 99."
	# the lines that are shown, not the one above which nothing was scrolled when it opened
	row 0 has "lines 8"
	keys g
	row 0 has "lines 1 to 18 of 1"
	keys / "place 5" Enter
	wait "place 5."
	row 3 has "place 5."
	keys n
	row 3 has "place 50."
	keys n N
	row 3 has "place 50."
	keys N
	row 3 has "place 5."
	keys N
	row 3 has "place 59."
	keys / C-u "nowhere" Enter
	wait "'nowhere' is not in this text."
	keys Esc q Esc q
	exit 0
	restored
	has "vmlinuz"
END
[ -s "$WORLD/here/out/first-boot/vmlinuz" ] || fail "nothing was built"

# A source that does not compile.
echo '# nothing to make' >"$WORLD/src/linux-6.1.100/rules.mk"
pack linux-6.1.100 "$WORLD/src"
rm "$WORLD/data/share/catalogue/linux"
offer linux 6.1 6.1.100
profile broken <<-END
	summary = Does not compile
	kernel  = 6.1
END
play <<-'END'
	start
	wait "? Help"
	keys 3
	wait "broken"
	cursor-on "first-boot"
	keys g
	cursor-on "broken"
	keys b
	deadline 60
	wait "BUILD FAILED"
	wait "No rule to make target"
	wait "Command"
	cursor-on "Full log"
	keys l
	wait "No rule to make target"
	keys Esc
	wait "BUILD FAILED"
	resize 40x10
	has "FAILED"
	resize 80x24
	keys r
	wait "BUILD FAILED"
	keys e
	wait "Options"
	keys Esc
	wait "BUILD FAILED"
	keys 5
	exit 0
	restored
	has "No rule to make target"
END

# attach opens the screen on the newest run, and ends with its status.
play <<-"END"
	start attach broken
	wait "BUILD FAILED"
	keys Esc
	wait "steps"
	keys q
	exit 3
	restored
END

# That no test boot can follow is said while it is being built. Cancelling asks, and ends it.
profile slow <<-END
	summary = Cancelled
	hostname = slow
	kernel-config = tiny
	image = tar
END
offer linux 6.12 6.12.9
play <<-'END'
	start
	wait "? Help"
	keys 3
	wait "slow"
	keys g Down
	cursor-on "slow"
	keys b
	wait "building slow"
	keys b
	wait "No test boot can follow"
	has "a virtual machine starts a kernel"
	keys Enter
	lacks "It will boot"
	wait "ok     "
	keys c
	wait "End this build?"
	cursor-on "No, go on"
	keys y
	deadline 60
	wait "BUILD CANCELLED"
	wait " steps done and kept"
	lacks "Ending the build"
	keys 4
	exit 0
	has "was cancelled"
END
# When it is done no boot is offered, but the reason why there is none.
play <<-'END'
	start
	wait "? Help"
	keys 3
	wait "slow"
	keys g Down
	cursor-on "slow"
	keys Enter Esc
	wait "not possible: slow: a virtual machine starts"
	keys 4
	deadline 60
	wait "built slow"
	wait "No test boot"
	has "a virtual machine starts a kernel"
	lacks "b boots it"
	keys q
	exit 0
END
# A newer run whose profile went away does not hide what was worked on last.
sed 's/^hostname.*//' "$WORLD/config/bootsmith/profiles/slow.profile" | profile gone
smith build gone --plain >/dev/null 2>&1 </dev/null
rm "$WORLD/config/bootsmith/profiles/gone.profile"
play <<-'END'
	start
	wait "? Help"
	row 0 has "bootsmith  slow"
	keys q
	exit 0
END
nobody_left
