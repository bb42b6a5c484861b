#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What has no kernel is not offered to be booted, nor a tar to be written onto a device: not in the row of keys, and the key says why, before and after the build.
. tests/fake/world
world_make
profile archive <<-END
	hostname = archive
	image    = tar
END
play <<-'END'
	size 80x24
	start archive
	wait "? Help"
	keys 4
	deadline 30
	wait "built archive"
	wait "a virtual machine starts a kernel"
	lacks "b boots it"
	lacks "b Boot"
	lacks "w Write"
	keys b
	wait "No test boot can follow"
	has "a virtual machine starts"
	keys Enter
	lacks "No test boot can follow"
	has "built archive"
	keys ?
	wait "boot the system when the build is done"
	keys Esc q
	exit 0
	start tiny
	wait "? Help"
	keys 4
	wait "b boots it"
	has "b Boot"
	keys q
	exit 0
END
nobody_left
