# SPDX-License-Identifier: GPL-2.0-or-later
# bootsmith: `make` builds, `make run` starts, `make check` tests, `make help` lists the rest. config.mk may override anything.
MODE    ?= release
VERSION := 0.1
-include config.mk

PREFIX  ?= /usr/local
B       ?= build/$(MODE)
DATA     = $(DESTDIR)$(PREFIX)/share/bootsmith
MAN      = $(DESTDIR)$(PREFIX)/share/man
# FILE:PLACE below PREFIX/share
COMPLETE = bootsmith.bash:bash-completion/completions/bootsmith _bootsmith:zsh/site-functions/_bootsmith \
           bootsmith.fish:fish/vendor_completions.d/bootsmith.fish
PKGS    := libcurl libarchive jansson libcrypto zlib libzstd liblzma liblz4 ext2fs com_err libelf fdisk blkid
TUIPKGS := ncursesw vterm libcrypt
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
           -Wwrite-strings -Wcast-qual -Wvla -Wimplicit-fallthrough -Wundef
CFLAGS_release := -O2 -g
CFLAGS_dev     := -Og -g -Werror
# what sanitizers put in makes gcc warn of paths that are not there: they build without -Werror
CFLAGS_asan    := -O1 -g -Wno-format-truncation -fsanitize=address,undefined -fno-omit-frame-pointer
LDFLAGS_asan   := -fsanitize=address,undefined
CFLAGS_fuzz    := -O1 -g -fsanitize=address,undefined,fuzzer-no-link -fno-omit-frame-pointer
LDFLAGS_fuzz   := $(LDFLAGS_asan)
# hidden: a function of ours must not take the place of a library's own of the same name (zlib has an inflate, krb5 a profile_init)
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -fvisibility=hidden -DBOOTSMITH_VERSION='"$(VERSION)"' \
             $(WARN) $(CFLAGS_$(MODE)) $(CFLAGS) -MMD -MP
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) $(TUIPKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) $(TUIPKGS) 2>/dev/null)
# What is missing is said once, with the command that installs it, and not by the compiler for each file.
READY      := $(if $(and $(PKG_LIBS),$(shell command -v $(firstword $(CC)))),,ready-build)
TEST_READY := $(if $(shell pkg-config --exists cmocka 2>/dev/null && echo yes),,ready-check)
# One short line for each command, whole commands with V=1, nothing with make -s.
show        = $(if $(V),,@$(if $(findstring s,$(firstword -$(MAKEFLAGS))),,echo '  $(1) $@';))
COMPILE     = $(call show,CC  )mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) $(HELD) $(PKG_CFLAGS) -Ibackend/include
LINK        = $(call show,LINK)$(CC) $(LDFLAGS_$(MODE)) $(LDFLAGS)

