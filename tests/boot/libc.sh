#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The C libraries and both ways to link with them, on the kernel of first-boot: what runs in the guest says which one it is.
. tests/boot/common

way() { # LIBC LINKAGE WORDS-OF-THE-CHECK
	name=$1-$2
	smith new "$name" --from first-boot libc="$1" linkage="$2" hostname="$name" || fail "cannot make the profile $name"
	built "$name"
	booted 0 "$name"
	checked kernel shell libc hostname network dns fetch poweroff
	grep -q "\"name\": *\"libc\", *\"ok\": *true, *\"detail\": *\"[^\"]*$3" "$HERE/verdict" ||
		fail "the library of $name is not told to be $3"
}

way host dynamic "this machine's loader"
way musl static "statically with musl"
way musl dynamic "musl 1\.2\."
way glibc dynamic "glibc 2\."
way glibc static "statically with glibc"
