#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The Makefile, tried on a copy of the sources: what is compiled again when, and what it says where something is missing.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL B CFLAGS PREFIX
cp -R Makefile backend tui share tests "$work"
cd "$work"
fail() {
	echo "$1"
	cat out 2>/dev/null
	exit 1
}

# A changed PREFIX or CFLAGS compiles anew what holds it, and nothing else.
place=b/backend/base/place.o
again() { # OBJECT WORDS: is it compiled?
	make B=b "$@" >out
	grep -q '  CC ' out
}
make -s B=b $place b/backend/base/text.o
again $place && fail 'place.o is compiled again for nothing'
again b/backend/base/text.o PREFIX=/elsewhere && fail 'a PREFIX compiles what does not hold it'
again $place PREFIX=/elsewhere || fail 'PREFIX compiles nothing'
grep -q /elsewhere/share/bootsmith $place || fail 'the program does not hold the PREFIX'
again b/backend/base/text.o CFLAGS=-Dcc='"other words"' || fail 'CFLAGS compile nothing'

# Fuzzing for no time at all would be fuzzing without end: libFuzzer takes 0 for that.
make -s fuzz SECONDS=0 >out 2>&1 && fail 'make fuzz SECONDS=0 begins'
grep -q 'a whole number from 1 on' out || fail 'make fuzz SECONDS=0 does not say what is wrong'

# Without the libraries there is one sentence, which names them and what installs them, and nothing is compiled.
for target in all tests; do
	got=0
	PKG_CONFIG_LIBDIR=$work/none make -j4 B=c $target >out 2>&1 || got=$?
	[ $got = 2 ] || fail "make $target ended with $got"
	[ "$(grep -c 'bootsmith needs what is missing on this machine: .*jansson.*; ' out)" = 1 ] || fail 'not one sentence'
	! grep -q 'CC  \|error' out || fail 'the compiler was started'
done

# Tests of what could not be built are not run.
PKG_CONFIG_LIBDIR=$work/none tests/run build/release unit/base/text_test cli/version >out 2>&1 && fail 'without a program all is well'
grep -q '^2 were not run: .*release' out || fail 'it is not said what was not run'
[ "$(tail -n 1 out)" = '0 passed, 1 failed' ] || fail 'one cause is one failure'

# What a fuzzer finds stays below build/, where it can be tried again, and nothing appears in the folder it was started in.
mkdir -p build/fuzz/tests/fuzz tests/fuzz/corpus/toy_fuzz
cat >build/fuzz/tests/fuzz/toy_fuzz <<'EOF'
#!/bin/sh
prefix=
for word; do case $word in -artifact_prefix=*) prefix=${word#*=} ;; esac; done
echo found >"${prefix}crash-1" && exit 77
EOF
chmod +x build/fuzz/tests/fuzz/toy_fuzz
echo x >tests/fuzz/corpus/toy_fuzz/x
: >before && echo * >before
tests/fuzz/explore toy_fuzz 1 >out 2>&1 && fail 'a crash is no failure'
echo * | diff before - || fail 'a fuzzer writes beside the sources'
[ "$(cat build/fuzz/found/toy_fuzz/crash-1)" = found ] || fail 'what was found is gone'
grep -q '^--- build/fuzz/found/toy_fuzz/crash-1$' out || fail 'it is not said where it is'
