#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a stage needs counts by what is in it: a point release of the kernel whose headers are the same makes the headers anew and
# nothing that is compiled against them, nor does a library that was made anew with the same bytes.
. tests/fake/world
world_make

# Kernels with the headers of a series, and two packages above them, one on the other.
# shellcheck disable=SC2016 # $(O) is for make
package() { # NAME VERSION FILE RULE...: a source tree whose Makefile makes $(O)/out/FILE
	at=$WORLD/src/$1-$2
	mkdir -p "$at"
	echo "$1" >"$at/$1.c"
	printf '.RECIPEPREFIX = >\npackage:\n> mkdir -p $(O)/out/%s && rmdir $(O)/out/%s\n' "$3" "$3" >>"$at/Makefile"
	file=$3
	[ "$1" = linux ] || version=$2
	shift 3
	printf '> %s >$(O)/out/%s\n' "$*" "$file" >>"$at/Makefile"
}
kernel() { # VERSION API
	tree linux "$1" "a b"
	package linux "$1" include/api.h "cat \$(CURDIR)/api.h"
	echo "int api_$2;" >"$WORLD/src/linux-$1/api.h"
	pack "linux-$1" "$WORLD/src"
}
kernel 9.8.1 old
kernel 9.8.2 old
kernel 9.8.3 new
offer linux 9.8 9.8.1 9.8.2 9.8.3
package libx 1.0 lib/libx "cat \$(CURDIR)/libx.c \$(API)"
package prog 1.0 bin/prog "cat \$(CURDIR)/prog.c \$(LIB)"
for name in libx prog; do
	pack $name-1.0 "$WORLD/src"
	offer $name 1.0 1.0
done
mkdir -p "$WORLD/data/share/styles"
printf 'make =\n[step build]\ntitle = compile\nrun = make -C {src} O={build} {make} package\nkeep = {build}/out {stage}\n' \
	>"$WORLD/data/share/styles/plain.style"
recipe() { # NAME SOURCE VERSION < LINES
	mkdir -p "$WORLD/data/share/recipes/$1"
	{ printf 'summary = %s\nsource = %s\nversion = %s\nstyle = plain\nlicence = MIT\n' "$1" "$2" "$3" && cat; } \
		>"$WORLD/data/share/recipes/$1/recipe"
}
# prog is compiled in a sysroot of both that it needs, the headers by way of libx
echo 'sysroot = yes' | recipe kheaders linux '{kernel}'
recipe libx libx 1.0 <<-'END'
	needs = kheaders
	sysroot = yes
	make  = API={kheaders.stage}/include/api.h
END
recipe prog prog 1.0 <<-'END'
	needs = libx
	make  = LIB={libx.stage}/lib/libx
	rootfs = bin -> /usr/bin
END

release() { # VERSION, then what becomes of kheaders, libx and prog
	printf 'kernel = %s\nhostname = tiny\n' "$1" | profile tiny
	build tiny
	happened "$2" "$3" "$4"
}
happened() {
	for name in kheaders libx prog; do
		grep -q "\"step\": *\"$name.build\", *\"result\": *\"$1\"" "$WORLD/stdout" ||
			fail "$name.build is not $1: $(grep "$name.build" "$WORLD/stdout")"
		shift
	done
}
note() { # how many the newest run took over
	set -- "$WORLD"/cache/run/*/events
	shift $(($# - 1))
	grep '"note"' "$1" | grep -c "is taken over from the cache: what it needs has the same content"
}

release 9.8.1 ok ok ok
[ "$(note)" = 0 ] || fail "taken over from an empty cache"
# another point release with the same headers: the plan cannot know yet that they are
printf 'kernel = 9.8.2\nhostname = tiny\n' | profile tiny
expect 0 plan tiny
grep -q '^will run *libx.build .*inputs changed: needs kheaders [0-9a-f]*; it is taken over if that comes out as it was' "$WORLD/stdout" ||
	fail "the plan says nothing of what may be"
release 9.8.2 ok cached cached
[ "$(note)" = 3 ] || fail "what was taken over is not told: $(note)"
expect 0 cache verify
# with other headers
release 9.8.3 ok ok ok
# back, to stages that are all there
release 9.8.2 cached cached cached
[ "$(note)" = 0 ] || fail "taken over although it is there"

# The headers are there, of the others only those of another release: the plan knows, and the build does what it said.
drop() { # PROFILE STEP...: their stages are gone
	for step in "$@"; do
		key=$(smith plan tiny --json 2>/dev/null | sed 's/{"id"/\n&/g' | sed -n "s/^{\"id\": *\"$step\".*\"key\": *\"\([0-9a-f]\{20\}\).*/\1/p")
		[ -n "$key" ] || fail "no key of $step"
		chmod -R u+w "$WORLD/cache/stage/${step%.*}-$key"
		rm -r "$WORLD/cache/stage/${step%.*}-$key"
	done
	rm -rf "$WORLD/here/out" "$WORLD"/cache/stage/initramfs*
}
drop libx.build prog.build
expect 0 plan tiny
grep -q '^cached *prog.build .*taken over from the cache' "$WORLD/stdout" || fail "the plan does not know of prog"
expect 0 why tiny prog.build
says stdout 'prog.build will not run: taken over from the cache: what it needs has the same content'
build tiny
happened cached cached cached
[ "$(note)" = 1 ] || fail "only prog is used: $(note)"
expect 0 cache verify

# kill -9 at any moment of a build that takes over: the next one goes on and gives the same.
whole=$(digest tiny)
SEED=${SEED:-$(date +%s)}
echo "SEED=$SEED"
for n in 1 2 3 4 5 6; do
	SEED=$(((SEED * 1103515245 + 12345) % 2147483648))
	drop libx.build prog.build
	smith build tiny --json >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
	sleep "0.$(printf %03d $((SEED / 65536 % 120 + 20)))" # not a wait for anything: the moment is drawn by chance
	victims=$(survivors)
	# shellcheck disable=SC2086 # one word a process
	[ -z "$victims" ] || kill -9 $victims 2>/dev/null
	wait
	nobody_left
	build tiny
	[ "$(digest tiny)" = "$whole" ] || fail "other images after kill $n"
	expect 0 cache verify
	[ -z "$(ls "$WORLD/cache/tmp")" ] || fail "left in tmp: $(ls "$WORLD/cache/tmp")"
done

# A library with another flag and the same bytes: who uses it is taken over.
sed -i 's|^make .*|& FLAG=-O3|' "$WORLD/data/share/recipes/libx/recipe"
build tiny
happened cached ok cached
# with other bytes it is not
echo changed >>"$WORLD/src/libx-1.0/libx.c"
pack libx-1.0 "$WORLD/src"
rm "$WORLD/data/share/catalogue/libx" && offer libx 1.0 1.0
build tiny
happened cached ok ok

# What is damaged is not taken over, although the plan had promised it, and is never delivered.
release 9.8.1 cached cached cached
whole=$(digest tiny)
drop prog.build
for file in "$WORLD"/cache/stage/prog-*/bin/prog; do
	chmod u+w "$file" && printf '~' | dd of="$file" bs=1 seek=2 conv=notrunc status=none
done
build tiny
happened cached cached ok
[ "$(digest tiny)" = "$whole" ] || fail "other images"

# Cleaning leaves no hints at what is gone.
expect 0 cache clean --yes
[ ! -d "$WORLD/cache/content" ] || fail "left: $(ls "$WORLD/cache/content")"
