#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A place for the results that cannot be had is found by check, and by a build before it compiles anything.
. tests/fake/world
world_make

expect 0 check tiny --offline
says stdout "they will be in $WORLD/here/out/tiny"
touch "$WORLD/here/file"
for place in "$WORLD/here/file" "$WORLD/here/file/below"; do
	expect 7 check tiny --offline --output "$place"
	says stdout "$WORLD/here/file is in the way"
	smith build tiny --plain --output "$place" >"$WORLD/stdout" 2>&1 </dev/null && fail 'results were written into a file'
	says stdout "$WORLD/here/file is in the way"
	! grep -q ': started' "$WORLD/stdout" || fail 'something was built first'
done
# where even root can make nothing, whatever the modes say
expect 7 check tiny --offline --output /proc/results
says stdout 'the folder /proc'
smith build tiny --plain --output /proc/results >"$WORLD/stdout" 2>&1 </dev/null && fail 'results were written below /proc'
! grep -q ': started' "$WORLD/stdout" || fail 'something was built first'
CACHE=/proc/cache expect 7 check tiny
says stdout 'BOOTSMITH_CACHE names another folder'
# one fault does not hide another: neither what cannot be had nor a wrong value keeps the rest from being looked at
mv "$WORLD/mirror" "$WORLD/gone"
CACHE=$WORLD/none expect 8 check tiny --offline --output /proc/results
mv "$WORLD/gone" "$WORLD/mirror"
says stdout 'FAIL  plan'
says stdout 'the folder /proc'
says stdout 'sandbox'
says stdout 'tools and libraries are here'
printf 'image = efi\nfirmware = bios\n' | profile wrong
expect 7 check wrong --offline --output /proc/results
says stdout 'FAIL  values'
says stdout 'the folder /proc'
if [ "$(id -u)" != 0 ]; then
	mkdir -m 0555 "$WORLD/here/shut"
	expect 7 check tiny --offline --output "$WORLD/here/shut/out"
	says stdout "$WORLD/here/shut cannot be written"
fi
expect 0 build tiny
nobody_left

# what is a person's own is shut to whom the person shuts it: the profile may hold the hash of a password
rm -rf "$WORLD/here/out"
(
	umask 077
	expect 0 build tiny
	expect 0 new shut hostname=x
) || exit 1
open=$(find "$WORLD/here/out" "$WORLD/config/bootsmith/profiles/shut.profile" -perm /077)
[ -z "$open" ] || fail "others may read with umask 077: $open"
nobody_left
