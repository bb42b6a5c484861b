#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same services under every init, on the kernel that first-boot built: they run, come back when they are killed, and the
# guest goes down in order.
. tests/boot/common
for init in busybox script runit; do
	printf 'hostname = with-%s\ninit = %s\nservices = httpd syslog klog\n' $init $init | profile "with-$init"
	built "with-$init"
	booted 0 "with-$init"
	checked kernel shell mounts libc init hostname network dns fetch root services poweroff
done
