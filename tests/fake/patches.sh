#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What changes a source before it is compiled: a person's patches for kernel and BusyBox, a recipe's, Debian's from an archive of
# the test's own; what does not fit says which file and line, and what was there stays. Locks, offline, and without.
. tests/fake/world
world_make
profiles=$WORLD/config/bootsmith/profiles

change() { # FILE FROM TO: a patch of one line
	printf -- '--- tool-1.0/%s\n+++ tool-1.0/%s\n@@ -1 +1 @@\n-%s\n+%s\n' "$1" "$1" "$2" "$3"
}

# A file for BusyBox, and a folder for the kernel in the order of names; the paths are relative to the profile.
mkdir -p "$profiles/fixes"
change a.c 'int a = 0; /* linux 6.12.9 */' 'int a = 1; /* first */' >"$profiles/fixes/01.patch"
change a.c 'int a = 1; /* first */' 'int a = 2; /* second */' >"$profiles/fixes/02.patch"
echo 'no patch' >"$profiles/fixes/README"
change x.c 'int x = 0; /* busybox 1.37.0 */' 'int x = 3; /* mine */' >"$profiles/box.patch"
profile mine <<-END
	hostname = mine
	patches  = linux=fixes busybox=box.patch
END
build mine
grep -q 'int a = 2; /\* second' "$WORLD/here/out/mine/vmlinuz" || fail "the kernel is not patched"
grep -q '"patches": "01.patch 02.patch"' "$WORLD/here/out/mine/manifest.json" || fail "the manifest lacks the patches"
expect 0 plan mine
says stdout "patches: linux 6.12.9 gets 01.patch 02.patch"
says stdout "patches: busybox 1.37.0 gets box.patch"
expect 0 why mine linux.unpack
before=$(ls "$WORLD/cache/tree")

# Elsewhere the profile's copy means the same files.
mkdir -p "$WORLD/here/sub"
cp -R "$profiles/fixes" "$WORLD/here/sub/"
printf 'hostname = mine\npatches = linux=fixes\n' >"$WORLD/here/sub/from.profile"
expect 0 new copy --from sub/from.profile
grep -q "linux=$WORLD/here/sub/fixes" "$profiles/copy.profile" || fail "the copy lost the path"
expect 0 plan copy
says stdout "patches: linux 6.12.9 gets 01.patch 02.patch"

# The order of a file `series`, which also says how many folders a patch's names begin with.
printf '02.patch\n01.patch # later\n' >"$profiles/fixes/series"
smith build mine --plain >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
[ $? = 3 ] || fail "the wrong order was taken"
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all "02.patch does not fit linux-6.12.9.tar.xz: hunk 1 of a.c at line 1 fails; it was made for tool-1.0"
[ "$before" = "$(ls "$WORLD/cache/tree")" ] || fail "a tree is gone, or half of one is there"
rm "$profiles/fixes/series"
build mine
[ "$(counts)" = "0 $(counts | cut -d' ' -f2) 0" ] || fail "something was built again: $(counts)"

# Choices that make no sense.
for wrong in 'linx=none' 'linux=gone.patch' 'box.patch'; do
	echo "patches = $wrong" | profile wrong
	expect 6 plan wrong
done
says stderr "'box.patch' is neither none nor debian"

