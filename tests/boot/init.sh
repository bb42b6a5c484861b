#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same services under every init, on the kernel that first-boot built: they run, come back when they are killed, and the
# guest goes down in order; one of them from an image that is not compressed. And a fixed address on that kernel.
. tests/boot/common
services='services = httpd syslog klog'
printf '%s\n' 'hostname = with-busybox' 'init = busybox' "$services" | profile with-busybox
printf '%s\n' 'hostname = with-script' 'init = script' "$services" 'compression = none' | profile with-script
# one of them has people, files that are theirs, and more of a network
mkdir -p "$HERE/over/home/ann" "$HERE/over/srv/project"
echo x >"$HERE/over/home/ann/notes"
printf '/srv/project/ - bob:project\n/srv/project 2775 -\n' >"$HERE/owners"
printf '%s\n' 'users = ann:1200:audio,project=2000 bob::project:/srv/bob' 'sysctl = net.ipv4.ip_forward=1 vm.swappiness=10' \
	"overlay = $HERE/over" "overlay-owners = $HERE/owners" 'interfaces = eth1:10.9.0.1/24' \
	'vlans = eth0.5:10.5.0.2/24 eth0.7' 'bridges = br0:eth0.7:10.7.0.1/24' \
	'routes = 10.1.0.0/16 via 10.0.2.2 10.9.9.0/24 via 10.0.2.3 dev eth0' >>"$HERE/config/bootsmith/profiles/with-script.profile"
for name in with-busybox with-script service-box; do
	built $name
	booted 0 $name
	checked kernel messages shell mounts modes settings libc init hostname network dns fetch root services poweroff
	[ "$name" != with-script ] || checked sysctl users routes interfaces vlans bridges
done
built static-address
booted 0 static-address
checked network dns fetch
