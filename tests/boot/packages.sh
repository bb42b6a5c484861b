#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages of several styles, with libraries, a tool for this machine from the same source, and Debian's patches: built for musl
# and used in the guest by what their recipes say. None of their stages tells where it was made.
. tests/boot/common
printf '%s\n' 'libc = musl' 'linkage = dynamic' 'packages = less file xz lua expat lsof' | profile programs
built programs
grep -q '"patches": "debian:' "$HERE/out/programs/manifest.json" ||
	fail "the manifest does not tell of Debian's patches"
booted 0 programs
checked kernel shell libc init package-less package-file package-xz package-lua package-lsof poweroff
