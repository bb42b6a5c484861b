#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes this machine ready: share/host/prepare.sh [--tell] build|run|check
#
# Says what is missing for compiling bootsmith (build), for building and booting systems too (run), or for its tests too
# (check), and installs it with the system's package manager after a yes; at once when there is no terminal, when CI=true, or
# when root. --tell only says in one sentence what is missing and what installs it.
# Status 0: everything is there; 7: something is missing and could not be had.
set -u
here=$(dirname "$0")
os_release=${OS_RELEASE:-/etc/os-release}
[ -r "$os_release" ] || os_release=/usr/lib/os-release
routes=${ROUTES:-/proc/net}
self=prepare.sh
tell=
[ "${1:-}" != --tell ] || { tell=yes && shift; }

case ${1:-} in
build) goals=" build " ;;
run) goals=" build run " ;;
check) goals=" build run check " ;;
*) echo "usage: $self [--tell] build|run|check" >&2 && exit 2 ;;
esac

# share/host/needs as lines NAME|PURPOSE|OPTIONAL|KIND|WORDS, those for one of our goals.
needs() {
	awk -v goals="$goals" '
	function flush(n, words, i, wanted) {
		n = split(goal, words, " ")
		for (i = 1; i <= n; i++)
			wanted = wanted || index(goals, " " words[i] " ")
		if (name != "" && wanted)
			print name "|" purpose "|" optional "|" kind "|" what
		name = purpose = optional = kind = what = goal = ""
	}
	/^\[need / { flush(); name = $2; sub(/\]$/, "", name) }
	/^[a-z]+ *=/ {
		key = $1
		value = $0
		sub(/^[^=]*= */, "", value)
		if (key == "purpose") purpose = value
		else if (key == "optional") optional = value
		else if (key == "for") goal = value
		else { kind = key; what = value }
	}
	END { flush() }' "$here/needs"
}

any_program() {
	for word; do
		command -v "$word" >/dev/null 2>&1 && return 0
	done
	return 1
}

# Is any of the words there? Like backend/proc/host.c, which answers the same for `bootsmith doctor`.
present() { # KIND WORDS
	kind=$1
	shift
	case $kind in
	tool) any_program "$@" ;;
	module) for word; do pkg-config --exists "$word" 2>/dev/null && return 0; done && return 1 ;;
	header) any_file "$@" -- /usr/include /usr/local/include /usr/include/*-*-* ;;
	library) any_file "$@" -- /usr/lib /usr/lib64 /lib /lib64 /usr/local/lib /usr/lib/*-*-* ;;
	file) for word; do [ -e "$word" ] && return 0; done && return 1 ;;
	esac
}

any_file() { # FILE... -- FOLDER...
	files=
	while [ "$1" != -- ]; do
		files="$files $1"
		shift
	done
	shift
	for folder; do
		for file in $files; do
			[ -e "$folder/$file" ] && return 0
		done
	done
	return 1
}

missing() {
	needs | while IFS='|' read -r name purpose optional kind what; do
		# shellcheck disable=SC2086 # several words
		present "$kind" $what || printf '%s|%s|%s\n' "$name" "$purpose" "$optional"
	done
}

# The package list of this system: by its own name, else by those it says it is like.
find_list() {
	ids=$(sed -n -e 's/^ID=//p' -e 's/^ID_LIKE=//p' "$os_release" 2>/dev/null | tr -d "\"'" | tr '\n' ' ')
	for id in $ids; do
		[ -r "$here/$id.packages" ] && echo "$here/$id.packages" && return
	done
}

setting() { # KEY: a line of the package list
	sed -n "s/^$1 *= *//p" "$list"
}

tell_missing() {
	echo "Missing on this machine:"
	echo "$lacking" | while IFS='|' read -r name purpose optional; do
		printf '  %-14s %s%s\n' "$name" "$purpose" "${optional:+ (optional)}"
	done
}

# Is anything missing that is not optional?
required_missing() {
	missing | grep -qv '|yes$'
}

give_up() {
	echo "$self: $1" >&2
	required_missing && exit 7
	echo "$self: going on, for all that is still missing is optional" >&2
	exit 0
}

# What to type as root, or with sudo where there is one. It has no options but those that a person needs.
command_line() { # PACKAGE...
	echo "${refresh:+${become:+$become }$refresh && }${become:+$become }$install $*"
}

for_root() {
	become=
	# shellcheck disable=SC2086 # package names
	echo "as root run: $(command_line $packages)"
}

# The end of the input is no answer, and no answer is a no.
agreed() {
	[ "$(id -u)" = 0 ] && return 0
	[ "${CI:-}" = true ] && return 0
	{ [ -t 0 ] && [ -t 2 ]; } || return 0
	printf 'Install them? %s ' "$([ -n "$warning" ] && echo '[y/N]' || echo '[Y/n]')" >&2
	read -r answer || { echo >&2 && return 1; }
	case $answer in
	[yY]*) return 0 ;;
	"") [ -z "$warning" ] ;;
	*) return 1 ;;
	esac
}

