#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The disk is full while the package index is read or written: status 7 and not 8, for no archive is to blame; and with room it
# is read at once. The package manager is played.
if [ -z "${INSIDE:-}" ]; then
	alone="unshare -m"
	[ "$(id -u)" = 0 ] || alone="unshare -Urm"
	$alone true 2>/dev/null || { echo "no mount namespaces for this user" && exit 77; }
	INSIDE=yes exec $alone "$0"
fi
. tests/fake/world
world_make
mkdir -p "$WORLD/bin" "$WORLD/data/share/origins"
WORLD_PATH=$WORLD/bin:$PATH
system=$(sed -n 's/^ID=//p' /etc/os-release | tr -d "\"'")
printf '[distribution %s]\norigin = Played\nsuites = stable\ncomponent = main\n' "$system" >"$WORLD/data/share/origins/debian"
echo 'origins = cache debian' | settings
cat >"$WORLD/bin/apt-get" <<-'END'
	#!/bin/sh
	case "$*" in
	*REPO_URI*) echo 'http://archive.invalid/debian/|stable|main|Played|' ;;
	*indextargets*) echo "${2%/*}/lists/Sources" ;;
	*update*)
		head -c 300000 /dev/zero >"${2%/*}/lists/part" 2>/dev/null || {
			echo 'W: Some index files failed to download.'
			echo 'E: Write error - write (28: No space left on device)'
			exit 100
		}
		{
			printf 'Package: linux\nVersion: 6.12.9-1\nDirectory: pool/main/l/linux\nChecksums-Sha256:\n'
			printf ' %064d 1000 linux_6.12.9.orig.tar.xz\n\n' 7
		} >"${2%/*}/lists/Sources"
		;;
	esac
END
chmod +x "$WORLD/bin/apt-get"

CACHE=$WORLD/small
mkdir "$CACHE"
mount -t tmpfs -o size=256k none "$CACHE" || exit 77

# There is room for apt-get's settings, but not for the index.
for verb in plan fetch build; do
	expect 7 $verb tiny
	cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
	says all 'No space left on device'
done
expect 7 versions linux
nobody_left

# There is not even room for the settings.
rm -rf "${CACHE:?}"/*
mkdir -p "$CACHE/index/apt/stable/lists/partial" "$CACHE/index/apt/stable/cache/archives/partial" "$CACHE/lock"
head -c 400000 /dev/zero >"$CACHE/filler" 2>/dev/null
expect 7 plan tiny
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all 'No space left on device'

# With room the index is read at once; what it has cannot be fetched, which is the archive's fault.
mount -o remount,size=20m "$CACHE"
expect 0 versions linux
says stdout 'debian stable'
expect 8 plan tiny
nobody_left