# A test source with a header beside it is a library for the others; without one it is a program.
BACKEND_OBJ := $(patsubst %.c,$(B)/%.o,$(wildcard backend/*/*.c))
TUI_OBJ     := $(patsubst %.c,$(B)/%.o,$(wildcard tui/*.c tui/*/*.c))
HELPERS     := $(patsubst %.h,%.c,$(wildcard tests/lib/*.h))
FUZZ        := $(wildcard tests/fuzz/*_fuzz.c)
PROGRAMS    := $(filter-out $(HELPERS) $(FUZZ),$(wildcard tests/*/*.c tests/unit/*/*.c))
TEST_OBJ    := $(patsubst %.c,$(B)/%.o,$(HELPERS) $(PROGRAMS) $(FUZZ))
LIB         := $(B)/libbootsmith.a
TUI_LIB     := $(B)/libtui.a
TEST_LIB    := $(B)/libtest.a

all: bootsmith

bootsmith: $(B)/bootsmith
	@ln -sf $< $@

dev asan:
	@$(MAKE) MODE=$@

$(B)/bootsmith: $(B)/tui/main.o $(TUI_LIB) $(LIB)
	$(LINK) -o $@ $^ $(PKG_LIBS)

$(LIB): $(BACKEND_OBJ)
$(TUI_LIB): $(filter-out $(B)/tui/main.o,$(TUI_OBJ))
$(TEST_LIB): $(patsubst %.c,$(B)/%.o,$(HELPERS))
$(LIB) $(TUI_LIB) $(TEST_LIB):
	$(call show,AR  )rm -f $@ && $(AR) rcs $@ $^

# Written anew only when what they say is another; then what depends on them is compiled again.
$(B)/flags: SAYS = $(CC) $(ALL_CFLAGS) $(PKG_CFLAGS) $(LDFLAGS_$(MODE)) $(LDFLAGS)
$(B)/prefix: SAYS = $(PREFIX)
$(B)/flags $(B)/prefix: FORCE | $(READY)
	@mkdir -p $(@D); echo '$(subst ','\'',$(SAYS))' | cmp -s - $@ || echo '$(subst ','\'',$(SAYS))' >$@
$(B)/backend/base/place.o: $(B)/prefix
$(B)/backend/base/place.o: private HELD = -DBOOTSMITH_DATA='"$(PREFIX)/share/bootsmith"'

$(B)/backend/%.o: backend/%.c $(B)/flags | $(READY)
	$(COMPILE) -Ibackend -c -o $@ $<

# The front end sees the public headers only.
$(B)/tui/%.o: tui/%.c $(B)/flags | $(READY)
	$(COMPILE) -Itui -c -o $@ $<

$(B)/tests/%.o: tests/%.c $(B)/flags | $(or $(READY),$(TEST_READY))
	$(COMPILE) -Ibackend -Itui -Itests/lib -c -o $@ $<

# cmocka has no place in the screen driver and the like, but linking it there does no harm.
$(B)/tests/%: $(B)/tests/%.o $(TEST_LIB) $(TUI_LIB) $(LIB)
	$(LINK) $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer) -o $@ $^ $(PKG_LIBS) -lcmocka -lutil

tests: $(B)/bootsmith $(patsubst tests/%.c,$(B)/tests/%,$(PROGRAMS) $(FUZZ))
fuzzers: $(patsubst tests/%.c,$(B)/tests/%,$(FUZZ)) # MODE=fuzz CC=clang
# every target for so many seconds, one after the other
fuzz: ; @tests/fuzz/explore --check "$(or $(SECONDS),60)" && JOBS=$$(nproc) tests/run --build fuzz && nice tests/fuzz/explore --all $(or $(SECONDS),60)

# `make check` installs what it needs and runs everything; its last line is "N passed, N failed".
check: ; @tests/run --prepare all
check-fast: ; @tests/run fast
check-asan: ; @tests/run asan
check-boot: ; @tests/run boot
check-matrix: tests ; @tests/matrix/run
check-packages: tests ; @tests/packages/run $(PACKAGES)
lint: ; @tests/run lint
bench: ; @tests/bench/run

ready-%: ; @share/host/prepare.sh --tell $* && pkg-config --print-errors --exists $(PKGS) $(TUIPKGS)

run:
	@share/host/prepare.sh run
	@$(MAKE) --no-print-directory -j"$$(nproc)"
	@if [ -t 0 ] && [ -t 1 ] && [ "$$CI" != true ]; then exec ./bootsmith; \
	else exec ./bootsmith boot first-boot --plain; fi

fmt: ; clang-format-14 -i $$(git ls-files '*.[ch]')

man: bootsmith ; @share/man/generate

install: $(B)/bootsmith
	install -D -m 0755 $< $(DESTDIR)$(PREFIX)/bin/bootsmith
	mkdir -p $(DATA) && cp -R share templates profiles $(DATA)/ && rm -rf $(DATA)/share/man $(DATA)/share/completion
	for file in $(COMPLETE); do install -D -m 0644 share/completion/$${file%%:*} $(DESTDIR)$(PREFIX)/share/$${file#*:}; done
	for page in share/man/*.[1-8]; do install -D -m 0644 $$page $(MAN)/man$${page##*.}/$${page##*/}; done
	install -D -m 0644 -t $(DESTDIR)$(PREFIX)/share/doc/bootsmith README.md CHANGELOG.md LICENSE

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/bootsmith $(DATA) $(DESTDIR)$(PREFIX)/share/doc/bootsmith
	for file in $(COMPLETE); do rm -f $(DESTDIR)$(PREFIX)/share/$${file#*:}; done
	for page in share/man/*.[1-8]; do rm -f $(MAN)/man$${page##*.}/$${page##*/}; done

clean: ; rm -rf build bootsmith

help:
	@echo 'make             build ./bootsmith (MODE=dev: warnings are errors; MODE=asan: with sanitizers; V=1: whole commands)'
	@echo 'make run         install what is missing, build, start the screen, or without a terminal build and boot'
	@echo 'make check       all tests, real builds and boots included; check-fast: offline ones, about a minute'
	@echo 'make check-asan  tests under sanitizers; check-boot: real builds; check-matrix: all choices; check-packages'
	@echo 'make bench       figures against by hand; lint: what a script can see; fuzz SECONDS=60: every target, one after the other'
	@echo 'make fmt man     formats the sources; writes manual pages and completions from the tables'
	@echo 'make install     below PREFIX=$(PREFIX) (DESTDIR is honoured); uninstall; clean'

.PHONY: FORCE all dev asan tests fuzzers fuzz check check-fast check-asan check-boot check-matrix check-packages lint bench run fmt man install uninstall clean help
.SECONDARY: $(TEST_OBJ)
-include $(BACKEND_OBJ:.o=.d) $(TUI_OBJ:.o=.d) $(TEST_OBJ:.o=.d)
