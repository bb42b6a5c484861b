#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Built twice, the second time in a clean place as somebody else: what leaves traces of time, folder, user or machine is named by
# the file inside the image; writing only the images again shares the compiled parts, and says that it proves less.
. tests/fake/world
world_make
clean() { # nothing stays behind, wherever it was made
	for folder in /tmp /dev/shm /var/tmp "$WORLD/cache/tmp"; do
		[ -z "$(find "$folder" -maxdepth 1 -name 'bootsmith-v*rify-*' -newer "$WORLD/mark" -exec grep -ls "$WORLD" {}/lock \; 2>/dev/null)" ] ||
			fail "a second build was left in $folder"
	done
}
touch "$WORLD/mark"

# The same bytes, without any origin but the cache.
build tiny
expect 0 verify tiny --offline
says stdout 'all 2 artifacts are the same'
sum=$(sha256sum "$WORLD/here/out/tiny/vmlinuz" | cut -c-64)
grep -q "^equal *vmlinuz *[0-9]* *$sum\$" "$WORLD/stdout" || fail "no table with the digests"
for what in folder 'time zone' umask jobs; do
	grep -q "^varied *$what " "$WORLD/stdout" || fail "$what was not varied"
done
# what this machine does not have was not varied
if locale -a | grep -qi '^tr_TR\.utf-\?8$'; then state=varied; else state='NOT VARIED'; fi
grep -q "^$state *locale " "$WORLD/stdout" || fail "the locale is not '$state'"
grep -q '^busybox.build: done' "$WORLD/stdout" || fail "nothing was compiled again"
grep -q '^busybox.fetch: started' "$WORLD/stdout" && fail "something was downloaded"
clean
expect 0 verify tiny --images
says stdout 'this proves less'
grep -q '^busybox.build: done' "$WORLD/stdout" && fail "--images compiled something"
grep -q '^initramfs.write: done' "$WORLD/stdout" || fail "--images wrote no image"
expect 0 verify tiny --images --json
"$BIN/lib/jsonlines" verify <"$WORLD/stdout" || fail "verify --json"
tail -n 1 "$WORLD/stdout" | grep -q '"event": *"verified", *"ok": *true, *"images_only": *true' || fail "no verdict as JSON"

# A build that writes down when, where, by whom and on what machine it was made.
tree busybox 1.37.1 "x y z"
traces=$WORLD/src/busybox-1.37.1/rules.mk
sed -i 's|^> @ln -s busybox .*|&\n> @date +%s%N >_install/bin/when \&\& pwd >_install/bin/where \&\& id -u >_install/bin/who \&\& uname -n >_install/bin/host|' "$traces"
# more of them than are told one by one
sed -i 's|^> @date .*|&\n> @for i in $$(seq 25); do date +%s%N >_install/bin/zz-one-of-many-$$i; done|' "$traces"
: >"$WORLD/data/share/catalogue/busybox"
pack busybox-1.37.1 "$WORLD/src"
offer busybox 1.37 1.37.1
rm -rf "$WORLD/cache/index"
expect 3 verify tiny
says stdout 'differs: initramfs.cpio.zst: bin/when'
says stdout 'differs: initramfs.cpio.zst: bin/where'
grep -q '^DIFFERS *initramfs.cpio.zst' "$WORLD/stdout" || fail "the table does not say what differs"
grep -q '^equal *vmlinuz' "$WORLD/stdout" || fail "more than the image differs"
if grep -q '^varied *user ' "$WORLD/stdout"; then
	says stdout 'differs: initramfs.cpio.zst: bin/who'
	says stdout 'differs: initramfs.cpio.zst: bin/host'
fi
says stdout 'its bytes differ from offset'
# what has no place is counted (mutation: it is not said that there are more)
grep -q '^  and [0-9]* more differences in initramfs.cpio.zst$' "$WORLD/stdout" || fail "the rest is not counted"
[ "$(grep -c '^differs: initramfs' "$WORLD/stdout")" = 20 ] || fail "not 20 of them are named"
clean
expect 3 verify tiny --json
"$BIN/lib/jsonlines" verify <"$WORLD/stdout" || fail "verify --json of a difference"
tail -n 1 "$WORLD/stdout" >"$WORLD/verdict"
grep -q '"ok": *false' "$WORLD/verdict" || fail "a difference passes"
grep -q '"inside": *\["bin/when"\]' "$WORLD/verdict" || fail "the JSON does not name the file"
expect 0 verify tiny --images

# A second build that fails is kept, with its logs; nothing else is.
tree busybox 1.37.2 "x y z"
traces=$WORLD/src/busybox-1.37.2/rules.mk
sed -i 's|^> @ln -s busybox .*|&\n> @if pwd \| grep -q bootsmith-v; then echo "error: this folder is not liked" >\&2; exit 1; fi|' "$traces"
: >"$WORLD/data/share/catalogue/busybox"
pack busybox-1.37.2 "$WORLD/src"
offer busybox 1.37 1.37.2
rm -rf "$WORLD/cache/index"
expect 3 verify tiny
says stdout 'this folder is not liked'
kept=$(sed -n 's/^the second build is kept in //p' "$WORLD/stdout")
[ -d "$kept" ] || fail "the failed build was not kept"
rm -rf "$kept"

expect 2 verify tiny --jobs 0

# Interrupted in its second build it ends like any build, and leaves nothing.
tree busybox 1.37.3 "x y z"
sed -i "s|sleep 0[.0-9]*|case \$\$PWD in *bootsmith-v*) sleep 30 ;; esac|" "$WORLD/src/busybox-1.37.3/rules.mk"
: >"$WORLD/data/share/catalogue/busybox"
pack busybox-1.37.3 "$WORLD/src"
offer busybox 1.37 1.37.3
rm -rf "$WORLD/cache/index"
(become "$BOOTSMITH" verify tiny --plain) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
verifier=$!
compiles_again() { sed '1,/^the second build/d' "$WORLD/stdout" | grep -q '^busybox.build: started'; }
until_true 60 compiles_again || fail "the second build did not come to compiling"
kill -INT $verifier
wait $verifier
got=$?
[ $got = 130 ] || fail "status $got after an interrupt"
clean
nobody_left
