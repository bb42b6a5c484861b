#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What people carry away, on the kernels of first-boot and of a root on a disk: each format is looked at by the field's own tools
# and, where it starts by itself, started by each firmware; and twice the same bytes.
. tests/boot/common
PATH=$PATH:/usr/sbin:/sbin
for tool in grub-mkimage xorriso mcopy mkfs.fat qemu-img fsck.fat isoinfo cpio zstd skopeo sgdisk unsquashfs fsck.ext4 debugfs; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done

starts() { # PROFILE CHECKS...
	name=$1
	shift
	for firmware in bios uefi; do
		booted 0 "$name" --firmware $firmware --timeout 180
		grep -q "\"firmware\": *\"$firmware\"" "$HERE/verdict" || fail "it was not started by $firmware"
		checked kernel messages shell mounts modes init hostname network dns fetch root poweroff
	done
}

NAMES='carried stick server live'
printf 'image = iso tar oci efi\nhostname = carried\nboot-timeout = 0\n' | profile carried
printf 'image = disk qcow2 vmdk vdi vhdx\nhostname = stick\nboot-timeout = 0\n' | profile stick
printf 'image = disk\nroot = disk\npartition-table = mbr\nhome-size = 16\nswap-size = 16\ndata-size = 16\ngrow = yes\nhostname = server\nboot-timeout = 0\n' | profile server
printf 'image = iso\nroot = live\nhostname = live\nboot-timeout = 0\n' | profile live
for name in $NAMES; do
	built "$name"
done

lists() { # LINE: in what the last tool told of owners, modes and device numbers
	grep -q "$1" "$HERE/list" || fail "no line '$1' in $(cat "$HERE/list")"
}

# A partition of an MBR disk, from where its table says that it is: IMAGE NUMBER
partition() {
	# shellcheck disable=SC2046 # two numbers
	set -- "$1" $(od -An -tu4 -j $((438 + 16 * $2)) -N 8 "$1")
	dd if="$1" of="$HERE/part" bs=512 skip="$2" count="$3" status=none
}

