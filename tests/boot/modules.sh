#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel modules: the network card's is loaded because the card is there, before the network is set up, and one by its name.
# Under every init, on one small kernel; and with the small BusyBox. The same kernel speaks IPv6, by router advertisement.
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

for init in busybox script runit; do
	printf 'hostname = m-%s\nkernel-config = tiny\nkernel-modules = yes\nipv6 = yes\nmodules = dummy\ninit = %s\n' $init $init |
		profile "m-$init"
	built "m-$init"
	booted 0 "m-$init"
	checked kernel messages shell mounts init network dns ipv6 fetch modules later plugged poweroff
done
printf 'hostname = m-small\nkernel-config = tiny\nkernel-modules = yes\nipv6 = yes\nmodules = dummy\nbusybox-config = small\n' |
	profile m-small
built m-small
booted 0 m-small
checked network fetch modules later plugged poweroff

# a name that no module has is told
printf 'hostname = m-wrong\nkernel-config = tiny\nkernel-modules = yes\nipv6 = yes\nmodules = dummy no-such\n' | profile m-wrong
built m-wrong
booted 4 m-wrong
checked network
grep -q 'modules: no-such of /etc/modules cannot be loaded' "$HERE/out/m-wrong/serial.log" || fail "it is not said which"
