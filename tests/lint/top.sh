#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The top folder holds what a person looks for there, and nothing that a program left: what a fuzzer found was committed once.
. tests/lint/files

GIVEN='backend tui share templates profiles cache tests .ci .github
Makefile README.md HACKING.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE .clang-format .editorconfig .gitignore'

# shellcheck disable=SC2086 # its words
files '*' | cut -d / -f 1 | sort -u | grep -vxF "$(printf '%s\n' $GIVEN)" |
	fault 'In the top folder is what is not given in tests/lint/top.sh:'
# By name wherever it lies: libFuzzer writes into the folder that it was started in.
files '*' | grep -E '(^|/)(crash|leak|oom|timeout|slow-unit)-[0-9a-f]{40}$' | grep -v '^tests/fuzz/corpus/' |
	fault 'A fuzzer left this; what is worth keeping has a place and a name in tests/fuzz/corpus/TARGET:'
finish
