#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What make check-packages does with what builds and boots tell it: one package that fails leaves the others alone, nothing is tried
# twice, and the table holds what passed. The program is played; that it tells such things is tried elsewhere.
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
fail() {
	echo "FAILED: $*"
	cat "$WORK/said"
	exit 1
}
mkdir -p "$WORK/share/measured" "$WORK/build"
recipe() { # NAME LINE
	mkdir -p "$WORK/share/recipes/$1"
	printf 'version = 1\n%s\n' "$2" >"$WORK/share/recipes/$1/recipe"
}
for name in good user broken above wrong ender picky; do
	recipe $name "try = $name"
done
recipe lib 'try ='
printf '[check picky-one]\nrun = one\n[check picky-two]\nrun = two\n' >"$WORK/share/recipes/picky/picky.check"
printf '# The head.\ntried = gone musl dynamic 1 2020-01-01\ntried = good host static 0.9 2020-01-01\nsize[libc=host, linkage=static] = good 900 9\n' \
	>"$WORK/share/measured/base.packages"
echo '# The head.' >"$WORK/share/measured/packages.steps"

# Plays the program: what it says depends on the names in the profile.
cat >"$WORK/build/bootsmith" <<'END'
#!/bin/sh
profile=$XDG_CONFIG_HOME/bootsmith/profiles/$2.profile
[ "$1" != packages ] || profile=$XDG_CONFIG_HOME/bootsmith/profiles/$4.profile
names=$(sed -n 's/^packages = //p' "$profile" 2>/dev/null)
libc=$(sed -n 's/^libc = //p' "$profile" 2>/dev/null)
has() {
	case " $names " in *" $1 "*) ;; *) return 1 ;; esac
}
echo "$1 $libc $names" >>"$WORK/calls"
case $1 in
packages)
	for name in above broken ender good lib picky user wrong; do
		all="\"$name\""
		[ $name != user ] || all='"user","lib"'
		[ $name != above ] || all='"above","broken"'
		echo "{\"name\":\"$name\",\"section\":\"Tests\",\"packages\":[$all],\"bytes\":null}"
	done
	;;
plan)
	[ "$libc $names" != "glibc picky" ] || { echo "picky cannot be had: it is picky" >&2; exit 6; }
	steps='{"id":"linux.build","kind":"x","key":"k","needs":[]}'
	for name in $names; do
		needs=
		[ $name != user ] || needs='"lib.install"' steps="$steps,{\"id\":\"lib.install\",\"key\":\"l\",\"needs\":[]}"
		[ $name != above ] || needs='"broken.build"' steps="$steps,{\"id\":\"broken.build\",\"key\":\"l\",\"needs\":[]}"
		steps="$steps,{\"id\":\"$name.build\",\"key\":\"$name-$libc$(cat "$WORK/new" 2>/dev/null)\",\"needs\":[$needs]}"
	done
	echo "{\"profile\":\"x\",\"steps\":[$steps]}"
	;;
build)
	mkdir -p out/guest && : >out/guest/initramfs.cpio
	if has broken || has above; then
		echo '{"event":"step-done","step":"broken.build","result":"failed","line":"x.c:1: error: \"y\"","cause":"It does not compile.","log":"x"}'
		exit 3
	fi
	for name in $names; do
		printf '[source %s]\nversion = 1.%s\n' "$name" ${#name}
	done >out/guest/lock
	;;
size)
	rows=
	for name in $names; do
		rows="$rows,{\"name\":\"$name\",\"bytes\":$((${#libc} * 100)),\"files\":3}"
	done
	echo "{\"file\":\"i\",\"bytes\":1,\"packages\":[${rows#,}],\"files\":[{\"path\":\"x\",\"bytes\":1}]}"
	;;
