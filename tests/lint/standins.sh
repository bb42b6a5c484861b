#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The bytes of a trigger's tool are in the keys of golden plans: each has a stand-in, or they hold for one machine only.
. tests/lint/files

sed -n 's/^tool *= *//p' share/triggers/*.trigger | sort -u | while read -r tool; do
	[ -x "tests/golden/data/bin/$tool" ] || echo "$tool"
done | fault 'Tools of triggers without a stand-in in tests/golden/data/bin:'
finish
