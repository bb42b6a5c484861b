#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# share/host/prepare.sh on machines that are made up: programs are stubs, the package manager writes down what it was
# asked for.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/host"
for tool in sh awk sed grep tr sort dirname cat cp env tail mktemp rm; do
	ln -s "$(command -v $tool)" "$work/bin/$tool"
done
stub() { # NAME LINE...
	name=$1
	shift
	printf '%s\n' '#!/bin/sh' "$@" >"$work/bin/$name"
	chmod +x "$work/bin/$name"
}
stub id 'echo 0'
printf 'ID=mine\nID_LIKE="other like"\n' >"$work/os-release"
cp share/host/prepare.sh "$work/host"
cat >"$work/host/needs" <<'END'
[need one]
tool    = first-tool
purpose = building
for     = build
[need two]
tool    = second-tool another
purpose = running / booting
for     = run
[need three]
header   = no/such/header.h
purpose  = a rare case
for      = run
optional = yes
[need four]
tool    = fourth-tool
purpose = tests
for     = check
END
cat >"$work/host/like.packages" <<'END'
refresh = manager refresh
quickly = --quickly
install = manager install

[packages]
one   = package-one
two   = package-two package-two-more
three = package-three
four  = package-four
END

mkdir "$work/online" "$work/offline"
printf 'Iface\tDestination\tGateway\neth0\t00000000\t010200C0\n' >"$work/online/route"
printf 'Iface\tDestination\tGateway\neth0\t000200C0\t00000000\n' >"$work/offline/route"
echo '00000000000000000000000000000000 00 0 00 0 ffffffff 1 0 00200200 lo' >"$work/offline/ipv6_route"
routes=$work/online

prepare() { # STATUS WORDS...
	wanted=$1
	got=0
	shift
	PATH=$work/bin OS_RELEASE=$work/os-release ROUTES=$routes CI='' "$work/host/prepare.sh" "$@" >"$work/out" 2>&1 \
		</dev/null || got=$?
	[ "$got" = "$wanted" ] || fail "prepare.sh $* ended with $got, not $wanted"
}

# The same on a terminal, which says what is typed there.
at_terminal() { # STATUS TYPED GOAL
	got=0
	printf '%b' "$2" | PATH=$work/bin OS_RELEASE=$work/os-release ROUTES=$routes CI='' "$(command -v script)" -qec \
		"'$work/host/prepare.sh' $3" /dev/null >"$work/out" 2>&1 || got=$?
	[ "$got" = "$1" ] || fail "prepare.sh $3 ended with $got, not $1"
}
fail() {
	echo "$1"
	cat "$work/out"
	exit 1
}
says() {
	grep -qF -- "$1" "$work/out" || fail "it does not say: $1"
}

prepare 2 everything
: >"$work/asked"
stub manager "echo \"\$*\" >>'$work/asked'" \
	"[ \$1 = install ] && for t in first-tool another; do cp '$work/bin/id' '$work/bin/'\$t; done; exit 0"

