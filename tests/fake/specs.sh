#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Specs of C libraries may be given twice: libtool 2.4.7 and newer repeats -specs= when it links, and a spec that is renamed then
# fails ("attempt to rename spec"). What they add is there all the same.
. tests/fake/world
command -v gcc >/dev/null || {
	echo "skipped: no gcc"
	exit 77
}
gcc --version 2>/dev/null | grep -q 'Free Software' || {
	echo "skipped: gcc is another compiler"
	exit 77
}
echo 'int main(void) { return 0; }' >"$WORLD/a.c"
found=0
for specs in share/recipes/*/*.specs; do
	found=$((found + 1))
	set -- --sysroot="$WORLD" -specs="$specs" -specs="$specs" -v
	# these say where the unwinder of static programs lies
	grep -q '^[*]startfile:' "$specs" || set -- "$@" -static
	for stage in -E -c ''; do # the preprocessor, the compiler and the linker each read their own
		gcc "$@" -### $stage -o "$WORLD/a" "$WORLD/a.c" >"$WORLD/stdout" 2>&1 ||
			fail "$specs cannot be given twice (gcc $stage): $(tail -n 2 "$WORLD/stdout")"
		case $stage in
		'') says stdout "$WORLD/usr/lib" ;;
		*) ! grep -q '^[*]cpp_options' "$specs" || says stdout "-isystem $WORLD/usr/include" ;;
		esac
	done
done
[ $found -ge 2 ] || fail "only $found specs were tried"
