/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Image formats: the shipped ones are the values of `image`, and errors in a description have file and line. */
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/catalog_load.h"
#include "choice/format.h"
#include "choice/option.h"
#include "choice/profile.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static struct scratch s;
static struct error err;
static const char *data[2];

static int set_up(void **state)
{
	(void)state;
	scratch_make(&s);
	data[0] = scratch_path(&s, ".");
	data[1] = ".";
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	scratch_remove(&s);
	return 0;
}

/* From the test's own folder, then (n = 2) the shipped ones. */
static bool load(struct catalog *c, struct place *place, size_t n)
{
	*place = (struct place){.arena = ARENA_INIT, .data = {data, n, n}};
	return catalog_load(c, place, &err);
}

static void expect_values(const struct catalog *c, const char *expected)
{
	const struct option *o = option_find(&c->options, FORMAT_CHOICE);
	struct text names = TEXT_INIT;

	assert_non_null(o);
	for (size_t i = 0; i < o->values.n; i++) {
		text_fmt(&names, "%s%s", i ? " " : "", o->values.at[i].name);
		assert_non_null(o->values.at[i].help);
	}
	assert_string_equal(names.s, expected);
	text_release(&names);
}

static void those_with_a_summary_are_values(void **state)
{
	struct catalog c;
	struct place place;

	(void)state;
	scratch_write(&s, "share/images/none", "");
	assert_true(load(&c, &place, 2));
	expect_values(&c, "initramfs iso disk qcow2 vmdk vdi vhdx tar oci efi");
	assert_non_null(format_find(&c, "root-live"));
	assert_null(format_find(&c, "floppy"));
	catalog_release(&c);
	scratch_write(&s, "share/images/zip.image", "summary = a zip\nfile = x.zip\nwrite = zip\n");
	scratch_write(&s, "share/images/lha.image",
		"summary = an lha\norder = 75\nfile = x.lha\nwrite = lha\n");
	scratch_write(&s, "share/images/arj.image", "file = x.arj\nwrite = arj\n");
	assert_true(load(&c, &place, 2));
	expect_values(&c, "initramfs iso disk qcow2 vmdk vdi vhdx lha tar oci efi zip");
	catalog_release(&c);
}

static void lines_count_as_the_choices_say(void **state)
{
	struct catalog c;
	struct place place;
	struct profile p;
	struct strings words = {0};
	const struct format *f;

	(void)state;
	scratch_write(&s, "share/images/zip.image",
		"summary = a zip\nfile = x.zip\nfile[arch=i386] = y.zip\n"
		"tool = one two\ntool[arch=i386] = three\ntool[arch=x86_64] = \"four five\"\n");
	assert_true(load(&c, &place, 2));
	f = format_find(&c, "zip");
	profile_init(&p, &c, "p");
	assert_true(profile_set(&p, "image", "tar zip", &err));
	assert_true(format_chosen("zip", profile_lookup, &p));
	assert_false(format_chosen("iso", profile_lookup, &p));
	assert_string_equal(format_line(f, "file", &p)->value, "x.zip");
	assert_null(format_line(f, "tree", &p));
	assert_true(format_words(f, "tool", &p, &p.arena, &words, &err));
	assert_int_equal(words.n, 3);
	assert_string_equal(words.at[2], "four five");
	assert_true(profile_set(&p, "arch", "i386", &err));
	assert_string_equal(format_line(f, "file", &p)->value, "y.zip");
	profile_release(&p);
	catalog_release(&c);
}

static void faults_are_told_with_their_line(void **state)
{
	static const struct {
		const char *source, *sentence;
	} rows[] = {
		{"file = x\nmagic = \n", "x.image:2: 'magic' is written OFFSET BYTES-IN-HEX"},
		{"magic = 0\n", "OFFSET BYTES-IN-HEX"},
		{"magic = x 00\n", "OFFSET BYTES-IN-HEX"},
		{"magic = 0 0g\n", "OFFSET BYTES-IN-HEX"},
		{"magic = 0 000102030405060708090a0b0c0d0e0f10\n", "at most 16 bytes"},
		{"magic[arch=i386] = 0 00\n", "'magic' is a fact and cannot have a guard"},
		{"\nfiel = x\n",
			"x.image:2: 'fiel' says nothing about an image; did you mean 'file'?"},
		{"[part one]\n", "there are no [sections] in this file"},
		{"traits = a\ntraits = c\n",
			"x.image:2: the trait 'c' is declared in no share/images/*.traits"},
		{"refuse = never\n", "'refuse' is given once, with the choices"},
		{"summary = one\nsummary = two\n", "x.image:2: 'summary' is given twice"},
		{"file[image=@a] = x\n", "no value of 'image' is known to have the trait '@a'"},
	};
	struct catalog c;
	struct place place;

	(void)state;
	scratch_write(&s, "share/images/x.traits", "a = one\nb = two\n");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		scratch_write(&s, "share/images/x.image", rows[i].source);
		assert_false(load(&c, &place, 1));
		assert_int_equal(err.kind, ERROR_PROFILE);
		if (!strstr(err.text, rows[i].sentence))
			fail_msg("%s: %s", rows[i].source, err.text);
	}
	scratch_write(&s, "share/images/x.image", "magic = 1 00fF\n");
	scratch_write(&s, "share/images/y.traits", "b = three\n");
	assert_false(load(&c, &place, 1));
	assert_non_null(strstr(err.text, "y.traits:1: the trait 'b' is declared twice"));
}

static void magic_is_read(void **state)
{
	struct catalog c;
	struct place place;
	const struct format *f;

	(void)state;
	scratch_write(&s, "share/images/x.image", "magic = 1 00fF\nmagic = 70 2e\n");
	assert_true(load(&c, &place, 2));
	f = format_find(&c, "x");
	assert_int_equal(f->magic.n, 2);
	assert_int_equal(f->magic.at[0].at, 1);
	assert_int_equal(f->magic.at[0].len, 2);
	assert_memory_equal(f->magic.at[0].bytes, "\0\xff", 2);
	assert_int_equal(f->magic.at[1].at, 70);
	assert_int_equal(f->magic.at[1].len, 1);
	catalog_release(&c);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(those_with_a_summary_are_values),
		CASE(lines_count_as_the_choices_say),
		CASE(faults_are_told_with_their_line),
		CASE(magic_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
