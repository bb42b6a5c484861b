#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Bytes that are not what they should be: the next origin is taken, the evidence is kept, and when nobody has the right ones the
# status is 8. Archives that want to write elsewhere are refused whole.
. tests/fake/world
world_make
good=$WORLD/mirror
bad=$WORLD/bad-mirror

mirrors() { # FOLDER...
	{ echo 'origins = cache mirror' && printf 'mirror = file://%s\n' "$@"; } | settings
}

fresh() {
	chmod -R u+w "$WORLD/cache" "$bad" 2>/dev/null
	rm -rf "$WORLD/cache" "$WORLD/here/out" "$bad"
	cp -R "$good" "$bad"
}

# Other bytes of the same length, and a file that was cut off: both are found out, the second mirror is asked.
for harm in other cut; do
	fresh
	case $harm in
	other) printf 'XXXX' | dd of="$bad/linux-6.12.9.tar.xz" bs=1 seek=100 conv=notrunc status=none ;;
	cut) truncate -s 200 "$bad/linux-6.12.9.tar.xz" ;;
	esac
	mirrors "$bad" "$good"
	build tiny
	[ $harm = cut ] || [ -n "$(find "$WORLD/cache/bad" -type f 2>/dev/null)" ] || fail "no evidence was kept ($harm)"
done

# Nobody has the right bytes.
fresh
printf 'XXXX' | dd of="$bad/linux-6.12.9.tar.xz" bs=1 seek=100 conv=notrunc status=none
mirrors "$bad"
expect 8 build tiny --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all linux-6.12.9.tar.xz
[ ! -e "$WORLD/here/out/tiny/vmlinuz" ] || fail "there is a result"
# ... and yet what does not need them is there.
grep -q '^busybox.build: done' "$WORLD/stdout" || fail "nothing else was built"
expect 8 fetch tiny
[ -z "$(find "$WORLD/cache/source" -name 'linux-6.12.9.tar.xz' 2>/dev/null)" ] || fail "wrong bytes are among the sources"

# With the mirror mended the same command goes on.
mirrors "$good"
build tiny

# Nobody has the file at all.
fresh
rm "$bad/busybox-1.37.0.tar.xz"
mirrors "$bad"
expect 8 build tiny --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all busybox

# Whatever cannot be had is told at once.
fresh
rm "$bad/busybox-1.37.0.tar.xz" "$bad/linux-6.12.9.tar.xz"
mirrors "$bad"
expect 8 plan tiny
says stderr "no archive of busybox 1.37 can be had"
says stderr "These cannot be had: busybox, linux"

# What does not need it is built, and what has been built is kept.
cp "$good/linux-6.12.9.tar.xz" "$bad/"
expect 8 build tiny --plain
says stdout "no archive of busybox 1.37 can be had"
grep -q '^linux.build: done' "$WORLD/stdout" || fail "the kernel was not built without BusyBox"
[ ! -e "$WORLD/here/out/tiny/vmlinuz" ] || fail "there is a result that lacks BusyBox"
expect 8 fetch tiny
says stdout "All others are fetched"
cp "$good/busybox-1.37.0.tar.xz" "$bad/"
expect 0 build tiny --plain
grep -q '^linux.build: started' "$WORLD/stdout" && fail "the kernel was built again"

# Archives from hell. Each has the digest that the catalogue names: it is what is in them that is refused.
fresh
mirrors "$good"
evil() { # VERSION DESCRIPTION
	xz -0 "$WORLD/linux-$1.tar"
	mv "$WORLD/linux-$1.tar.xz" "$good/"
	offer linux "$1" "$1"
	echo "kernel = $1" | profile evil
	smith build evil --plain >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
	status=$?
	[ $status = 3 ] || [ $status = 8 ] || fail "status $status after an archive with $2"
	if [ -e "$WORLD/escaped" ] || [ -e /tmp/bootsmith-escaped ]; then fail "$2 wrote outside"; fi
	[ -z "$(find "$WORLD/cache/tree" -maxdepth 1 -name 'linux*' 2>/dev/null)" ] || fail "$2 left a tree"
}
mkdir "$WORLD/pit"
(
	cd "$WORLD/pit" || exit 1
	mkdir linux-6.99.1 linux-6.99.3
	ln -s "$WORLD" linux-6.99.1/out
	tar -cf ../linux-6.99.1.tar linux-6.99.1
	rm linux-6.99.1/out && mkdir linux-6.99.1/out && echo x >linux-6.99.1/out/escaped
	tar -rf ../linux-6.99.1.tar linux-6.99.1/out/escaped
	echo x >escaped
	tar -cf ../linux-6.99.2.tar --transform 's|escaped|linux-6.99.2/../../../../escaped|' -P escaped
	tar -cf ../linux-6.99.3.tar --transform 's|escaped|/tmp/bootsmith-escaped|' -P escaped
)
evil 6.99.1 "a link out of the tree and a file through it"
evil 6.99.2 "a path with .."
evil 6.99.3 "an absolute path"
nobody_left
