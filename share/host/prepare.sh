#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes this machine ready: share/host/prepare.sh build|run|check
#
# Says what is missing for compiling bootsmith (build), for building and booting systems too (run), or for its tests too
# (check), and installs it with the system's package manager after a yes; at once when there is no terminal, when CI=true, or
# when root. Status 0: everything is there; 7: something is missing and could not be had.
set -u
here=$(dirname "$0")
os_release=${OS_RELEASE:-/etc/os-release}
[ -r "$os_release" ] || os_release=/usr/lib/os-release
self=prepare.sh

case ${1:-} in
build) goals=" build " ;;
run) goals=" build run " ;;
check) goals=" build run check " ;;
*) echo "usage: $self build|run|check" >&2 && exit 2 ;;
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

# Is any of the words there? Like backend/host.c, which answers the same for `bootsmith doctor`.
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

agreed() {
	[ "$(id -u)" = 0 ] && return 0
	[ "${CI:-}" = true ] && return 0
	{ [ -t 0 ] && [ -t 2 ]; } || return 0
	printf 'Install them? [Y/n] ' >&2
	read -r answer
	case $answer in "" | [yY]*) return 0 ;; esac
	return 1
}

lacking=$(missing)
[ -n "$lacking" ] || exit 0
tell_missing
list=$(find_list)
[ -n "$list" ] || give_up "no list of packages is known for this system ($os_release); install what is named above by hand"

packages=$(echo "$lacking" | while IFS='|' read -r name _; do setting "$name"; done | tr ' ' '\n' | sort -u | tr '\n' ' ')
refresh=$(setting refresh)
install=$(setting install)
become=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 ||
		give_up "installing needs root and there is no sudo; as root run: ${refresh:+$refresh && }$install $packages"
	become=sudo
fi
echo "This installs them: ${refresh:+${become:+$become }$refresh && }${become:+$become }$install $packages"
agreed || give_up "nothing was installed"
# Without a terminal nobody can type a password: sudo must not wait for one.
[ -z "$become" ] || [ -t 0 ] || become="sudo -n"
# shellcheck disable=SC2086 # words of the package list
{
	[ -z "$refresh" ] || $become $refresh </dev/null || echo "$self: '$refresh' failed; going on with the lists that are here" >&2
	$become $install $packages || give_up "the packages could not be installed; see the messages above"
}
if required_missing; then
	lacking=$(missing)
	tell_missing >&2
	echo "$self: still missing although the packages were installed; see share/host/needs for what was looked for" >&2
	exit 7
fi
