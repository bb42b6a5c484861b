#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Writing a stick: to files in a made-up machine that has its own /sys. What must not be written is refused before anything is
# built; what is written is read back; a device that keeps other bytes, and an end in the middle, are told.
. tests/fake/world
world_make
stick_make

mkfifo "$WORLD/slow"

taken() {
	! flock -n "$DEV/sdb" true
}

refused() { # DEVICE STATUS SENTENCE
	expect "$2" write carried "$1" --yes-erase "$1"
	says stderr "$3"
	[ -z "$(cat "$WORLD/stdout")" ] || fail "$1: it built before it refused"
}
refused sda 7 "sda holds the system that runs here (sda1 is mounted at /)"
refused sda1 2 "sda1 is a partition, and an image brings partitions of its own: name the whole disk, /dev/sda"
refused sdc 7 "sdc1 is mounted at /media/my backup; unmount it first"
refused sdf 7 "sdf1 is part of dm-0 (group-volume)"
expect 2 write carried sdb
says stderr "nobody can be asked here: confirm it by --yes-erase sdb"
expect 2 write carried sdb --yes-erase sdc
says stderr "--yes-erase sdc is neither the name nor the model (Maker Stick 3000) nor the serial number (0123456789AB)"
expect 2 write carried
says stderr "the device is missing"
expect 6 write tiny sdb --yes-erase sdb
says stderr "tiny makes nothing that can be written to a device (image = initramfs); add disk"
expect 2 write carried sdb --yes-erase sdb --image initramfs
says stderr "cannot be written to a device as initramfs"
[ ! -e "$WORLD/here/out" ] || fail "something was built"

# too small is known when the image is there
expect 7 write carried sde --yes-erase sde
says stderr "sde is too small"

# what was there shows through nowhere, neither in the holes of the image nor where an old table had its copy
tr '\0' x </dev/zero | head -c $((96 * 1024 * 1024)) >"$DEV/sdb"
expect 0 write carried /dev/sdb --yes-erase 'Maker Stick 3000'
says stdout "carried.img is on /dev/sdb (64.0 MiB), verified"
cmp -n $((64 * 1024 * 1024)) "$WORLD/here/out/carried/carried.img" "$DEV/sdb" || fail "the stick holds something else"
tail -c $((1024 * 1024)) "$DEV/sdb" | tr -d '\0' | grep -q . && fail "the end was not zeroed"
[ "$(tail -c +$((65 * 1024 * 1024)) "$DEV/sdb" | head -c 3)" = xxx ] || fail "more than the image and the end was written"

# a person in a terminal chooses from the list and types the name; what is typed wrong writes nothing
if command -v script >/dev/null; then
	rm "$DEV/sdb" && truncate -s 96M "$DEV/sdb"
	typed() { # ANSWERS...
		printf '%s\n' "$@" | (become script -qec "$BOOTSMITH write carried --plain" /dev/null) >"$WORLD/stdout" 2>&1
	}
	typed 2 mmcblk0
	[ $? = 2 ] || fail "a wrong name has another status than 2"
	says stdout "2  /dev/sdb"
	says stdout "It holds: sdb1 vfat \"OLD PHOTOS\" 95.0 MiB."
	says stdout "that is not the name of /dev/sdb; nothing was written"
	tr -d '\0' <"$DEV/sdb" | grep -q . && fail "something was written all the same"
	typed ''
	says stdout "nothing was chosen, and nothing was written"
	typed 2 'Maker Stick 3000' || fail "it was not written"
	says stdout "carried.img is on /dev/sdb"
	cmp -n $((64 * 1024 * 1024)) "$WORLD/here/out/carried/carried.img" "$DEV/sdb" || fail "the stick holds something else"

	# another stick is put in while the question stands
	mkfifo "$WORLD/answers"
	(become script -qec "$BOOTSMITH write carried sdb --plain" /dev/null) <"$WORLD/answers" >"$WORLD/stdout" 2>&1 &
	window=$!
	exec 4>"$WORLD/answers"
	until_true 20 grep -q 'to go on:' "$WORLD/stdout" || fail "it does not ask"
	model=$(readlink -f "$WORLD/machine/sys/class/block/sdb/device")/model
	echo 'Stick 4000' >"$model"
	echo sdb >&4
	exec 4>&-
	wait $window
	[ $? = 7 ] || fail "another device has another status than 7"
	says stdout "/dev/sdb is not the device any more that was confirmed; nothing is written"
	echo 'Stick 3000' >"$model"
fi

# as events
expect 0 write carried mmcblk0 --yes-erase 0xcafe --json
"$BIN/lib/jsonlines" build <"$WORLD/stdout" || fail "the JSON lines are not what the contract says"
says stdout '"step":"stick.write","done":68157440,"total":68157440,"unit":"bytes"'
grep -q '"step-done","step":"stick.verify","result":"ok"' "$WORLD/stdout" || fail "no word of the verification"

# a device that keeps something else: a byte of it changes behind our back
"$BIN/lib/spoil_main" "$DEV/sdb" 3000000 &
spoiler=$!
expect 7 write carried sdb --yes-erase sdb
kill $spoiler
says stdout "stick.write: done"
says stdout "/dev/sdb does not keep what is written to it: byte 3000000 was written as"
says stdout "is worn out or a fake"
says stdout "holds half an image or a bad one now and starts nothing until it is written again"

# somebody else writes it
flock "$DEV/sdb" cat "$WORLD/slow" >"$WORLD/read" &
holder=$!
until_true 10 taken || fail "the device was not taken"
expect 7 write carried sdb --yes-erase sdb
says stderr "/dev/sdb is being written by another program"
echo go >"$WORLD/slow"
wait $holder

# no right: whose it is, is told, and nobody is asked for root
weak=
[ "$(id -u)" != 0 ] || weak="setpriv --bounding-set=-dac_override,-dac_read_search"
if [ -z "$weak" ] || $weak true; then
	chmod 0060 "$DEV/sdb"
	# shellcheck disable=SC2086 # words
	(become $weak "$BOOTSMITH" write carried sdb --yes-erase sdb) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
	[ $? = 7 ] || fail "a device without any right has another status than 7"
	says stderr "you may not write to /dev/sdb; that is for members of the group $(id -gn) (as root: usermod -aG"
	chmod 0600 "$DEV/sdb"
fi

# ended in the middle
sed -i 's/ 64 / 512 /' "$WORLD/data/share/images/disk.image"
build carried
(become "$BOOTSMITH" write carried sdi --yes-erase sdi --json) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
window=$!
until_true 20 grep -q '"step":"stick.write","done"' "$WORLD/stdout" || fail "it does not come to writing"
kill -INT $window
wait $window
[ $? = 130 ] || fail "a writing that was ended has another status than 130"
says stdout "/dev/sdi holds half an image or a bad one now and starts nothing until it is written again"
nobody_left