(
	cd "$HERE/out/carried" || exit 1
	xorriso -indev carried.iso -report_el_torito plain >"$HERE/report" 2>/dev/null || fail "xorriso does not read the image"
	grep -q 'boot img.* BIOS *y' "$HERE/report" || fail "nothing to start with BIOS: $(cat "$HERE/report")"
	grep -q 'boot img.* UEFI *y' "$HERE/report" || fail "nothing to start with UEFI: $(cat "$HERE/report")"
	isoinfo -d -i carried.iso >"$HERE/list" || fail "isoinfo does not read the image"
	lists '^Volume id: .'
	lists '^Rock Ridge signatures version 1 found'
	lists 'Bootid 88 (bootable)'
	isoinfo -R -l -i carried.iso >"$HERE/list"
	lists '^-rw-r--r--  *1  *0  *0 .* vmlinuz *$'
	isoinfo -R -x /boot/vmlinuz -i carried.iso | cmp - vmlinuz || fail "isoinfo takes out another kernel"
	isoinfo -R -x /boot/grub/efi.img -i carried.iso >"$HERE/fat"
	fsck.fat -n "$HERE/fat" || fail "fsck.fat finds faults in the part for UEFI"
	isoinfo -R -x /boot/initramfs.img -i carried.iso | zstd -dcq >"$HERE/archive"
	{ cpio -tvn --quiet && cpio -tvn --quiet; } <"$HERE/archive" >"$HERE/list" || fail "cpio does not read the two archives"
	lists '.* bin/busybox$'
	lists '^-rw-------  *1 0  *0 .* etc/shadow$'
	lists '^crw-------  *1 0  *0  *5,  *1 .* dev/console$'
	tar -tvf carried.tar.zst >"$HERE/list" || fail "tar does not read the archive"
	lists '^-rw------- 0/0 .* etc/shadow$'
	lists '^crw------- 0/0 .*5,1 .* dev/console$'
	skopeo inspect oci-archive:carried.oci.tar >"$HERE/list" || fail "skopeo does not read the container image"
	lists '"Os": "linux"'

	cd ../stick || exit 1
	for format in qcow2 vdi vhdx; do
		qemu-img check -q stick.$format || fail "qemu-img finds faults in the $format"
	done
	for format in qcow2 vmdk vdi vhdx; do
		qemu-img compare -q -f raw -F $format stick.img stick.$format || fail "the $format is another disk"
	done
	sgdisk --verify stick.img >"$HERE/list" || fail "sgdisk does not read the table"
	lists '^No problems found'
	# the second partition, where its table says that it is
	dd if=stick.img of="$HERE/fat" bs=1M skip=2 status=none
	fsck.fat -n "$HERE/fat" || fail "fsck.fat finds faults"

	cd ../server || exit 1
	partition server.img 1
	fsck.fat -n "$HERE/part" || fail "fsck.fat finds faults in the server's first partition"
	# the second one is swap space; the root comes last here
	for number in 4 3; do
		partition server.img $number
		fsck.ext4 -fn "$HERE/part" || fail "fsck.ext4 finds faults in partition $number"
	done
	fsck.ext4 -fn data.ext4 || fail "fsck.ext4 finds faults on the second disk"
	debugfs -R 'stat /etc/shadow' "$HERE/part" >"$HERE/list" 2>/dev/null
	lists 'Type: regular  *Mode:  0600 '
	lists '^User:  *0  *Group:  *0 '
	debugfs -R 'stat /dev/console' "$HERE/part" >"$HERE/list" 2>/dev/null
	lists 'Type: character special  *Mode:  0600 '
	lists '^Device major/minor number: 05:01'

	cd ../live || exit 1
	isoinfo -R -x /live/root.squashfs -i live.iso >"$HERE/squashfs"
	unsquashfs -lln "$HERE/squashfs" >"$HERE/list" || fail "unsquashfs does not read the file system"
	lists '^-rw------- 0/0 .*/etc/shadow$'
	lists '^crw------- 0/0  *5,  *1 .*/dev/console$'
) || exit 1

# The parts of an image are all of it, and the packages in it are those of the initramfs and the kernel.
for name in $NAMES; do
	smith size "$name" --json >"$HERE/sizes" || fail "no sizes of $name"
	grep -E '"file":"[a-z]*[.](img|iso|qcow2|vmdk|vdi|vhdx)"' "$HERE/sizes" >"$HERE/images" || fail "no image of $name in $(cat "$HERE/sizes")"
	while read -r line; do
		bytes=$(echo "$line" | sed 's/^{"file":"[^"]*","bytes":\([0-9]*\).*/\1/')
		parts=$(echo "$line" | sed 's/.*"parts":\[\(.*\)\],"packages":.*/\1/' | grep -o '"bytes":[0-9]*' | awk -F: '{ n += $2 } END { print n }')
		[ "$bytes" = "$parts" ] || fail "the parts are $parts of $bytes bytes: $line"
		for word in '"name":"kernel"' '"name":"loader"' '"name":"linux"' '"name":"busybox"'; do
			echo "$line" | grep -q "$word" || fail "no $word in $line"
		done
	done <"$HERE/images"
done

starts carried
starts stick
starts server
checked home data swap grow
starts live
booted 0 carried --medium esp --timeout 180
checked kernel messages shell init hostname network dns fetch root poweroff

# The same bytes when all images are written again: elsewhere, as another user of another machine.
for name in $NAMES; do
	smith verify "$name" --images --plain >"$HERE/verified" || fail "not the same: $(cat "$HERE/verified")"
	for file in "$HERE/out/$name/$name".*; do
		sum=$(sha256sum "$file" | cut -c-64)
		grep -q "^equal  *${file##*/}  *[0-9]*  *$sum\$" "$HERE/verified" || fail "${file##*/} was not compared"
	done
	grep -q '^varied  *folder ' "$HERE/verified" || fail "nothing was varied"
	if sed '1,/^the second build/d' "$HERE/verified" | grep '\.write: in the cache'; then
		fail "an image was not written again"
	fi
done
