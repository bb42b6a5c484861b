#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bytes of a trigger's tool are in the keys of golden plans, and so is what the compiler's release decides: each has a
# stand-in, or they hold for one machine only.
. tests/lint/files

sed -n 's/^\(tool\|ask\) *= *\([^ ]*\).*/\2/p' share/triggers/*.trigger share/pairings/*.pairing | sort -u | while read -r tool; do
	[ -x "tests/golden/data/bin/$tool" ] || echo "$tool"
done | fault 'Programs of triggers and pairings without a stand-in in tests/golden/data/bin:'
finish
