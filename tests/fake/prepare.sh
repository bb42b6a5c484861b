#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# share/host/prepare.sh on machines that are made up: programs are stubs, the package manager writes down what it was
# asked for.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/host"
for tool in sh awk sed grep tr sort dirname cat cp env; do
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
install = manager install

[packages]
one   = package-one
two   = package-two package-two-more
three = package-three
four  = package-four
END

prepare() { # STATUS GOAL
	got=0
	PATH=$work/bin OS_RELEASE=$work/os-release CI='' "$work/host/prepare.sh" "$2" >"$work/out" 2>&1 </dev/null || got=$?
	[ "$got" = "$1" ] || fail "prepare.sh $2 ended with $got, not $1"
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
[ "$(cat "$work/asked")" = "refresh
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

# Who is not root and has no sudo is told the commands; with sudo and no terminal it must not wait for a password.
stub id 'echo 1000'
prepare 7 check
says 'as root run: manager refresh && manager install'
stub sudo "echo \"\$*\" >>'$work/asked'" 'exit 1'
prepare 7 check
grep -q '^-n manager install package-four' "$work/asked" || fail "asked for: $(cat "$work/asked")"

# A system nobody has a list for, and one that does not say its name.
echo ID=unheard >"$work/os-release"
prepare 7 check
says 'no list of packages is known'
: >"$work/os-release"
prepare 7 check
rm "$work/os-release"
prepare 7 check
