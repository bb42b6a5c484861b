#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What runs once over the finished system: a made-up trigger, and the shipped ones with what this machine has of their tools. What
# they make is the same each time, comes after the packages, gives way to an overlay, and is made again only when it must.
. tests/fake/world
world_make

mkdir -p "$WORLD/data/share/styles" "$WORLD/data/share/triggers" "$WORLD/src/words-1.0" "$WORLD/src/more-1.0"
cat >"$WORLD/data/share/styles/put.style" <<-'END'
	rootfs   = . -> /
	triggers = yes
	[step install]
	title = install
	run   = make -C {src} D={stage} install
END
package() { # NAME
	mkdir -p "$WORLD/data/share/recipes/$1"
	printf 'summary = A made-up package\nversion = 1.0\nstyle = put\nwhen = packages=%s\n' "$1" >"$WORLD/data/share/recipes/$1/recipe"
	pack "$1-1.0" "$WORLD/src"
	offer "$1" 1 1.0
}
cat >"$WORLD/data/share/triggers/index.trigger" <<-'END'
	summary = an index of words
	below   = /usr/share/words/*.txt
	reads   = /etc/hostname
	makes   = /usr/share/words
	tool    = sort
	run     = sort -o {root}/usr/share/words/index {root}/usr/share/words/a.txt {root}/usr/share/words/b.txt
	run     = cp {root}/usr/share/words/a.txt {root}/outside
END
cat >"$WORLD/src/words-1.0/Makefile" <<-'END'
	install: ; mkdir -p $(D)/usr/share/words && echo b >$(D)/usr/share/words/a.txt
END
cat >"$WORLD/src/more-1.0/Makefile" <<-'END'
	install: ; mkdir -p $(D)/usr/share/words && echo a >$(D)/usr/share/words/b.txt && echo own >$(D)/usr/share/words/index
END
package words
package more
profile words <<-'END'
	packages = words more
	image = tar
	linkage = static
END
unpacked() { # PATH: of the archive
	tar -xOf "$WORLD"/here/out/words/*.tar* "$1"
}

build words
[ "$(unpacked usr/share/words/index)" = "$(printf 'a\nb')" ] || fail "the index is not what the trigger made"
grep -q '"step":"triggers.run"' "$WORLD/stdout" || fail "no step of its own"
tar -tf "$WORLD"/here/out/words/*.tar* >"$WORLD/stdout"
grep -q outside "$WORLD/stdout" && fail "what the trigger does not state went into the system"
first=$(sha256sum "$WORLD"/here/out/words/*.tar*)

# A listed file that it reads is in its key, another is not.
expect 0 set words root-password=none
build words
grep '"step-start"' "$WORLD/stdout" | grep -q triggers.run && fail "a password makes triggers run"
expect 0 set words root-password=locked hostname=other
build words
grep '"step-start"' "$WORLD/stdout" | grep -q triggers.run || fail "a changed file that is read does not make triggers run"
expect 0 set words hostname=
rm -rf "$WORLD"/cache/stage/triggers-* "$WORLD"/cache/stage/tar-*
build words
[ "$first" = "$(sha256sum "$WORLD"/here/out/words/*.tar*)" ] || fail "the second time the results differ"

# An overlay's own index stays.
mkdir -p "$WORLD/here/over/usr/share/words"
echo mine >"$WORLD/here/over/usr/share/words/index"
expect 0 set words overlay="$WORLD/here/over"
build words
[ "$(unpacked usr/share/words/index)" = mine ] || fail "the trigger wins over the overlay"
expect 0 set words overlay=

# A tool that is not there is named, and what fails is said; without packages there is no such step.
sed -i 's/^tool .*/tool = nowhere-to-be-found/' "$WORLD/data/share/triggers/index.trigger"
expect 7 build words
says stdout 'what the packages bring needs nowhere-to-be-found of this machine, which is not installed'
sed -i 's/^tool .*/tool = false/; s/^run  .*/run = false/' "$WORLD/data/share/triggers/index.trigger"
expect 3 build words
says stdout 'triggers.run: FAILED'
sed -i '/^makes/d' "$WORLD/data/share/triggers/index.trigger"
expect 6 plan words --offline
says stderr 'index.trigger: a trigger needs below, makes, tool and run'
rm "$WORLD/data/share/triggers/index.trigger"
expect 0 set words packages=
expect 0 plan words --offline
grep -q triggers "$WORLD/stdout" && fail "triggers run without packages"
printf 'triggers = nix\n' >>"$WORLD/data/share/recipes/words/recipe"
expect 0 set words packages=words
expect 6 plan words --offline
says stderr "there is no trigger 'nix' in share/triggers"
sed -i '$d' "$WORLD/data/share/recipes/words/recipe"