# Without a default route no server can be reached. Known at once, where some package managers try for minutes.
offline() {
	[ -r "$routes/route" ] || return 1
	! awk '$2 == "00000000" && $1 != "lo" { found = 1 } END { exit !found }' "$routes/route" &&
		! awk '$1 ~ /^0+$/ && $2 == "00" && $10 != "lo" { found = 1 } END { exit !found }' "$routes/ipv6_route" 2>/dev/null
}

# A list that cannot be refreshed may still do. What the package manager says then is shown only in part: where there is no
# network it would be a hundred lines that say the same.
refresh_lists() {
	refreshed=yes
	[ -n "$refresh" ] || return 0
	# shellcheck disable=SC2086 # words of the package list
	$become $refresh $quickly </dev/null >"$log" 2>&1 && return 0
	refreshed=
	! offline || give_up "there is no network here, so nothing can be installed; with one, $(for_root)"
	echo "$self: '$refresh' failed; going on with the lists that are here" >&2
	tail -n 2 "$log" | sed 's/^/  /' >&2
}

# shellcheck disable=SC2086 # words of the package list
install_all() {
	[ -n "$refreshed" ] || {
		$become $install $quickly $packages </dev/null >"$log" 2>&1 || { tail -n 2 "$log" | sed 's/^/  /' >&2 && return 1; }
		return 0
	}
	$become $install $packages && return 0
	# One that this release does not have must not keep the others away.
	echo "$self: that failed for all together; one after the other:" >&2
	unknown=
	for package in $packages; do
		$become $install "$package" </dev/null >"$log" 2>&1 || unknown="$unknown $package"
	done
	[ -z "$unknown" ] || echo "$self: could not be installed:$unknown" >&2
}

# What is optional and is not to be had from this system is not asked for again and again.
obtainable() { # NAME
	found=
	for package in $(setting "$1"); do
		found=yes
		# without lists nothing is known, and everything may be
		if [ -n "$knows" ] && $knows make >/dev/null 2>&1 && ! $knows "$package" >/dev/null 2>&1; then
			return 1
		fi
	done
	[ -n "$found" ]
}

list=$(find_list)
knows=
[ -z "$list" ] || knows=$(setting knows)
lacking=$(missing | while IFS='|' read -r name purpose optional; do
	[ -n "$list" ] && [ -n "$optional" ] && ! obtainable "$name" || printf '%s|%s|%s\n' "$name" "$purpose" "$optional"
done)
[ -n "$lacking" ] || exit 0
packages=$(echo "$lacking" | while IFS='|' read -r name _; do [ -z "$list" ] || setting "$name"; done | tr ' ' '\n' | sort -u | tr '\n' ' ')
[ -z "$list" ] || {
	refresh=$(setting refresh)
	install=$(setting install)
	quickly=$(setting quickly)
	warning=$(setting warning)
}
become=
[ "$(id -u)" = 0 ] || ! command -v sudo >/dev/null 2>&1 || become=sudo
if [ -n "$tell" ]; then
	required_missing || exit 0
	names=$(echo "$lacking" | sed -n 's/|$//p' | sed 's/|.*//' | tr '\n' ' ' | sed 's/ $//; s/ /, /g')
	echo "bootsmith needs what is missing on this machine: $names; ${list:+this installs it: }$(
		# shellcheck disable=SC2086 # package names
		[ -n "$list" ] && command_line $packages || echo "no list of packages is known for this system ($os_release)")" >&2
	exit 7
fi
tell_missing
[ -n "$list" ] || give_up "no list of packages is known for this system ($os_release); install what is named above by hand"
[ "$(id -u)" = 0 ] || [ -n "$become" ] || give_up "installing needs root and there is no sudo; $(for_root)"
# shellcheck disable=SC2086 # package names
echo "This installs them: $(command_line $packages)"
[ -z "$warning" ] || echo "Mind: $warning."
[ -n "$refresh" ] || ! offline || give_up "there is no network here, so nothing can be installed; with one, $(for_root)"
agreed || give_up "nothing was installed"
if [ -n "$become" ] && [ -t 0 ]; then
	sudo -v || give_up "sudo refuses; $(for_root)"
elif [ -n "$become" ]; then
	become="sudo -n" # without a terminal nobody can type a password: sudo must not wait for one
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
refresh_lists
install_all || give_up "the packages could not be installed; see above, or $(for_root)"
if required_missing; then
	lacking=$(missing)
	tell_missing >&2
	echo "$self: still missing although the packages were installed; see share/host/needs for what was looked for" >&2
	exit 7
fi
