#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What packages ask of the kernel and of BusyBox gets into their configurations, costs no build where it is there already, and is
# told with the package's name where it cannot be had.
. tests/fake/world
world_make
# the sources say what can be chosen in them
printf 'config KNOWN\n\tbool "Known"\n' >"$WORLD/src/linux-6.12.9/Kconfig"
rm "$WORLD/data/share/catalogue/linux"
pack linux-6.12.9 "$WORLD/src"
offer linux 6.12 6.12.9

mkdir -p "$WORLD/data/share/styles"
cat >"$WORLD/data/share/styles/nothing.style" <<-'END'
	[step build]
	run = mkdir -p {stage}/usr/share/{version}
END
package() { # NAME < LINES
	mkdir -p "$WORLD/data/share/recipes/$1"
	{
		printf 'summary = A package that asks\nsection = Tests\nsource = busybox\nversion = {busybox}\nstyle = nothing\n'
		cat
	} >"$WORLD/data/share/recipes/$1/recipe"
}
# the bundle has the first, and the second as what it is built from says
package content <<-'END'
	kernel = CONFIG_TMPFS=y CONFIG_OVERLAY_FS=m
END
package tunnel <<-'END'
	kernel  = CONFIG_TUN=m "CONFIG_NEW_NAME=y | CONFIG_OLD_NAME=y"
	busybox = CONFIG_HTTPD=y
END
package another <<-'END'
	kernel[network=dhcp] = CONFIG_TUN=m
END
package wrong <<-'END'
	kernel = CONFIG_NEVER_HEARD=y
END
package without <<-'END'
	kernel = "# CONFIG_TUN is not set"
END
package broken <<-'END'
	kernel = TUN=y
END
with() { # PROFILE PACKAGE...
	name=$1
	shift
	printf 'kernel-modules = no\npackages = %s\n' "$*" | profile "$name"
}
config() { # LINE
	grep -qsx -- "$1" "$WORLD"/cache/stage/linux-*/config
}
kernels() {
	find "$WORLD/cache/stage" -maxdepth 1 -name 'linux-*' | wc -l
}

with plain
with content content
with one tunnel
with other tunnel another
build plain
build content
[ "$(kernels)" = 1 ] || fail "another kernel was built for what the bundle has"
build one
for line in CONFIG_TUN=m CONFIG_NEW_NAME=y CONFIG_OLD_NAME=y; do
	config "$line" || fail "the kernel lacks $line"
done
grep -qsx CONFIG_HTTPD=y "$WORLD"/cache/stage/busybox-*/config || fail "BusyBox lacks what was asked of it"
[ "$(kernels)" = 2 ] || fail "no other kernel was built"
build other
[ "$(kernels)" = 2 ] || fail "another kernel was built because two packages ask for the same"

# What cannot be had names the package; what the person says against it does, too, before anything is built.
with bad wrong
expect 3 build bad
says stdout "CONFIG_NEVER_HEARD: the package wrong asks for 'y', but it came out as 'not set'"
with both tunnel without
expect 6 plan both
says stderr "recipes/without/recipe:6: this asks for # CONFIG_TUN is not set, but "
says stderr "recipes/tunnel/recipe:6 asks for CONFIG_TUN=m; both cannot be in one system"
with broken broken
expect 6 plan broken
says stderr "recipes/broken/recipe:6: 'TUN=y' is not a line of a configuration"
echo '# CONFIG_TUN is not set' >"$WORLD/config/bootsmith/profiles/less.config"
echo 'CONFIG_TUN=y' >"$WORLD/config/bootsmith/profiles/more.config"
printf 'packages = tunnel\nkernel-fragment = less.config\n' | profile less
printf 'packages = tunnel\nkernel-fragment = more.config\n' | profile more
expect 6 plan less
says stderr "profiles/less.config:1: CONFIG_TUN=n does not go with the package tunnel, which asks for CONFIG_TUN=m; take out this line, or the package"
expect 0 plan more