# Beside a recipe: everybody gets them.
mkdir -p "$WORLD/data/share/recipes/busybox"
cp share/recipes/busybox/* "$WORLD/data/share/recipes/busybox/"
mkdir "$WORLD/data/share/recipes/busybox/patches"
cp "$profiles/box.patch" "$WORLD/data/share/recipes/busybox/patches/"
expect 0 plan tiny
says stdout "patches: busybox 1.37.0 gets box.patch"
rm -r "$WORLD/data/share/recipes/busybox"

# An archive of Debian's kind: the index, an orig with a further archive, and two revisions of patches.
id=$(sed -n 's/^ID=//p' /etc/os-release | tr -d '"')
pool=$WORLD/pool
mkdir -p "$pool" "$WORLD/bin" "$WORLD/data/share/origins" "$WORLD/debs"
cat >"$WORLD/data/share/origins/debian" <<-END
	[distribution $id]
	origin = Mine
	keyring = /none
	component = main
	suites = here
	own = no
END
cat >"$WORLD/bin/apt-get" <<-END
	#!/bin/sh
	case "\$*" in
	*FILENAME*) echo "\$(dirname "\$2")/Sources" ;;
	*indextargets*) echo 'file://$WORLD/|here|main|Mine|' ;;
	*update*) cp "$WORLD/Sources" "\$(dirname "\$2")/Sources" ;;
	esac
END
chmod +x "$WORLD/bin/apt-get"
WORLD_PATH=$WORLD/bin:$PATH
tree linux 5.5.5 "a b"
mkdir -p "$WORLD/debs/more-1"
echo 'int more = 0;' >"$WORLD/debs/more-1/more.c"
tar -C "$WORLD/src" -cJf "$pool/linux_5.5.5.orig.tar.xz" linux-5.5.5
tar -C "$WORLD/debs" -cJf "$pool/linux_5.5.5.orig-more.tar.xz" more-1
revision() { # REVISION TEXT
	rm -rf "$WORLD/debs/debian"
	mkdir -p "$WORLD/debs/debian/patches"
	echo fix.patch >"$WORLD/debs/debian/patches/series"
	{
		change a.c 'int a = 0; /* linux 5.5.5 */' "int a = 9; /* $2 */"
		change more/more.c 'int more = 0;' 'int more = 9;'
	} >"$WORLD/debs/debian/patches/fix.patch"
	tar -C "$WORLD/debs" -cJf "$pool/linux_$1.debian.tar.xz" debian
	{
		printf 'Package: linux\nVersion: %s\nDirectory: pool\nChecksums-Sha256:\n' "$1"
		for file in linux_5.5.5.orig.tar.xz linux_5.5.5.orig-more.tar.xz "linux_$1.debian.tar.xz"; do
			echo " $(sha256sum "$pool/$file" | cut -c-64) $(stat -c %s "$pool/$file") $file"
		done
		echo
	} >>"$WORLD/Sources"
}
revision 5.5.5-9 older
revision 5.5.5-10 newer
rm -rf "$WORLD/cache/index"
printf 'origins = cache mirror debian\nmirror = file://%s\n' "$WORLD/mirror" | settings
printf 'kernel = 5.5\nhostname = deb\npatches = linux=debian\n' | profile deb
build deb
grep -q 'int a = 9; /\* newer' "$WORLD/here/out/deb/vmlinuz" || fail "Debian's patches are not in the kernel"
grep -q 'int more = 9' "$WORLD"/cache/tree/linux-5.5.5-*/more/more.c || fail "the further archive is not there, or not patched"
grep -q '"patches": "debian:5.5.5-10"' "$WORLD/here/out/deb/manifest.json" || fail "the manifest lacks Debian's patches"
expect 0 plan deb --offline
says stdout "patches: linux 5.5.5 gets debian:5.5.5-10"

# The lock has them, and decides.
expect 0 lock deb
says stdout linux:debian
sed -n '/linux:debian/,$p' "$profiles/deb.lock" | grep -q '^version = 5.5.5-10$' || fail "the lock lacks the revision"
sed -i '/linux:debian/,/^url/d' "$profiles/deb.lock"
expect 0 plan deb
says stderr "has none of Debian's patches for linux"
says stdout "patches: none of Debian's for busybox, linux"
rm "$profiles/deb.lock"

# Without: by the profile, or because the recipe says so.
printf 'kernel = 5.5\nhostname = deb\n' | profile plain
expect 0 plan plain
says stdout "patches: none of Debian's for busybox, linux"

# A series that does not fit names the remedy, which works.
printf 'linux\n' >"$WORLD/src/linux-5.5.5/b.c"
rm -f "$WORLD/Sources" "$pool"/*debian*
tree linux 5.5.6 "a b"
sed -i 's/5.5.5/5.5.6/' "$WORLD/src/linux-5.5.6/a.c"
tar -C "$WORLD/src" -cJf "$pool/linux_5.5.5.orig.tar.xz" linux-5.5.6
revision 5.5.5-11 newest
printf 'kernel = 5.5\nhostname = deb\npatches = debian linux=debian\n' | profile deb
expect 0 versions linux --refresh
grep -qE 'debian\.|more' "$WORLD/stdout" && fail "patches or further archives are shown as versions"
smith build deb --plain >"$WORLD/all" 2>&1 </dev/null
[ $? = 3 ] || fail "a series that does not fit was taken"
says all "fix.patch (number 1 of 1 of Debian's patches) does not fit linux_5.5.5.orig.tar.xz: hunk 1 of a.c at line 1 fails"
says all "it was made for linux 5.5.5-11"
says all "patches = linux=none"

# A first recipe is written although what Debian adds is gone from the server; what is not known for that reason is said.
find "$pool" "$WORLD/cache" -name '*.debian.tar.xz' -delete
expect 0 recipe new mine --from linux --output "$WORLD/recipes"
says stdout "going on without: Debian's patches for mine 5.5.5 cannot be had"
grep -q '^# ? what Debian adds could not be had' "$WORLD/recipes/mine/recipe" || fail "the recipe does not say what is not known"
nobody_left
