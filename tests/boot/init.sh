#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same services under every init, on the kernel that first-boot built: they run, come back when they are killed, and the
# guest goes down in order; one of them from an image that is not compressed. And a fixed address on that kernel.
. tests/boot/common
services='services = httpd syslog klog'
printf '%s\n' 'hostname = with-busybox' 'init = busybox' "$services" | profile with-busybox
printf '%s\n' 'hostname = with-script' 'init = script' "$services" 'compression = none' | profile with-script
for name in with-busybox with-script service-box; do
	built $name
	booted 0 $name
	checked kernel messages shell mounts modes libc init hostname network dns fetch root services poweroff
done
built static-address
booted 0 static-address
checked network dns fetch
