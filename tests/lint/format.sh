#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# C sources look as .clang-format says. The formatter's version is part of the rule: others differ in small things.
. tests/lint/files
needs_tool clang-format-14
files '*.[ch]' | xargs clang-format-14 --dry-run -Werror 2>&1 |
	sed -n 's/: error: code should be.*//p' | fault 'Run make fmt:'
finish
