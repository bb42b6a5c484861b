#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel module of one's own: its source beside a recipe in a person's folder, compiled against the kernel of the profile, when
# that kernel or the source is another one and else not; loaded by its name, and indexed with the kernel's own.
. tests/fake/world
world_make

# a kernel with modules, which goes into what its modules are made of
tree linux 9.8.7 "a b"
cat >>"$WORLD/src/linux-9.8.7/rules.mk" <<-'END'
	modules: bzImage
	> @mkdir -p include/generated include/config scripts/basic
	> @cp .config include/config/auto.conf && echo 9.8.7 >include/config/kernel.release && : >Module.symvers
	> @echo '# $(CURDIR)' >include/generated/a.cmd && echo '/* a */' >include/generated/a.h
	> @printf '#!/bin/sh\n' >scripts/basic/fixdep && chmod 755 scripts/basic/fixdep && : >scripts/basic/left.o
	modules_install:
	> @mkdir -p $(INSTALL_MOD_PATH)/lib/modules/9.8.7/kernel && : >$(INSTALL_MOD_PATH)/lib/modules/9.8.7/kernel/own.ko
END
cat >>"$WORLD/src/linux-9.8.7/Makefile" <<-'END'
	modules:
	> @echo '  CC      $(M)/moin.o'
	> @cat $(O)/include/config/auto.conf $(M)/moin.c >$(M)/moin.ko
	modules_install:
	> @mkdir -p $(INSTALL_MOD_PATH)/lib/modules/9.8.7/$(INSTALL_MOD_DIR)
	> @cp $(M)/moin.ko $(INSTALL_MOD_PATH)/lib/modules/9.8.7/$(INSTALL_MOD_DIR)/ && : >$(INSTALL_MOD_PATH)/lib/modules/9.8.7/modules.dep
END
pack linux-9.8.7 "$WORLD/src"
offer linux 9.8 9.8.7
mkdir -p "$WORLD/here/mine/moin/source" "$WORLD/bin"
echo '/* moin */' >"$WORLD/here/mine/moin/source/moin.c"
cat >"$WORLD/here/mine/moin/recipe" <<-'END'
	summary = Says moin
	section = System
	version = 3
	archive = none
	style   = module
	needs   = linux
	licence = MIT
	load    = moin
END
# shellcheck disable=SC2016 # the arguments are depmod's
printf '#!/bin/sh\ncd "$2/lib/modules/$3" && find . -name "*.ko" | sort >modules.dep\n' >"$WORLD/bin/depmod"
printf '#!/bin/sh\n' >"$WORLD/bin/kmod"
chmod +x "$WORLD/bin/depmod" "$WORLD/bin/kmod"
export WORLD_PATH="$WORLD/bin:$PATH"

profile own <<-END
	kernel   = 9.8
	hostname = own
	recipes  = $WORLD/here/mine
	packages = moin
	image    = tar initramfs
END
expect 6 plan own
says stderr "packages: 'moin' cannot be had with these choices: a kernel without loadable modules takes none; kernel-modules = yes"
expect 0 set own kernel-modules=yes image=tar
expect 6 plan own
says stderr 'none of the images has a kernel'
expect 0 set own 'image=initramfs tar' modules=dummy

unpacked() { # PATH: of the archive
	tar -xOf "$WORLD"/here/out/own/*.tar* "$1"
}
happened() { # STEP RESULT
	grep -q "\"step\": *\"$1\", *\"result\": *\"$2\"" "$WORLD/stdout" || fail "$1 is not $2: $(grep "$1" "$WORLD/stdout")"
}
expect 0 plan own
says stdout 'source: moin 3, beside its recipe'
build own
unpacked lib/modules/9.8.7/extra/moin.ko | grep -q moin || fail "no module"
[ "$(unpacked lib/modules/9.8.7/modules.dep)" = "$(printf './extra/moin.ko\n./kernel/own.ko')" ] || fail "it is not in the index"
[ "$(unpacked etc/modules | grep -v '^#')" = "$(printf 'dummy\nmoin')" ] || fail "it is not loaded: $(unpacked etc/modules)"
cd "$WORLD"/cache/stage/linux-*/development || fail "the kernel keeps nothing for modules"
[ -x scripts/basic/fixdep ] || fail "the kernel keeps no programs for modules"
grep -rq "$WORLD/cache" . && fail "what is kept for modules tells where it was made"
[ ! -e scripts/basic/left.o ] || fail "too much is kept"
cd "$ROOT" || exit 1
expect 0 verify own

# other choices change nothing about it, a changed source does
expect 0 set own hostname=other
build own
happened moin.build cached
echo '/* more */' >>"$WORLD/here/mine/moin/source/moin.c"
build own
happened moin.build ok
happened linux.build cached
# a patch beside it
mkdir "$WORLD/here/mine/moin/patches"
printf -- '--- a/moin.c\n+++ b/moin.c\n@@ -1,2 +1,2 @@\n-/* moin */\n+/* servus */\n /* more */\n' >"$WORLD/here/mine/moin/patches/word.patch"
build own
unpacked lib/modules/9.8.7/extra/moin.ko | grep -q servus || fail "the patch is not applied"
grep -q moin "$WORLD/here/mine/moin/source/moin.c" || fail "the person's own file is patched"

# another configuration is another kernel; back, all is there
echo 'CONFIG_A=y' >"$WORLD/here/more.config"
expect 0 set own "kernel-fragment=$WORLD/here/more.config"
build own
happened linux.build ok
happened moin.build ok
expect 0 set own kernel-fragment=
build own
happened moin.build cached
# what was made of the kernel's tree is there, the tree is not
set -- "$WORLD"/cache/tree/linux-9.8.7* "$WORLD"/cache/stage/moin-* "$WORLD"/cache/stage/tar-* "$WORLD"/cache/stage/initramfs-*
chmod -R u+w "$@" && rm -rf "$WORLD/here/out" "$@"
build own
happened linux.unpack ok
happened linux.build cached
happened moin.build ok

mv "$WORLD/here/mine/moin/source" "$WORLD/here/mine/moin/src"
expect 6 plan own
says stderr 'archive = none, but there is no folder'
