#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# `bootsmith verify` names the file that differs also in disks as virtual machines keep them.
. tests/fake/world
command -v qemu-img >/dev/null || { echo "there is no qemu-img" && exit 77; }
world_make
stick_make
tree busybox 1.37.1 "x y z"
sed -i 's|^> @ln -s busybox .*|&\n> @pwd >_install/bin/where|' "$WORLD/src/busybox-1.37.1/rules.mk"
pack busybox-1.37.1 "$WORLD/src"
offer busybox 1.37 1.37.1
profile carried <<-END
	summary = A system on disks of virtual machines
	image   = qcow2 vmdk vdi vhdx
END
expect 3 verify carried
for format in qcow2 vmdk vdi vhdx; do
	says stdout "differs: carried.$format: disk: bin/where"
done
expect 0 verify carried --images
nobody_left
