#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# cppcheck finds nothing. What it cannot know (allocators that abort, macros of cmocka) is switched off by name, not by file; so is
# what it says across files of a variable that the called function fills (it looks across files with one job only), and that it
# did not look at every branch.
. tests/lint/files
needs_tool cppcheck
rm -f "$FAULTS"
exec cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -j"${JOBS:-2}" \
	--enable=warning,performance,portability -D_GNU_SOURCE -DBOOTSMITH_VERSION='""' -DBOOTSMITH_DATA='""' \
	--suppress=missingIncludeSystem --suppress=nullPointerOutOfMemory --suppress=ctunullpointer --suppress=ctuuninitvar \
	--suppress=normalCheckLevelMaxBranches \
	-Ibackend/include -Ibackend backend tui
