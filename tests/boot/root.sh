#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A root on a disk, and one that is read-only with changes over it: both with one kernel. What is written stays where it should,
# the disk is clean after each end, and a root that is not there is told.
. tests/boot/common

# In the guest: what an earlier boot left is shown, and something is left for the next.
keeping() { # EXPECTED
	mkdir -p "$HERE/data/share/checks"
	cat >"$HERE/data/share/checks/keep.check" <<-END
		[check keep]
		order  = 120
		run    = cat /kept; echo kept >/kept; echo left
		expect = ^left\$
		$1
		pass   = it is as it should be
		fail   = the guest says {found}
		cause  = What was written in an earlier boot is not what it should be.
		remedy = Look at the mounts.
	END
}
mkdir -p "$HERE/data/share"
BOOTSMITH_PATH=$HERE/data
export BOOTSMITH_PATH
FIRST='refuse = ^kept$'
LATER='expect = ^kept$'

clean() { # FILE
	PATH=$PATH:/usr/sbin:/sbin fsck.ext4 -fn "$1" || fail "$1 is not clean"
}

printf 'hostname = disk-root\nroot = disk\nnetwork = none\n' | profile disk-root
built disk-root
keeping "$FIRST"
booted 0 disk-root
checked kernel shell mounts modes init hostname root keep poweroff
(cd "$HERE/out/disk-root" && sha256sum --quiet -c SHA256SUMS) || fail "a test boot changed the built disk"

# another disk with the same system, which keeps what is written
cp "$HERE/out/disk-root/root.ext4" "$HERE/own,disk"
booted 0 disk-root --disk "$HERE/own,disk" --append root=/dev/vdb
checked root keep poweroff
clean "$HERE/own,disk"
keeping "$LATER"
booted 0 disk-root --disk "$HERE/own,disk" --append root=/dev/vdb
checked root keep
clean "$HERE/own,disk"

# what is not there is told, and what is there; a shell is
keeping "$FIRST"
booted 4 disk-root --append 'root=LABEL=nowhere rootwait=1'
diagnosed root-appended
checked shell
grep -q 'early: the root file system LABEL=nowhere was not found in 1 seconds' "$HERE/out/disk-root/serial.log" ||
	fail "it is not said what was looked for"
grep -q '/dev/vda.*LABEL="bootsmith"' "$HERE/out/disk-root/serial.log" || fail "it is not said what is there"
truncate -s 1M "$HERE/empty"
booted 4 disk-root --disk "$HERE/empty" --append root=/dev/vdb
diagnosed root-damaged

# read-only, with changes in memory, on a disk, in a file on a disk
printf 'hostname = live-root\nroot = live\ninit = script\nnetwork = none\n' | profile live-root
built live-root
booted 0 live-root
checked kernel shell mounts modes init hostname root keep poweroff
truncate -s 24M "$HERE/changes"
PATH=$PATH:/usr/sbin:/sbin mkfs.ext4 -q -F -L persist "$HERE/changes"
booted 0 live-root --disk "$HERE/changes" --append persist=yes
checked root keep poweroff
clean "$HERE/changes"
keeping "$LATER"
booted 0 live-root --disk "$HERE/changes" --append persist=yes
checked root keep
clean "$HERE/changes"
keeping "$FIRST"
booted 0 live-root --disk "$HERE/changes" --append persist=no
checked root keep

# in a file: an ext4 file system within the one of the disk
mkdir "$HERE/within"
truncate -s 8M "$HERE/within/file"
PATH=$PATH:/usr/sbin:/sbin mkfs.ext4 -q -F "$HERE/within/file"
truncate -s 24M "$HERE/outer"
PATH=$PATH:/usr/sbin:/sbin mkfs.ext4 -q -F -d "$HERE/within" "$HERE/outer"
booted 0 live-root --disk "$HERE/outer" --append persist=/dev/vdb:/file
checked root keep poweroff
clean "$HERE/outer"
keeping "$LATER"
booted 0 live-root --disk "$HERE/outer" --append persist=/dev/vdb:/file
checked root keep

# without a usable place the changes stay in memory, and that is said
keeping "$FIRST"
booted 0 live-root --disk "$HERE/empty" --append persist=/dev/vdb
checked root keep
grep -q 'early: changes cannot be kept in /dev/vdb' "$HERE/out/live-root/serial.log" || fail "it is not said that nothing is kept"
