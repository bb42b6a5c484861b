#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What becomes of a package's files: owners and modes, its user, who gives way to whom, parts that stay out and come in by their
# options; and what is said when recipes do not go together.
. tests/fake/world
world_make

mkdir -p "$WORLD/data/share/styles" "$WORLD/data/share/recipes/door"
cat >"$WORLD/data/share/styles/put.style" <<-'END'
	rootfs = . -> /
	[step install]
	title = install
	run   = make -C {src} D={stage} install
END
cat >"$WORLD/data/share/recipes/door/recipe" <<-'END'
	summary = A made-up package
	version = 1.0
	style   = put
	when    = packages=door
	mode    = /usr/bin/su 4755
	mode    = /usr/bin/agent 2755 root keeper
	mode    = /var/lib/door/ 0700 door door
	user    = door 74 /var/lib/door
	group   = keeper 75
END
mkdir -p "$WORLD/src/door-1.0"
cat >"$WORLD/src/door-1.0/Makefile" <<-'END'
	.RECIPEPREFIX = >
	FILES := usr/bin/su usr/bin/agent usr/bin/sh usr/lib/libdoor.so.1 usr/lib/libdoor.a usr/lib/libdoor.la \
		usr/include/door.h usr/share/man/man1/door.1 usr/share/locale/de/door.mo usr/share/door/words
	install:
	> @for f in $(FILES); do mkdir -p $(D)/$$(dirname $$f) && echo $$f >$(D)/$$f; done
	> @ln -s libdoor.so.1 $(D)/usr/lib/libdoor.so
	> @chmod 755 $(D)/usr/bin/sh && chmod 4711 $(D)/usr/bin/su && chmod 755 $(D)/usr/bin/agent
END
echo 'Do what you like.' >"$WORLD/src/door-1.0/COPYING"
mkdir "$WORLD/src/door-1.0/doc" && echo 'Or not' >"$WORLD/src/door-1.0/doc/COPYING"
pack door-1.0 "$WORLD/src"
offer door 1 1.0
profile doors <<-'END'
	packages = door
	image = tar
	linkage = static
END

