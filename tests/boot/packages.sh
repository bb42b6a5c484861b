#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages of every style, with libraries, a tool for this machine from the same source, and Debian's patches; and one that a person
# brings, with a set-id program, a user, a folder of that user's, a service, an option and a trigger. They are built for musl and
# used in the guest by what their recipes say. None of their stages tells where it was made. (The other C library, and the rest of
# the packages: make check-packages.) And one in C++.
. tests/boot/common
BOOTSMITH_PATH=$HERE/data
export BOOTSMITH_PATH
mkdir -p "$HERE/data/share/recipes/guard" "$HERE/data/share/triggers" "$HERE/data/share/catalogue" "$HERE/guard-1.0" "$HERE/mirror"
cat >"$HERE/guard-1.0/guard.c" <<'END'
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		pause();
	printf("%d as %d, %s\n", (int)getuid(), (int)geteuid(), WORD);
	return 0;
}
END
cat >"$HERE/guard-1.0/Makefile" <<'END'
words = $(DESTDIR)/usr/share/guard
all: ; $(CC) $(CFLAGS) $(LDFLAGS) -DWORD=\"$(WORD)\" -o guard guard.c
install: ; mkdir -p $(words) && echo last >$(words)/a.txt && echo first >$(words)/b.txt && install -D guard $(DESTDIR)/usr/bin/guard
END
tar -C "$HERE" -cJf "$HERE/mirror/guard-1.0.tar.xz" guard-1.0
printf '[series 1]\nsupport = stable\nurl = https://example.org/guard-{version}.tar.xz\narchive = 1.0 %s\n' \
	"$(sha256sum "$HERE/mirror/guard-1.0.tar.xz" | cut -c 1-64)" >"$HERE/data/share/catalogue/guard"
printf 'origins = cache mirror debian\nmirror = file://%s/mirror\n' "$HERE" >"$HERE/config/bootsmith/config"
cat >"$HERE/data/share/recipes/guard/recipe" <<'END'
summary = guard, which tells who runs it
section = Tests
version = 1.0
style   = make
licence = MIT
user    = guard 300 /var/lib/guard
mode    = /usr/bin/guard 4755
mode    = /var/lib/guard/ 0700 guard guard
service = guard
option.word = plain fancy
make    = WORD=plain
make[guard.word=fancy] = WORD=fancy
try     = test "$(su -s /bin/sh guard -c 'cd && touch x && guard')" = "300 as 0, fancy" && sort -c /usr/share/guard/index
END
printf 'summary = A guard\nrun = guard --wait\n' >"$HERE/data/share/recipes/guard/guard.service"
cat >"$HERE/data/share/triggers/guard.trigger" <<'END'
summary = an index of words
below   = /usr/share/guard/*.txt
makes   = /usr/share/guard/index
tool    = sort
run     = sort -o {root}/usr/share/guard/index {root}/usr/share/guard/a.txt {root}/usr/share/guard/b.txt
END

printf '%s\n' 'libc = musl' 'linkage = dynamic' 'services = syslog' 'patches = pixman=none' 'guard.word = fancy' \
	'packages = guard less file xz lua expat lsof pixman pciutils libffi' | profile programs
built programs
grep -q '"patches": "debian:' "$HERE/out/programs/manifest.json" ||
	fail "the manifest does not tell of Debian's patches"
booted 0 programs --timeout 180
checked kernel shell libc init services package-guard package-less package-file package-xz package-lua package-lsof package-pciutils poweroff

# C++ with this machine's own C library, as its C++ library is: nothing but the program is compiled that other tests do not share.
printf 'packages = lzip\n' | profile cxx
built cxx
booted 0 cxx --timeout 180
checked kernel shell libc init package-lzip poweroff