# The shipped ones, with real files for real tools.
mkdir -p "$WORLD/src/real-1.0"
sed '/^when/d' share/triggers/depmod.trigger >"$WORLD/data/share/triggers/depmod.trigger"
sed '/^when/d' share/triggers/ldconfig.trigger >"$WORLD/data/share/triggers/ldconfig.trigger"
cat >"$WORLD/src/real-1.0/Makefile" <<-'END'
	.RECIPEPREFIX = >
	install:
	> mkdir -p $(D)/usr/lib $(D)/lib/modules/9.9/extra $(D)/usr/share/glib-2.0/schemas $(D)/usr/share/mime/packages
	> gcc -shared -nostdlib -Wl,-soname,libreal.so.1 -o $(D)/usr/lib/libreal.so.1 x.c
	> gcc -c -o $(D)/lib/modules/9.9/extra/real.ko x.c
	> cp real.gschema.xml $(D)/usr/share/glib-2.0/schemas && cp real.xml $(D)/usr/share/mime/packages
END
echo 'const char info[] __attribute__((section(".modinfo"), used)) = "alias=pci:v00001234d*";' >"$WORLD/src/real-1.0/x.c"
cat >"$WORLD/src/real-1.0/real.gschema.xml" <<-'END'
	<schemalist><schema id="org.example.real" path="/org/example/real/"><key name="on" type="b"><default>true</default></key></schema></schemalist>
END
cat >"$WORLD/src/real-1.0/real.xml" <<-'END'
	<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info"><mime-type type="text/x-real"><comment>real</comment><glob pattern="*.real"/></mime-type></mime-info>
END
package real
printf 'triggers =' >>"$WORLD/data/share/recipes/real/recipe"
PATH=$PATH:/usr/sbin:/sbin
for pair in ldconfig:ldconfig depmod:depmod schemas:glib-compile-schemas mime:update-mime-database; do
	if command -v "${pair#*:}" >/dev/null; then
		printf ' %s' "${pair%:*}" >>"$WORLD/data/share/recipes/real/recipe"
	else
		echo "not tried, for ${pair#*:} is not installed: ${pair%:*}"
	fi
done
echo >>"$WORLD/data/share/recipes/real/recipe"
expect 0 set words packages=real
build words
first=$(sha256sum "$WORLD"/here/out/words/*.tar*)
made() { # TOOL PATH WORDS: if there is the tool
	command -v "$1" >/dev/null || return 0
	unpacked "$2" | grep -qa -- "$3" || fail "$2 has no $3"
}
made ldconfig etc/ld.so.cache libreal.so.1
made depmod lib/modules/9.9/modules.alias 'pci:v00001234'
made depmod lib/modules/9.9/modules.dep '^extra/real.ko:'
made glib-compile-schemas usr/share/glib-2.0/schemas/gschemas.compiled org.example.real
made update-mime-database usr/share/mime/globs 'text/x-real:\*.real'
rm -rf "$WORLD"/cache/stage/triggers-* "$WORLD"/cache/stage/tar-*
build words
[ "$first" = "$(sha256sum "$WORLD"/here/out/words/*.tar*)" ] || fail "the second time the results of real tools differ"
nobody_left
