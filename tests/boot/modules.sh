#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel modules: the network card's is loaded because the card is there, before the network is set up, and one by its name.
# Under every init, on one small kernel, an older one; and with the small BusyBox. The same kernel speaks IPv6, by router
# advertisement.
. tests/boot/common

# In the guest: a device that appears later gets its node, with the mode of /etc/mdev.conf, when its driver is loaded; and a
# driver is loaded when the kernel tells of its device.
mkdir -p "$HERE/data/share/checks"
cat >"$HERE/data/share/checks/later.check" <<-'END'
	[check later]
	order   = 120
	seconds = 10
	run     = modprobe tun; ls -l /dev/null /dev/net/tun /dev/console
	expect  = ^crw-rw-rw- .* /dev/net/tun$
	expect  = ^crw-rw-rw- .* /dev/null$
	expect  = ^crw------- .* /dev/console$
	pass    = the node of the later device is as it should be
	fail    = the guest says {found}
	cause   = mdev does not run.
	remedy  = Look at /etc/init.d/devices.

	[check plugged]
	order   = 130
	seconds = 30
	run     = modprobe -r virtio_net; [ -e /sys/module/virtio_net ] && echo still there; for d in /sys/bus/virtio/devices/*; do echo add >$d/uevent; done; n=0; until [ -e /sys/module/virtio_net ] || [ $((n += 1)) = 10 ]; do sleep 1; done; lsmod
	expect  = ^(virtio_net) 
	refuse  = ^still there
	pass    = {found} was loaded when the kernel told of its device
	fail    = the guest says {found}
	cause   = mdev does not hear, or does not load.
	remedy  = Look at /etc/mdev.conf.
END
BOOTSMITH_PATH=$HERE/data
export BOOTSMITH_PATH

modular() { # NAME CHOICES...
	name=$1
	shift
	printf '%s\n' "hostname = $name" 'kernel = 6.1' 'kernel-config = tiny' 'kernel-modules = yes' 'ipv6 = yes' "$@" | profile "$name"
	built "$name"
}

# with a module that is no part of the kernel: compiled against it, and loaded by its name
for init in busybox script runit; do
	modular m-$init 'modules = dummy' 'packages = hello-module' "init = $init"
	booted 0 "m-$init"
	checked kernel messages shell mounts modes init network dns ipv6 fetch modules later plugged package-hello-module poweroff
done
modular m-small 'modules = dummy' 'busybox-config = small'
booted 0 m-small
checked network fetch modules later plugged poweroff

# a name that no module has is told
modular m-wrong 'modules = dummy no-such'
booted 4 m-wrong
checked network
grep -q 'modules: no-such of /etc/modules cannot be loaded' "$HERE/out/m-wrong/serial.log" || fail "it is not said which"
