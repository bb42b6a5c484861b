#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Facts about packages, machines and mirrors are data: no C file names a component, no file names a mirror or a path of the
# machine it was written on.
. tests/lint/files

files 'backend/*.c' | xargs grep -n '"' | grep -vE '#include|^[^:]*:[0-9]+:\s*(/?\*|.*/\*.*".*\*/$)' |
	grep -oE '^[^:]*:[0-9]+:|"([^"\\]|\\.)*"' | awk '/^[^":]*:[0-9]+:$/ { where = $0; next } { print where " " $0 }' |
	grep -iE '"[^"]*\b(linux|busybox|glibc|musl|grub|dropbear|x86_64|i386|aarch64|riscv64)\b' |
	fault 'A C file names a component or an architecture:'

# Hosts that may be named: where the components come from, standards, documentation, and names that lead nowhere.
PUBLIC='(([a-z0-9-]+\.)*(kernel\.org|busybox\.net|musl-libc\.org|musl\.libc\.org|gnu\.org|debian\.org|freedesktop\.org|no-color\.org|'
PUBLIC=$PUBLIC'github\.com|spdx\.org|man7\.org|qemu\.org|editorconfig\.org|matt\.ucc\.asn\.au|sourceware\.org|'
PUBLIC=$PUBLIC'example\.(org|com|net)|example|invalid|test|host)|localhost|127\.0\.0\.1|10\.0\.2\.[0-9]+|\[::1\])'
# (but for a recipe's url, which is where its project lives)
files '*' | grep -vE '^share/recipes/.*/recipe$' | xargs grep -noIE '\b(https?|ftp)://([a-z]+@)?[A-Za-z0-9.:_-]*[A-Za-z0-9-]+' |
	grep -vE "://([a-z]+@)?$PUBLIC(:[0-9]+)?\$" | fault 'A host that is not known to be public:'
files '*' | xargs grep -nIE '(^|[^A-Za-z0-9_.}])/(work|home/[a-z]+|root)/' | grep -vE '^(tests/lint/names.sh|share/rootfs/[a-z-]+\.files|tests/golden/[a-z-]+\.golden):' |
	fault 'A path of one machine:'
finish
