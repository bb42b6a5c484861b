#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A new image format is one .image file: then it is a value of the choice, what asks for its traits takes it, and it is built,
# weighed, written to a stick and started from the media of a machine like those that came along.
. tests/fake/world
world_make
stick_make
guest_make
cat >"$WORLD/data/share/images/twin.image" <<-'END'
	summary = the same disk once more
	order   = 35
	traits  = kernel disk stick sata
	drive   = raw
	file    = {profile}.twin
	tree    = medium
	use     = disk
	lay     = {work}/none {epoch} {out}
	run     = cp {use.disk} {out}
	same    = {out} {use.disk}
END
echo 'include = pc.media' >>"$WORLD/data/share/machines/x86_64.machine"
mkdir -p "$WORLD/here/out/guest"
profile guest <<-'END'
	kernel   = 9.8
	hostname = fake
	init     = script
	network  = none
	image    = twin
END

expect 0 options image
says stdout 'the same disk once more'
tr -s ' \n' '  ' <"$WORLD/stdout" | grep -q ' disk .* twin .* qcow2 .* slab' || fail "it is not in its place among the values"
# what asks for the trait names it: a disk has a partition table; this one has no boot menu
expect 0 options partition-table
says stdout 'needs image=twin|qcow2|vmdk|vdi|vhdx'
expect 0 options boot-timeout
says stdout 'needs image=iso|'
grep -q twin "$WORLD/stdout" && fail "it has a trait that nobody gave it"
expect 0 new mine image=twin partition-table=mbr
expect 6 set mine boot-timeout=5

# the kernel is built for it, and the disk that it is made of is no result
expect 0 plan guest
says stdout 'twin.write'
says stdout 'linux.build'
scenario pass
expect 0 boot guest --plain --accel tcg
[ -s "$WORLD/here/out/guest/guest.twin" ] || fail "it was not built"
[ ! -e "$WORLD/here/out/guest/guest.img" ] || fail "what it is made of became a result"
expect 0 size guest
says stdout 'guest.twin'

# from what the machine's media say: SATA by its own trait, USB and SD as what can be written to a stick
expect 0 boot guest --plain --accel tcg --grid --firmware bios
for medium in 'SATA disk (AHCI)' 'SD card'; do
	grep -q "^$medium  *guest.twin  *[^ ]* .* s" "$WORLD/stdout" || fail "it was not started as $medium"
done
grep -q '^virtio disk .*guest.twin' "$WORLD/stdout" && fail "it is a medium whose trait it lacks"
says stdout 'no image of this profile can be one; add iso to its image'

expect 0 write guest sdb --yes-erase sdb
says stdout 'guest.twin is on /dev/sdb'

# a misspelt trait is a fault of the file that has it
sed -i 's/^traits .*/traits = kernel dsik/' "$WORLD/data/share/images/twin.image"
expect 6 options image
says stderr "twin.image:3: the trait 'dsik' is declared in no share/images/*.traits; did you mean 'disk'?"
sed -i 's/dsik/disk/' "$WORLD/data/share/images/twin.image"
mkdir -p "$WORLD/data/share/options"
printf '[rule one]\nwhen = image=@dsik\nreason = x\n' >"$WORLD/data/share/options/99-one.options"
expect 6 options image
says stderr "99-one.options:2: no value of 'image' is known to have the trait '@dsik'; did you mean '@disk'?"
# another one is declared beside it
printf 'dsik = a word of our own\n' >"$WORLD/data/share/images/mine.traits"
expect 0 options image
nobody_left
