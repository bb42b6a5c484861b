#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Data that exists as a finished package: fetched and verified like a source, unpacked, and put into the system at its place.
# Nothing of it is run, machine code in it is refused unless the recipe says what for.
. tests/fake/world
world_make

deb() { # FILE: a binary package of what is in $WORLD/deb, in the mirror
	(cd "$WORLD" && tar -C deb --sort=name --mtime=@1200000000 --owner=0 --group=0 -cf data.tar . && xz -0 -f data.tar &&
		echo 2.0 >debian-binary && rm -f "mirror/$1" && ar rcD "mirror/$1" debian-binary data.tar.xz)
}
listed() { # FILE VERSION: in the catalogue
	printf '[series %s]\nurl = https://example.org/pub/zones_{version}_all.deb\narchive = %s %s\n' \
		"$2" "$2" "$(sha256sum "$WORLD/mirror/$1" | cut -c-64)" >"$WORLD/data/share/catalogue/zones"
}
mkdir -p "$WORLD/deb/usr/share/zones" "$WORLD/deb/usr/share/ca-certificates/mine" "$WORLD/data/share/recipes/zones"
echo east >"$WORLD/deb/usr/share/zones/east"
ln -s /etc/hostname "$WORLD/deb/usr/share/zones/here"
printf 'two' >"$WORLD/deb/usr/share/ca-certificates/mine/b.crt"
echo one >"$WORLD/deb/usr/share/ca-certificates/mine/a.crt"
deb zones_2026b-1_all.deb
listed zones_2026b-1_all.deb 2026b-1
cat >"$WORLD/data/share/recipes/zones/recipe" <<-'END'
	summary = Zones
	section = System
	version =
	style   = data
	archive = binary
	debian  = zones
	licence = MIT
END
profile data <<-'END'
	packages = zones
	image = tar
	linkage = static
END
unpacked() { # PATH: of the archive
	tar -xOf "$WORLD"/here/out/data/*.tar* "$1"
}

build data
[ "$(unpacked usr/share/zones/east)" = east ] || fail "the file is not in the system"
tar -tvf "$WORLD"/here/out/data/*.tar* >"$WORLD/stdout"
says stdout 'usr/share/zones/here -> ../../../etc/hostname'
# the trigger's file ends each certificate with a line end, in the order of their names
[ "$(unpacked etc/ssl/certs/ca-certificates.crt)" = "$(printf 'one\ntwo')" ] || fail "the certificates are not one file"
expect 0 lock data
says stdout zones
grep -q '^version = 2026b-1$' "$WORLD/config/bootsmith/profiles/data.lock" || fail "it is not locked"
first=$(sha256sum "$WORLD"/here/out/data/*.tar*)
rm -rf "$WORLD"/cache/tree/zones* "$WORLD"/cache/stage/zones* "$WORLD"/cache/stage/tar*
rm "$WORLD"/mirror/zones*
expect 0 build data --offline
[ "$first" = "$(sha256sum "$WORLD"/here/out/data/*.tar*)" ] || fail "the second time the results differ"
rm "$WORLD/config/bootsmith/profiles/data.lock"

# machine code
cp /bin/true "$WORLD/deb/usr/share/zones/blob"
deb zones_2026c-1_all.deb
listed zones_2026c-1_all.deb 2026c-1
expect 8 build data
says stdout "the entry 'usr/share/zones/blob' is machine code"
echo 'elf = /usr/share/zones/blob' >>"$WORLD/data/share/recipes/zones/recipe"
expect 6 plan data
says stderr "what these files are for"
sed -i 's|^elf = .*|& the program of the sound processor|' "$WORLD/data/share/recipes/zones/recipe"
expect 0 plan data
says stderr "zones takes machine code from its package, /usr/share/zones/blob: the program of the sound processor"
build data
unpacked usr/share/zones/blob | cmp -s - "$WORLD/deb/usr/share/zones/blob" || fail "the blob is not in the system"

# what no recipe can say
sed -i 's/^archive = .*/archive = deb/' "$WORLD/data/share/recipes/zones/recipe"
expect 6 plan data
says stderr 'archive is source, binary (a finished package, for data) or none'
