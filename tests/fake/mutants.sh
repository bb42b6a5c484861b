#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/lint/mutants in a project of one function, one rule and one test: changes that the test sees are killed, one that it cannot
# see survives and is shown, the project is as before, and nothing is left.
set -u
TOP=$(mktemp -d "${TMPDIR:-/tmp}/XXXXXX")
trap 'rm -rf "$TOP"' EXIT
mkdir -p "$TOP/toy/tests/lint" "$TOP/toy/tests/unit/toy" "$TOP/toy/backend/toy" "$TOP/toy/share/toy" "$TOP/tmp"
cp tests/lint/mutants "$TOP/toy/tests/lint"
cd "$TOP/toy" || exit 1

fail() {
	echo "FAILED: $*"
	cat "$TOP/out" "$TOP/err"
	exit 1
}

cat >backend/toy/toy.c <<'END'
/* Not more than 3, and "if (n > 9)" is no code. */
int toy_most(int n)
{
	if (n > 3)
		return 3;
	return n;
}
END
cat >share/toy/toy.rules <<'END'
# a rule that the test asks for, and one that it does not
[rule one]
when = a=b

[rule two]
when = c=d
END
cat >tests/unit/toy/toy_test.c <<'END'
int toy_most(int n);
int main(void) { return toy_most(4) == 3 && toy_most(3) == 3 && toy_most(2) == 2 ? 0 : 1; }
END
cat >Makefile <<'END'
tests: $(B)/tests/unit/toy/toy_test
$(B)/backend/toy/toy.o: backend/toy/toy.c ; mkdir -p $(@D) && $(CC) -c -o $@ $<
$(B)/tests/unit/toy/toy_test: tests/unit/toy/toy_test.c $(B)/backend/toy/toy.o ; mkdir -p $(@D) && $(CC) -o $@ $^
END
cat >tests/run <<'END'
#!/bin/sh
[ "$1$3" = -junit/toy ] && build/release/tests/unit/toy/toy_test && grep -q '^\[rule one\]' share/toy/toy.rules && exit 0
echo 'FAIL unit/toy/toy_test (0.001 s)'
exit 1
END
chmod +x tests/run
before=$(find . -type f -exec sha256sum {} + | sort)

mutants() { # STATUS WORDS...
	wanted=$1
	shift
	TMPDIR=$TOP/tmp tests/lint/mutants "$@" --tests unit/toy >"$TOP/out" 2>"$TOP/err"
	got=$?
	[ $got = "$wanted" ] || fail "status $got, not $wanted: $*"
}

survives() { # LINE
	grep -qxF -- "$1" "$TOP/out" || fail "it does not survive: $1"
}

# negated, < and >= for >, another 3 in both places
mutants 1 backend/toy -n 100
survives '+	if (n >= 3)'
[ "$(grep -c '^@@' "$TOP/out")" = 1 ] || fail "more than that survives"
grep -qx '5 changes: 4 killed, 1 survived, 0 with the same code, 0 refused by the compiler (seed 1)' "$TOP/out" ||
	fail "the sum is another one"
grep -q '^1 of 5: .*, backend/toy/toy.c$' "$TOP/err" || fail "it does not say how far it is"

mutants 1 share/toy/toy.rules -n 100
survives '-[rule two]'
grep -q '^-\[rule one\]' "$TOP/out" && fail "what the test asks for survives"

# the same seed, the same changes; as many as were asked for
mutants 0 backend/toy -n 3 --seed 7 --list
cp "$TOP/out" "$TOP/first"
[ "$(grep -c '^@@' "$TOP/out")" = 3 ] || fail "not three"
mutants 0 backend/toy -n 3 --seed 7 --list
cmp -s "$TOP/out" "$TOP/first" || fail "the same seed gives other changes"

# tests that fail by themselves say nothing about a change
sed -i 's/== 2/== 7/' tests/unit/toy/toy_test.c
mutants 2 backend/toy
grep -q 'unit/toy fails without any change' "$TOP/err" || fail "it goes on with tests that fail"
sed -i 's/== 7/== 2/' tests/unit/toy/toy_test.c
mutants 2 backend/none

[ "$before" = "$(find . -type f -exec sha256sum {} + | sort)" ] || fail "the project was changed"
[ -z "$(ls -A "$TOP/tmp")" ] || fail "something is left"