boot)
	checks='{"name":"shell","ok":true,"detail":"it answers"}'
	has ender || for name in $names; do
		case $name in
		picky) checks="$checks,{\"name\":\"picky-one\",\"ok\":true,\"detail\":\"\"},{\"name\":\"picky-two\",\"ok\":true,\"detail\":\"\"}" ;;
		wrong) checks="$checks,{\"name\":\"package-wrong\",\"ok\":false,\"detail\":\"wrong: ended with status 1\"}" ;;
		*) checks="$checks,{\"name\":\"package-$name\",\"ok\":true,\"detail\":\"\"}" ;;
		esac
	done
	echo "{\"event\":\"verdict\",\"verdict\":\"fail\",\"checks\":[$checks],\"diagnosis\":{\"id\":\"x\",\"cause\":\"It ended.\"}}"
	exit 4
	;;
esac
END
chmod +x "$WORK/build/bootsmith"
export WORK
check() { # STATUS WORDS...
	wanted=$1
	shift
	: >"$WORK/calls"
	env BOOTSMITH="$WORK/build/bootsmith" B="$WORK/build" DATA="$WORK/share" STATE="$WORK/state" WAYS='musl/dynamic glibc/dynamic' \
		XDG_CACHE_HOME="$WORK" tests/packages/run "$@" >"$WORK/said" 2>&1
	got=$?
	[ $got = "$wanted" ] || fail "status $got, not $wanted"
}
says() { # LINE
	grep -qxF -- "$1" "$WORK/said" || fail "it does not say: $1"
}

check 1
says 'fail broken (musl/dynamic): broken.build: It does not compile. [x.c:1: error: \"y\"]'
says 'fail above (glibc/dynamic): broken.build: It does not compile. [x.c:1: error: \"y\"]'
says 'fail wrong (musl/dynamic): wrong: ended with status 1'
says 'fail ender (musl/dynamic): the guest did not come to the check; It ended.'
says 'refused picky (glibc/dynamic): picky cannot be had: it is picky'
says '7 passed, 8 failed, 1 refused, 0 without a source'
cat >"$WORK/wanted" <<END
# The head.
size = good 900 9
size[libc=glibc, linkage=dynamic] = good 500 3
size[libc=host, linkage=static] = good 900 9
size[libc=musl, linkage=dynamic] = good 400 3
tried = good glibc dynamic 1.4 $(date -u +%F)
tried = good host static 0.9 2020-01-01
tried = good musl dynamic 1.4 $(date -u +%F)
size = lib 500 3
size[libc=glibc, linkage=dynamic] = lib 500 3
size[libc=musl, linkage=dynamic] = lib 400 3
tried = lib glibc dynamic 1.3 $(date -u +%F)
tried = lib musl dynamic 1.3 $(date -u +%F)
size = picky 400 3
size[libc=musl, linkage=dynamic] = picky 400 3
tried = picky musl dynamic 1.5 $(date -u +%F)
size = user 500 3
size[libc=glibc, linkage=dynamic] = user 500 3
size[libc=musl, linkage=dynamic] = user 400 3
tried = user glibc dynamic 1.4 $(date -u +%F)
tried = user musl dynamic 1.4 $(date -u +%F)
END
diff -u "$WORK/wanted" "$WORK/share/measured/base.packages" >>"$WORK/said" || fail "the table is another one"

# nothing is tried again, until what goes in is another
check 1
grep -E '^(build|boot)' "$WORK/calls" && fail "what was tried is tried again"
diff -u "$WORK/wanted" "$WORK/share/measured/base.packages" >>"$WORK/said" || fail "the table has changed"
check 1 --again wrong
grep -q '^boot musl wrong$' "$WORK/calls" || fail "--again does not try what failed"
echo 'try = another' >"$WORK/share/recipes/good/recipe"
check 0 good
grep -q '^boot musl good$' "$WORK/calls" || fail "another check is no reason to try it"
echo -new >"$WORK/new"
check 0 user lib
grep -q '^boot glibc user lib$' "$WORK/calls" || fail "other inputs are no reason to try it"
check 1 nobody
grep -q 'no package is called nobody' "$WORK/said" || fail "a package that is not there is not told"
