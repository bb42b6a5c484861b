#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Configurations that people bring: what came out otherwise is told, another program's is refused before anything is compiled, the
# kernel's own fragments are found by name, BusyBox is configured by the same means.
. tests/fake/world
world_make

# The same worlds, whose sources say what can be chosen in them.
kconfig() { # NAME-VERSION FILE < KCONFIG
	cat >"$WORLD/src/$1/$2"
}
{
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		printf 'config KNOWN%s\n\tbool "Known"\n' "$n"
	done
	printf 'config WIDE\n\ttristate "Wide"\n'
	printf 'config WANTING\n\tbool "Wanting"\n\tdepends on NEEDED\nconfig NEEDED\n\tbool "Needed"\n'
} | kconfig linux-6.12.9 Kconfig
cp "$WORLD/src/linux-6.12.9/Kconfig" "$WORLD/src/busybox-1.37.0/Config.in"
mkdir -p "$WORLD/src/linux-6.12.9/kernel/configs"
echo 'CONFIG_KNOWN12=y' >"$WORLD/src/linux-6.12.9/kernel/configs/kvm_guest.config"
rm "$WORLD/data/share/catalogue/linux" "$WORLD/data/share/catalogue/busybox"
for name in linux-6.12.9 busybox-1.37.0; do
	pack $name "$WORLD/src"
done
offer linux 6.12 6.12.9
offer linux 6.1 6.1.100
offer busybox 1.37 1.37.0

# A whole configuration: one line of four is unknown, and asks for modules that these choices do not have. First of the source
# alone, then of what came out.
printf '# Linux/x86 6.12.0 Kernel Configuration\nCONFIG_KNOWN1=y\nCONFIG_KNOWN2=y\nCONFIG_NEVER_HEARD=y\nCONFIG_WIDE=m\n' |
	gzip >"$WORLD/config/bootsmith/profiles/mine.gz"
profile mine <<-END
	kernel-config = mine.gz
	image = initramfs
END
expect 0 check mine --offline
says stdout "1 line of your configuration asks for a module (first: CONFIG_WIDE=m, profiles/mine.gz:5): kernel-modules = no"
expect 0 build mine
says stdout "1 of 4 lines of the configuration are unknown or came out otherwise (first: CONFIG_NEVER_HEARD"
expect 0 check mine --offline
says stdout "1 of 4 lines of $WORLD/config/bootsmith/profiles/mine.gz are unknown to linux 6.12.9"

# What is nearly unknown is another program's, and said before it is built where the source is there.
printf 'CONFIG_HAVE_DOT_CONFIG=y\nCONFIG_DESKTOP=y\nCONFIG_ASH=y\nCONFIG_LS=y\nCONFIG_FEATURE_LS_COLOR=y\n' \
	>"$WORLD/config/bootsmith/profiles/other.config"
echo 'kernel-config = other.config' | profile other
expect 6 check other --offline
says stdout "only 0 of the 5 lines of this configuration are known here: it is another program's"
expect 6 build other --json
grep -q '"step": *"linux.build"' "$WORLD/stdout" && fail "it was compiled"

# The architecture of the headline.
printf '# Linux/arm64 6.12.0 Kernel Configuration\nCONFIG_KNOWN1=y\n' >"$WORLD/config/bootsmith/profiles/arm.config"
echo 'kernel-config = arm.config' | profile arm
expect 6 plan arm
says stderr "arm.config says in its head that it is for arm64, but arch = x86_64"

# A fragment of the kernel's own, and one that is not there.
echo 'kernel-fragment = kvm_guest.config' | profile named
build named
grep -rqs KNOWN12=y "$WORLD/cache" --include=config || fail "kvm_guest.config was not merged"
echo 'kernel-fragment = kvm_guests.config' | profile misnamed
expect 6 plan misnamed
says stderr "kernel-fragment: there is no "

# What a person's symbol depends on comes with it, and is told.
echo 'CONFIG_WANTING=y' >"$WORLD/config/bootsmith/profiles/wanting.config"
echo 'kernel-fragment = wanting.config' | profile wanting
expect 0 build wanting
says stdout "CONFIG_NEEDED is switched on, too: CONFIG_WANTING depends on it (profiles/wanting.config:1)"
grep -rqs NEEDED=y "$WORLD/cache" --include=config || fail "what WANTING depends on is not there"

# BusyBox: a configuration and a fragment of the person's; what would start another compiler is refused and does not run.
printf 'CONFIG_KNOWN1=y\nCONFIG_PREFIX="./_install"\nCONFIG_EXTRA_CFLAGS=""\n' >"$WORLD/config/bootsmith/profiles/box.config"
echo 'CONFIG_KNOWN2=y' >"$WORLD/config/bootsmith/profiles/more.config"
printf 'busybox-config = box.config\nbusybox-fragment = more.config\n' | profile box
build box
grep -rls KNOWN1=y "$WORLD/cache" --include=config | xargs grep -q KNOWN2=y || fail "box.config and more.config were not merged"
cat >"$WORLD/evil-cc" <<-END
	#!/bin/sh
	touch $WORLD/pwned
END
chmod +x "$WORLD/evil-cc"
echo "CONFIG_CROSS_COMPILER_PREFIX=\"$WORLD/evil-\"" >"$WORLD/config/bootsmith/profiles/evil.config"
echo 'busybox-fragment = evil.config' | profile evil
expect 6 plan evil
says stderr "evil.config:1: CONFIG_CROSS_COMPILER_PREFIX cannot be chosen"
echo 'busybox-config = evil.config' | profile evil
expect 6 build evil
[ ! -e "$WORLD/pwned" ] || fail "it ran"