listing() { # prints MODE OWNER PATH [-> TARGET] of what is in the archive
	tar --numeric-owner -tvf "$WORLD"/here/out/doors/*.tar* | awk '{ print $1, $2, $6, $7, $8 }' | sed 's/ *$//' >"$WORLD/listing"
}
holds() {
	grep -qxF -- "$1" "$WORLD/listing" || fail "the archive lacks '$1': $(cat "$WORLD/listing")"
}
lacks() {
	if grep -q -- "$1" "$WORLD/listing"; then fail "the archive has $1"; fi
}

build doors
listing
holds '-rwsr-xr-x 0/0 usr/bin/su'
holds '-rwxr-sr-x 0/75 usr/bin/agent'
holds 'drwx------ 74/74 var/lib/door/'
holds 'lrwxrwxrwx 0/0 bin/sh -> ../usr/bin/sh'
holds '-rw-r--r-- 0/0 usr/lib/libdoor.so.1'
holds '-rw-r--r-- 0/0 usr/share/door/words'
for out in 'libdoor\.so$' 'libdoor\.so ' libdoor.a libdoor.la door.h door.1 door.mo; do
	lacks "$out"
done
tar -xOf "$WORLD"/here/out/doors/*.tar* etc/passwd | grep -qxF door:x:74:74::/var/lib/door:/bin/false || fail "no user door"
tar -xOf "$WORLD"/here/out/doors/*.tar* etc/group | grep -qxF keeper:x:75: || fail "no group keeper"
tar -xOf "$WORLD"/here/out/doors/*.tar* etc/shadow | grep -q '^door:\*:' || fail "door can log in"

# Whatever gives rights away is named.
expect 0 size doors
says stdout '4755  /usr/bin/su (owner 0:0, from door)'
says stdout '2755  /usr/bin/agent (owner 0:75, from door)'
expect 0 size doors --json
says stdout '"mode":"4755"'
tr -d ' \n' <"$WORLD/here/out/doors/manifest.json" >"$WORLD/stdout"
says stdout '{"path":"/usr/bin/su","package":"door","mode":"4755","uid":0,"gid":0}'

# Options bring the parts, and nothing but the image is made anew.
expect 0 set doors development=yes manuals=yes locales=yes
build doors
case $(counts) in
"2 "*) ;;
*) fail "not two steps were run: $(counts)" ;;
esac
listing
holds 'lrwxrwxrwx 0/0 usr/lib/libdoor.so -> libdoor.so.1'
for in in libdoor.a libdoor.la door.h door.1 door.mo; do
	grep -q "$in" "$WORLD/listing" || fail "$in did not come in"
done

# Licence texts: in the results, and in the system if that is asked for; not part of other packages' keys.
[ -e "$WORLD/here/out/doors/licences.txt" ] && fail "licence texts of nothing"
recipe=$WORLD/data/share/recipes/door/recipe
cp "$recipe" "$WORLD/kept"
echo 'licence-files = COPYING doc/COPYING' >>"$recipe"
build doors
printf '==== door 1.0: COPYING ====\n\nDo what you like.\n\n==== door 1.0: doc/COPYING ====\n\nOr not\n' |
	cmp - "$WORLD/here/out/doors/licences.txt" || fail "not these licence texts"
grep -q '"licence_files": "COPYING doc/COPYING"' "$WORLD/here/out/doors/manifest.json" || fail "the manifest does not have the licence texts"
listing
lacks licenses
expect 0 set doors licences=yes
build doors
listing
holds '-rw-r--r-- 0/0 usr/share/licenses/door/COPYING'
holds '-rw-r--r-- 0/0 usr/share/licenses/door/doc-COPYING'
cp "$WORLD/kept" "$recipe"
printf 'licence-files = COPYING\nrootfs = usr/bin -> /usr/bin\n' >>"$recipe"
build doors
listing
holds '-rw-r--r-- 0/0 usr/share/licenses/door/COPYING'
lacks 'licenses/door/doc'
sed -i 's/COPYING/LICENSE/' "$recipe"
expect 3 build doors
says stdout "$recipe:10: the source has no file"
sed -i 's|LICENSE|../x|' "$recipe"
expect 6 plan doors --offline
says stderr "$recipe:10: '../x' leads out of the source"
cp "$WORLD/kept" "$recipe"
expect 0 set doors licences=no

# A set-id bit that is not stated, and a mode of nothing: the recipe is named, and what was built is kept.
recipe=$WORLD/data/share/recipes/door/recipe
sed -i 's|^mode    = /usr/bin/su .*|mode = /usr/bin/so 4755|' "$recipe"
expect 3 build doors
says stdout 'recipe door installs /usr/bin/su with the set-id mode 4711, which its recipe does not state'
sed -i 's|^mode = /usr/bin/so .*|mode = /usr/bin/su 0755\nmode = /usr/bin/so 4755|' "$recipe"
expect 3 build doors
says stdout "$recipe:6: recipe door does not bring /usr/bin/so, whose mode this is"
sed -i '/so 4755/d' "$recipe"
build doors
case $(counts) in
"2 "*) ;;
*) fail "the package was built again: $(counts)" ;;
esac
listing
holds '-rwxr-xr-x 0/0 usr/bin/su'

refused() { # LINE WORDS: the recipe with that line, before anything is built
	cp "$recipe" "$WORLD/kept"
	echo "$1" >>"$recipe"
	expect 6 plan doors --offline
	says stderr "$2"
	cp "$WORLD/kept" "$recipe"
}
refused 'mode = usr/bin/su 4755' "'usr/bin/su' is no path in the system"
refused 'mode = /usr/bin/su 9' "recipe:10: '9' is no mode: it is octal, like 4755"
refused 'mode = /usr/bin/su 4755 root nobody-knows' "there is no group 'nobody-knows'"
refused 'mode = /usr/bin/su' "'mode' is written PATH MODE"
refused 'group = other 74' 'recipe:8: door cannot have the number 74: other has it, by'
refused 'part.manual = x' "there is no part 'manual' in share/tables/parts"
expect 0 set doors users=door
expect 6 plan doors --offline
says stderr "users: the name door belongs to a program of the system, by $recipe:8; choose another one"

# Two packages with one file, both named with the path.
mkdir -p "$WORLD/data/share/recipes/gate" "$WORLD/src/gate-1.0"
sed 's/door/gate/g; /^mode/d; s/74/84/; s/75/85/; s/keeper/sexton/' "$recipe" >"$WORLD/data/share/recipes/gate/recipe"
sed 's/usr.bin.su//; s/&& chmod 4711.*//; s/door/gate/g' "$WORLD/src/door-1.0/Makefile" >"$WORLD/src/gate-1.0/Makefile"
pack gate-1.0 "$WORLD/src"
offer gate 1 1.0
expect 0 set doors users= packages='door gate'
expect 3 build doors
says stdout 'both recipe door and recipe gate bring /usr/bin/agent; leave one of them out'

# Who has a user of that name, or number, in a recipe.
sed -i 's/^user .*/user = gate 74 \/g/' "$WORLD/data/share/recipes/gate/recipe"
expect 6 plan doors --offline
says stderr "gate cannot have the number 74: door has it, by $recipe:8"
nobody_left
