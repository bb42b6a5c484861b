#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# From archives to an image; what is in the cache is not built again; what a choice does not touch is not either.
. tests/fake/world
world_make

build tiny
first=$(digest tiny)
[ "$(counts | cut -d' ' -f3)" = 0 ] || fail "counts: $(counts)"
for file in vmlinuz initramfs.cpio.zst profile lock SHA256SUMS manifest.json; do
	[ -s "$WORLD/here/out/tiny/$file" ] || fail "no $file in the results"
done
(cd "$WORLD/here/out/tiny" && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS does not hold"

# Nothing to do: nothing runs, the results are the same.
build tiny
[ "$(counts | cut -d' ' -f1)" = 0 ] || fail "something ran again: $(counts)"
[ "$(digest tiny)" = "$first" ] || fail "the results are not the same"

# The image alone is made anew.
for change in hostname=other network=none; do
	expect 0 set tiny $change
	build tiny
	grep '"event": *"step-start"' "$WORLD/stdout" | grep -v '"step": *"\(initramfs\|results\)\.' &&
		fail "$change made more than the image run"
	[ "$(digest tiny | grep vmlinuz)" = "$(echo "$first" | grep vmlinuz)" ] || fail "another kernel after $change"
	[ "$(digest tiny | grep initramfs)" != "$(echo "$first" | grep initramfs)" ] || fail "the same image after $change"
done

# Back to the first choices: all of it is still there, and comes out the same byte by byte.
expect 0 set tiny hostname=tiny network=dhcp
build tiny
[ "$(digest tiny)" = "$first" ] || fail "the same choices give another image"

# In another cache, with other jobs, with results in a folder whose name has blanks: the same image.
CACHE=$WORLD/another
expect 0 build tiny --output "$WORLD/here/out/again here" --jobs 1
[ "$(digest "again here")" = "$first" ] || fail "another place gives another image"
unset CACHE

# What it weighs: the kernel as it is, the image by what is in it.
expect 0 size tiny
says stdout "initramfs.cpio.zst: "
says stdout " busybox (1 file)"
says stdout "/bin/busybox                        busybox"
expect 0 size tiny --json
grep -q "{\"file\":\"vmlinuz\",\"bytes\":$(stat -c %s "$WORLD/here/out/tiny/vmlinuz")}" "$WORLD/stdout" || fail "the kernel weighs something else"

# The same system under two names: its archive has the name of each.
for name in one two; do
	printf 'kernel = 6.1\nimage = tar\nhostname = same\n' | profile $name
	build $name
	[ -s "$WORLD/here/out/$name/$name.tar.zst" ] || fail "no archive of $name"
done

# The other verbs agree.
expect 0 plan tiny --json
"$BIN/lib/jsonlines" plan <"$WORLD/stdout" || fail "plan --json"
grep -q '"state": *"run"' "$WORLD/stdout" && fail "plan thinks that something has to run"
expect 0 cache verify
expect 0 build tiny --offline
# The same choices under another name, which is that of a file of the image.
for name in tiny same; do
	profile $name <<-END
		image = tar
		hostname = tiny
	END
	build $name
	[ -s "$WORLD/here/out/$name/$name.tar.zst" ] || fail "no archive of $name"
done
cmp "$WORLD/here/out/tiny/tiny.tar.zst" "$WORLD/here/out/same/same.tar.zst" || fail "another name gives other files"
nobody_left
