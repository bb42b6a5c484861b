#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# IPv6 by router advertisement in the smallest kernel, beside an address by DHCP and beside a fixed one.
. tests/boot/common
for network in dhcp static; do
	printf '%s\n' "network = $network" 'kernel-config = tiny' 'libc = musl' 'busybox-config = small' 'ipv6 = yes' \
		'console = ttyS0' 'compression = xz' "hostname = six-$network" | profile six-$network
	built six-$network
	booted 0 six-$network
	checked kernel messages shell hostname network dns ipv6 fetch poweroff
done
grep -q 'not tested\|has no IPv6' "$HERE/verdict" && echo "(this machine has no IPv6: the guest fetched nothing over it)"
exit 0
