#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A made-up machine's disks below a folder, for BOOTSMITH_TEST_MACHINE: what sysfs, /proc and udev would say, and a regular file
# in the place of each device that is written.
#
#   tests/lib/machine.sh FOLDER
set -eu
TOP=$1
mkdir -p "$TOP/sys/class/block" "$TOP/proc/self" "$TOP/dev/mapper" "$TOP/run/udev/data"
printf 'Filename\tType\tSize\tUsed\tPriority\n' >"$TOP/proc/swaps"
: >"$TOP/proc/self/mountinfo"

value() { # FILE TEXT
	mkdir -p "${1%/*}"
	printf '%s\n' "$2" >"$1"
}

# NAME NUMBER MIB FOLDER: a block device in a folder of sys/devices
block() {
	at=$TOP/sys/devices/$4/$1
	mkdir -p "$at/holders"
	value "$at/dev" "$2"
	value "$at/size" $(($3 * 2048))
	value "$at/ro" 0
	ln -s "../../devices/$4/$1" "$TOP/sys/class/block/$1"
}

# NAME NUMBER MIB FOLDER REMOVABLE [VENDOR MODEL]: a whole disk
disk() {
	block "$1" "$2" "$3" "$4/block"
	value "$at/removable" "$5"
	[ -z "${7:-}" ] || value "$TOP/sys/devices/$4/vendor" "$6"
	[ -z "${7:-}" ] || value "$TOP/sys/devices/$4/model" "$7  "
	ln -s ../.. "$at/device"
	truncate -s "$3M" "$TOP/dev/$1"
}

# NAME NUMBER MIB PARENT-FOLDER PARENT: a partition, and what udev found in it
partition() {
	block "$1" "$2" "$3" "$4/block/$5"
	value "$at/partition" "${1##*[a-z]}"
	printf 'E:ID_FS_TYPE=%s\nE:ID_FS_LABEL_ENC=%s\n' "$6" "${7:-}" >"$TOP/run/udev/data/b$2"
}

mounted() { # NUMBER SOURCE WHERE
	printf '36 25 %s / %s rw,relatime shared:1 - ext4 %s rw\n' "$1" "$3" "$2" >>"$TOP/proc/self/mountinfo"
}

USB=pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0
disk sda 8:0 512000 pci0000:00/ata1/host0/0:0:0:0 0 ATA 'Disk of the house'
partition sda1 8:1 500000 pci0000:00/ata1/host0/0:0:0:0 sda ext4
partition sda2 8:2 8000 pci0000:00/ata1/host0/0:0:0:0 sda swap
mounted 8:1 /dev/sda1 /
printf '/dev/sda2 partition 8191996 0 -2\n' >>"$TOP/proc/swaps"

disk sdb 8:16 96 $USB/host2/2:0:0:0 1 Maker 'Stick 3000'
value "$TOP/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/serial" 0123456789AB
partition sdb1 8:17 95 $USB/host2/2:0:0:0 sdb vfat 'OLD\x20PHOTOS'

disk sdc 8:32 96 $USB/host3/3:0:0:0 0 Maker 'Case 1'
partition sdc1 8:33 95 $USB/host3/3:0:0:0 sdc ext4 backup
mounted 8:33 /dev/sdc1 '/media/my\040backup'

disk sdd 8:48 96 $USB/host4/4:0:0:0 1 Maker 'Locked'
value "$at/ro" 1
disk sde 8:64 1 $USB/host5/5:0:0:0 1 Maker 'Tiny'
disk sdf 8:80 96 $USB/host6/6:0:0:0 1 Maker 'Volumes'
partition sdf1 8:81 95 $USB/host6/6:0:0:0 sdf LVM2_member
: >"$at/holders/dm-0"
block dm-0 253:0 95 virtual/block
value "$at/dm/name" group-volume
disk sdg 8:96 0 $USB/host7/7:0:0:0 1 Generic 'Card reader'
disk sr0 11:0 100 pci0000:00/ata2/host1/1:0:0:0 1 Maker 'DVD'
value "$TOP/sys/devices/pci0000:00/ata2/host1/1:0:0:0/type" 5
disk sdi 8:128 600 $USB/host9/9:0:0:0 1 Maker 'Large'
# a card, which has no vendor and is no removable disk to the kernel
disk mmcblk0 179:0 96 platform/mmc0/mmc0:0001 0
value "$TOP/sys/devices/platform/mmc0/mmc0:0001/type" SD
value "$TOP/sys/devices/platform/mmc0/mmc0:0001/name" SU64G
value "$TOP/sys/devices/platform/mmc0/mmc0:0001/serial" 0xcafe
# the same kind of chip, soldered in
disk mmcblk1 179:8 96 platform/mmc1/mmc1:0001 0
value "$TOP/sys/devices/platform/mmc1/mmc1:0001/type" MMC
# a file system over two disks has a number of its own
disk sdh 8:112 96 $USB/host8/8:0:0:0 1 Maker 'Mirror'
mounted 0:45 /dev/sdh /srv
