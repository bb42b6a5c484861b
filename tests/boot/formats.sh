#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What people carry away, on the kernels of first-boot and of a root on a disk: each format is looked at by the field's own tools
# and, where it starts by itself, started by each firmware; and twice the same bytes.
. tests/boot/common
for tool in grub-mkimage xorriso mcopy mkfs.fat qemu-img fsck.fat; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done

starts() { # PROFILE CHECKS...
	name=$1
	shift
	for firmware in bios uefi; do
		booted 0 "$name" --firmware $firmware --timeout 180
		grep -q "\"firmware\": *\"$firmware\"" "$HERE/verdict" || fail "it was not started by $firmware"
		checked kernel messages shell mounts init hostname network dns fetch root poweroff
	done
}

NAMES='carried stick server live'
printf 'image = iso tar oci efi\nhostname = carried\nboot-timeout = 0\n' | profile carried
printf 'image = disk qcow2 vmdk vdi vhdx\nhostname = stick\nboot-timeout = 0\n' | profile stick
printf 'image = disk\nroot = disk\npartition-table = mbr\nhome-size = 16\nswap-size = 16\nhostname = server\nboot-timeout = 0\n' | profile server
printf 'image = iso\nroot = live\nhostname = live\nboot-timeout = 0\n' | profile live
for name in $NAMES; do
	built "$name"
done

(
	cd "$HERE/out/carried" || exit 1
	xorriso -indev carried.iso -report_el_torito plain >"$HERE/report" 2>/dev/null || fail "xorriso does not read the image"
	grep -q 'boot img.* BIOS *y' "$HERE/report" || fail "nothing to start with BIOS: $(cat "$HERE/report")"
	grep -q 'boot img.* UEFI *y' "$HERE/report" || fail "nothing to start with UEFI: $(cat "$HERE/report")"
	tar -tvf carried.tar.zst >"$HERE/list" || fail "tar does not read the archive"
	grep -q '^-rw------- 0/0 .* etc/shadow$' "$HERE/list" || fail "etc/shadow is not root's alone"
	grep -q '^crw------- 0/0 .*5,1 .* dev/console$' "$HERE/list" || fail "the console's node is missing"
	! command -v skopeo >/dev/null || skopeo inspect oci-archive:carried.oci.tar >"$HERE/report" ||
		fail "skopeo does not read the container image"
	cd ../stick || exit 1
	qemu-img check -q stick.qcow2 || fail "qemu-img finds faults"
	qemu-img check -q stick.vdi || fail "qemu-img finds faults in the vdi"
	qemu-img check -q stick.vhdx || fail "qemu-img finds faults in the vhdx"
	for format in qcow2 vmdk vdi vhdx; do
		qemu-img compare -q -f raw -F $format stick.img stick.$format || fail "the $format is another disk"
	done
	! command -v sgdisk >/dev/null || sgdisk -v stick.img | grep -q 'No problems found' || fail "sgdisk finds faults"
	# the second partition, where its table says that it is
	dd if=stick.img of="$HERE/fat" bs=1M skip=2 status=none
	fsck.fat -n "$HERE/fat" || fail "fsck.fat finds faults"
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
checked home swap
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
