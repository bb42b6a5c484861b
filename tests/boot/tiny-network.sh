#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel 6.1 with an address of its own, and the same asking for one.
. tests/boot/common
built tiny-network
booted 0 tiny-network
checked kernel shell mounts init hostname network dns fetch root poweroff
smith new leased --from tiny-network network=dhcp address= gateway= dns= || fail "cannot make the DHCP variant"
booted 0 leased
checked network dns fetch
