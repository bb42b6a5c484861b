/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is refused in a package's stage: libraries from elsewhere, other loaders, IRELATIVE relocations, paths of this machine. */
#include "base/vec.h"
#include "elf_make.h"
#include "scratch.h"
#include "step/action.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <elf.h>
#include <string.h>
#include <unistd.h>

struct bench {
	struct scratch s;
	struct unit unit;
	struct step step;
	struct error err;
};

static int set_up(void **state)
{
	static struct bench b;

	b = (struct bench){.unit = {.name = "tool"}};
	b.step.unit = &b.unit;
	scratch_make(&b.s);
	scratch_write(&b.s, "sysroot/lib/loader.so.1", "");
	scratch_write(&b.s, "sysroot/usr/lib/libthere.so.1", "");
	scratch_write(&b.s, "stage/usr/share/text", "/usr/lib");
	*state = &b;
	return 0;
}

static int tear_down(void **state)
{
	scratch_remove(&((struct bench *)*state)->s);
	return 0;
}

static void write_bytes(struct bench *b, const char *relative, const struct text *bytes)
{
	struct error err;

	scratch_write(&b->s, relative, "");
	assert_true(place_write_file(scratch_path(&b->s, relative), bytes->s, bytes->len, &err));
}

static void program(struct bench *b, const char *path, const char *loader, const char *needed)
{
	const char *const names[] = {needed, NULL};
	struct text bytes = TEXT_INIT;

	elf_make(&bytes, &(struct elf_made){.bits = 64,
				 .machine = EM_X86_64,
				 .loader = loader,
				 .needed = needed ? names : NULL});
	write_bytes(b, path, &bytes);
	text_release(&bytes);
}

static bool vet(struct bench *b, const char *word)
{
	struct action_context c = {.step = &b->step, .place = &b->s.place, .progress_fd = -1};
	struct strings args = {0};
	bool ok;

	vec_push(&args, scratch_path(&b->s, "stage"));
	vec_push(&args, scratch_path(&b->s, "sysroot"));
	if (word)
		vec_push(&args, word);
	ok = action_vet(&c, &args, &b->err);
	vec_release(&args);
	return ok;
}

static void refused(struct bench *b, const char *word, const char *file, const char *what)
{
	assert_false(vet(b, word));
	assert_non_null(strstr(b->err.text, file));
	assert_non_null(strstr(b->err.text, what));
}

static void what_it_needs_is_there(void **state)
{
	struct bench *b = *state;

	program(b, "stage/usr/bin/tool", "/lib/loader.so.1", "libthere.so.1");
	program(b, "stage/usr/bin/other", "/lib/loader.so.1", "libown.so");
	program(b, "stage/usr/lib/libown.so", NULL, NULL);
	assert_true(vet(b, NULL));
	assert_true(vet(b, "37"));
}

static void a_library_from_elsewhere(void **state)
{
	program(*state, "stage/usr/bin/tool", "/lib/loader.so.1", "libelsewhere.so.3");
	refused(*state, NULL, "usr/bin/tool", "needs libelsewhere.so.3");
}

static void another_loader(void **state)
{
	program(*state, "stage/usr/bin/tool", "/lib/machine.so.2", NULL);
	refused(*state, NULL, "usr/bin/tool", "started by /lib/machine.so.2");
}

static void a_path_of_this_machine(void **state)
{
	struct bench *b = *state;
	struct text line = TEXT_INIT;

	text_fmt(&line, "prefix = %s/stage/x-1/usr\n", b->s.place.cache);
	scratch_write(&b->s, "stage/usr/bin/tool-config", line.s);
	refused(b, NULL, "usr/bin/tool-config", "/stage/x-1/usr; leave the file out");
	assert_int_equal(unlink(scratch_path(&b->s, "stage/usr/bin/tool-config")), 0);
	assert_int_equal(
		symlink(line.s + strlen("prefix = "), scratch_path(&b->s, "stage/usr/link")), 0);
	refused(b, NULL, "usr/link", "names a path");
	text_release(&line);
}

/* One relocation in a section that says it has some: the table follows what elf_make wrote. */
static void a_shell_of_this_machine(void **state)
{
	struct bench *b = *state;

	scratch_write(&b->s, "stage/usr/bin/zcat", "#! /bin/sh\n");
	scratch_write(&b->s, "stage/usr/bin/own", "#!/usr/bin/env bash\n");
	scratch_write(&b->s, "stage/usr/bin/other", "#!/bin/bashful\n");
	scratch_write(&b->s, "stage/usr/bin/empty", "");
	assert_true(vet(b, NULL));
	scratch_write(&b->s, "stage/usr/bin/zgrep", "#! /bin/bash -e\n");
	refused(b, NULL, "usr/bin/zgrep", "is a script for /bin/bash");
	scratch_write(&b->s, "sysroot/bin/bash", "");
	assert_true(vet(b, NULL));
}

static void relocations_that_the_loader_does_not_know(void **state)
{
	struct bench *b = *state;
	const Elf64_Rela one = {.r_info = ELF64_R_INFO(0, R_X86_64_IRELATIVE)};
	struct text bytes = TEXT_INIT;
	Elf64_Ehdr head;

	elf_make_section(&bytes, &(struct elf_made){.bits = 64, .machine = EM_X86_64}, ".rela.dyn",
		(const char *)&one, sizeof one);
	memcpy(&head, bytes.s, sizeof head);
	for (size_t i = 0; i < head.e_shnum; i++) {
		char *at = bytes.s + head.e_shoff + i * sizeof(Elf64_Shdr);
		Elf64_Shdr s;

		memcpy(&s, at, sizeof s);
		if (s.sh_size != sizeof one)
			continue;
		s.sh_type = SHT_RELA;
		s.sh_entsize = sizeof one;
		memcpy(at, &s, sizeof s);
	}
	write_bytes(b, "stage/usr/bin/tool", &bytes);
	assert_true(vet(b, NULL));
	refused(b, "37", "usr/bin/tool", "IRELATIVE");
	text_release(&bytes);
}

static void all_faults_are_counted(void **state)
{
	program(*state, "stage/usr/bin/tool", "/lib/machine.so.2", "libelsewhere.so.3");
	refused(*state, NULL, "usr/bin/tool", "and 1 more, in the log");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_it_needs_is_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_library_from_elsewhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_loader, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_path_of_this_machine, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_shell_of_this_machine, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			relocations_that_the_loader_does_not_know, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_faults_are_counted, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
