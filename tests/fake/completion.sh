#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What Tab offers in bash, by the completion as it is installed; zsh and fish read theirs without a complaint where they are here.
set -eu
cd "$(dirname "$0")/../.."
make -s install MODE="${B#build/}" DESTDIR="$TMPDIR"
share=$(dirname "$(find "$TMPDIR" -name bash-completion)")
[ ! -e "$share/bootsmith/completion" ]
for text in README.md CHANGELOG.md LICENSE; do cmp "$text" "$share/doc/bootsmith/$text"; done
export HOME=$TMPDIR XDG_CONFIG_HOME=$TMPDIR/config BOOTSMITH_PATH=$TMPDIR/data:$PWD
for name in reader writer; do
	mkdir -p "$TMPDIR/data/share/recipes/$name" "$TMPDIR/data/share/groups"
	printf 'summary = it is\nversion = 1\nstyle = autoconf\nsection = Text\n' >"$TMPDIR/data/share/recipes/$name/recipe"
done
printf 'summary = both\npackages = reader writer\n' >"$TMPDIR/data/share/groups/text.group"
mkdir -p "$TMPDIR/here" "$TMPDIR/config/bootsmith/profiles"
: >"$TMPDIR/config/bootsmith/profiles/of-mine.profile"
# shellcheck disable=SC1091
. "$share/bash-completion/completions/bootsmith"
cd "$TMPDIR/here"
mkdir folder

offers() { # WANTED-WORDS LINE-WORDS...: the last word is being typed; -WORD must not be offered
	wanted=$1
	shift
	COMP_WORDS=("$BOOTSMITH" "$@") COMP_CWORD=$#
	_bootsmith || true
	for word in $wanted; do
		case $word in
		!*) ! printf '%s\n' "${COMPREPLY[@]}" | grep -qxF -- "${word#!}" || { echo "$*: offers ${word#!}" && exit 1; } ;;
		*) printf '%s\n' "${COMPREPLY[@]}" | grep -qxF -- "$word" || { echo "$*: does not offer $word" && exit 1; } ;;
		esac
	done
}

offers 'build boot !manual !new' b
offers '--help --directory !--json' --
offers '--jobs --offline --help !--grid' build --
offers '--grid --accel' boot first-boot --
offers 'first-boot of-mine' build ''
offers 'first-boot !of-mine' build f
offers 'auto kvm tcg' boot --accel ''
offers 'kvm !tcg' boot --accel = k
offers 'folder' build --output ''
offers 'first-boot' new x --from ''
offers 'kernel= init=' set of-mine ''
offers 'of-mine !kernel=' set ''
offers 'image+= image-= !kernel+=' set of-mine ''
offers 'reader @text !kernel=' set of-mine packages+ = ''
offers 'reader !writer' set of-mine packages = r
offers 'reader @text' packages ''
offers 'verify clean' cache ''
offers 'build cache' -C folder help ''
offers 'kernel-config' options k

for shell in zsh fish; do
	case $shell in
	zsh) file=$share/zsh/site-functions/_bootsmith ;;
	fish) file=$share/fish/vendor_completions.d/bootsmith.fish ;;
	esac
	[ -s "$file" ]
	if command -v $shell >/dev/null; then $shell -n "$file"; else echo "[  SKIPPED ] $shell is not here"; fi
done
make -s -C "$OLDPWD" uninstall DESTDIR="$TMPDIR"
[ -z "$(find "${share%/share}" -type f -o -type l)" ]
