#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The jobserver: over all steps there are as many compilers at once as were asked for, not more and not fewer.
PACE=0.15
. tests/fake/world
world_make

most() { # how many compilers ran at once, by the lines they wrote
	awk '/^\+/ { if (++n > most) most = n } /^-/ { n-- } END { print most + 0 }' "$WORLD/trace"
}

with() { # JOBS: builds from nothing
	rm -f "$WORLD/trace"
	CACHE=$WORLD/cache-$1
	expect 0 build tiny --jobs "$1" --output "$WORLD/here/out-$1"
	unset CACHE
	grep -q 'jobserver' "$WORLD/stdout" && fail "make complains about its jobserver"
	[ "$(most)" = "$1" ] || fail "with --jobs $1 there were $(most) compilers at once"
}

with 1
with 3

# A make that says that it takes a path is given one, to that same pipe; this one hands on what it got to the real one.
mkdir -p "$WORLD/bin"
cat >"$WORLD/bin/make" <<-END
	#!/bin/sh
	case "\$*" in
	*FEATURES*) echo jobserver-fifo && exit ;;
	esac
	path=\${MAKEFLAGS#*--jobserver-auth=fifo:}
	[ "\$(readlink "\$path")" = "\$(readlink /proc/\$\$/fd/4)" ] && echo "\$path" >>"$WORLD/paths"
	export MAKEFLAGS="\${MAKEFLAGS%%fifo:*}4,5"
	exec $(command -v make) "\$@"
END
chmod +x "$WORLD/bin/make"
WORLD_PATH=$WORLD/bin:$PATH
chmod -R u+w "$WORLD"/cache-*
rm -rf "$WORLD"/cache-*
with 3
[ "$(grep -cE '^/proc/[0-9]+/+fd/4$' "$WORLD/paths")" -ge 4 ] || fail "make was not given the path of its pipe"
nobody_left
