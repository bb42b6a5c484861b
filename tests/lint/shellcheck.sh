#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Shell programs, also those that go into the guest and those that have no ending.
. tests/lint/files
needs_tool shellcheck
shell_files | xargs shellcheck -x -e SC2119
