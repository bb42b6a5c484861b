#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One rule for every way to build: unsaved choices are built as shown, the screen says so, and only saving writes the file.
# While a build goes on with other choices, that is said, and another one waits for it or ends it.
# shellcheck disable=SC2034 # the world reads it
PACE=1
. tests/fake/world
world_make
profile mine <<-END
	summary = Mine
	hostname = first
END
unchanged() {
	grep -q 'hostname = first' "$WORLD/config/bootsmith/profiles/mine.profile" || fail "the profile was written"
}

# b in the tree, 4 and 5 of the start screen: the same. An empty cache each time: a build of parts that are there is over before
# anybody has read that it goes on.
for keys in b "Esc Esc 4"; do
	[ ! -e "$WORLD/cache" ] || chmod -R u+w "$WORLD/cache"
	rm -rf "$WORLD/cache" "$WORLD/here/out"
	play <<-END
		size 80x24
		start
		wait "? Help"
		keys 3
		wait "mine"
		keys g Enter
		wait "mine is open"
		keys 2
		wait "row 1/7"
		keys / "host name" Enter
		wait "Host name"
		keys Enter
		wait "F1 Help"
		keys C-u "second" Enter
		wait "*unsaved: 1"
		keys $keys
		wait "building mine *unsaved: 1"
		row -2 has "Built as shown, with 1 unsaved choice; only s (Save) writes the file."
		deadline 60
		wait "built mine *unsaved: 1"
		keys q
		wait "hostname  first -> second"
		keys n
		exit 0
	END
	unchanged
	grep -q 'hostname *= second' "$WORLD/here/out/mine/profile" || fail "built without the choice: $keys"
done

# Another version of the kernel, so that there is something to do; b again with another name while that goes on.
changed() { # ANSWER HOSTNAME
	chmod -R u+w "$WORLD/cache" && rm -rf "$WORLD/cache" "$WORLD/here/out"
	play <<-END
		start
		wait "? Help"
		keys 3
		wait "mine"
		keys g b
		wait "building mine"
		lacks "unsaved"
		keys Esc 2
		wait "row 1/7"
		keys / "host name" Enter
		wait "Host name"
		keys Enter
		wait "F1 Help"
		keys C-u "third" Enter
		wait "*unsaved: 1"
		keys b
		wait "A build of mine is going on already, and with other choices"
		has "first -> third"
		cursor-on "Queue"
		resize 40x10
		cursor-on "Queue"
		resize 80x24
		keys Esc
		lacks "going on already"
		keys b
		wait "going on already"
		keys w
		wait "building mine"
		lacks "unsaved"
		keys Esc b
		wait "going on already"
		keys $1
		row -2 has "$2"
		deadline 60
		wait "built mine *unsaved: 1"
		keys q n
		exit 0
	END
	unchanged
	grep -q 'hostname *= third' "$WORLD/here/out/mine/profile" || fail "the new choices were not built"
	set -- "$WORLD"/cache/run/*/events
	[ $# = 2 ] || fail "$# builds"
}
changed q "The build with the new choices begins when this is done."
changed r "Ending it. The build with the new choices follows."
grep -lq '"cancelled"' "$WORLD"/cache/run/*/events || fail "the first build was not ended"
nobody_left

# The same choices again are no news: the build that goes on is shown.
chmod -R u+w "$WORLD/cache" && rm -rf "$WORLD/cache" "$WORLD/here/out"
play <<-END
	start
	wait "? Help"
	keys 3
	wait "mine"
	keys g b
	wait "building mine"
	keys Esc 4
	wait "building mine"
	lacks "going on already"
	deadline 60
	wait "built mine"
	keys q
	exit 0
END
nobody_left