# A package manager that does what it is told, root: no question, one call, only what the goal needs.
prepare 0 build
says 'building'
[ "$(cat "$work/asked")" = "refresh --quickly
install package-one" ] || fail "asked for: $(cat "$work/asked")"
prepare 0 run
grep -qx 'install package-three' "$work/asked" || fail "asked for: $(cat "$work/asked")"
says 'three '
says '(optional)'

# One that says yes and does nothing: what is still missing is told.
prepare 7 check
says 'still missing'

# One that fails: what is optional does not stop anything, what is required does.
stub manager 'exit 1'
prepare 0 run
says 'optional'
prepare 7 check
says 'could not be installed'

# A name that this release does not know keeps the others away from nobody.
rm -f "$work/bin/first-tool" "$work/bin/another"
stub manager "echo \"\$*\" >>'$work/asked'" 'case "$*" in *package-two*) exit 1 ;; esac' \
	"[ \$1 = refresh ] || cp '$work/bin/id' '$work/bin/first-tool'"
: >"$work/asked"
prepare 7 run
grep -qx 'install package-one' "$work/asked" || fail "package-one was not installed alone: $(cat "$work/asked")"
says 'could not be installed: package-two package-two-more'

# Without a network that is said first, and nobody tries for minutes: one short attempt where a list could be refreshed from a
# medium, none where there is no such thing.
routes=$work/offline
stub manager "echo \"\$*\" >>'$work/asked'" 'exit 1'
: >"$work/asked"
prepare 7 run
says 'there is no network here'
says 'as root run: manager refresh && manager install'
[ "$(cat "$work/asked")" = 'refresh --quickly' ] || fail "asked for: $(cat "$work/asked")"
sed -i '/^refresh/d' "$work/host/like.packages"
: >"$work/asked"
prepare 7 run
says 'there is no network here'
[ ! -s "$work/asked" ] || fail "asked for: $(cat "$work/asked")"
routes=$work/online
sed -i '1i refresh = manager refresh' "$work/host/like.packages"

# A list that cannot be refreshed is no reason to give up, but then every attempt is short and what it said, too.
stub manager "echo \"\$*\" >>'$work/asked'" "[ \$1 = install ] || { seq 100; exit 1; }" \
	"for t in first-tool another; do cp '$work/bin/id' '$work/bin/'\$t; done"
: >"$work/asked"
ln -s "$(command -v seq)" "$work/bin/seq"
prepare 0 run
[ "$(wc -l <"$work/out")" -lt 15 ] || fail 'that is much to say'
grep -q '^install --quickly package-' "$work/asked" || fail "asked for: $(cat "$work/asked")"
stub manager 'exit 1'

# In one sentence, for who only compiles.
rm -f "$work/bin/first-tool" "$work/bin/another"
prepare 7 --tell run
says 'bootsmith needs what is missing on this machine: one, two; this installs it: manager refresh && manager install package-one'
[ "$(wc -l <"$work/out")" = 1 ] || fail 'that is more than a sentence'
cp "$work/bin/id" "$work/bin/first-tool"
prepare 0 --tell build

# What is optional and what the system does not have is not asked for again and again, unless it knows nothing at all.
cp "$work/bin/id" "$work/bin/second-tool"
sed -i '1i knows = manager knows' "$work/host/like.packages"
stub manager "echo \"\$*\" >>'$work/asked'" "[ \"\$*\" = 'knows make' ]"
: >"$work/asked"
prepare 0 run
[ ! -s "$work/out" ] || fail 'it says something'
grep -q '^knows package-three$' "$work/asked" || fail "asked for: $(cat "$work/asked")"
stub manager 'exit 1'
prepare 0 run
says 'three '
sed -i '/^knows/d' "$work/host/like.packages"
rm "$work/bin/second-tool"

# Who is not root and has no sudo is told the commands; with sudo and no terminal it must not wait for a password.
stub id 'echo 1000'
prepare 7 check
says 'as root run: manager refresh && manager install'
stub sudo "echo \"\$*\" >>'$work/asked'" 'exit 1'
prepare 7 check
grep -q '^-n manager install --quickly package-four' "$work/asked" || fail "asked for: $(cat "$work/asked")"

# On a terminal: the end of the input is a no, and what an installation does besides is said before it is agreed to.
: >"$work/asked"
at_terminal 7 '' run
says 'Install them? [Y/n]'
says 'nothing was installed'
at_terminal 7 'n\n' run
[ ! -s "$work/asked" ] || fail "asked for: $(cat "$work/asked")"
sed -i '1i warning = it eats everything' "$work/host/like.packages"
at_terminal 7 '\n' run
says 'Mind: it eats everything.'
says 'Install them? [y/N]'
says 'nothing was installed'

# A sudo that refuses is asked once.
at_terminal 7 'y\n' run
[ "$(cat "$work/asked")" = '-v' ] || fail "asked for: $(cat "$work/asked")"
says 'sudo refuses; as root run: manager refresh && manager install'

# A system nobody has a list for, and one that does not say its name.
echo ID=unheard >"$work/os-release"
prepare 7 check
says 'no list of packages is known'
: >"$work/os-release"
prepare 7 check
rm "$work/os-release"
prepare 7 check
