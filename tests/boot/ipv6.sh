#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# IPv6 by router advertisement beside a fixed IPv4 address, with the small BusyBox; on the kernel of the modules' test, which has
# it beside an address by DHCP.
. tests/boot/common
printf '%s\n' 'network = static' 'kernel = 6.1' 'kernel-config = tiny' 'kernel-modules = yes' 'libc = musl' 'busybox-config = small' \
	'ipv6 = yes' 'hostname = six-static' | profile six-static
built six-static
booted 0 six-static
checked kernel messages shell hostname network dns ipv6 fetch poweroff
grep -q 'not tested\|has no IPv6' "$HERE/verdict" && echo "(this machine has no IPv6: the guest fetched nothing over it)"
exit 0
