/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every row of share/pairings at its edges: the first and the last versions it covers, and the neighbours it does not. The test
 * notices a missing row or wrong bounds, and a new row there needs a row here. (Mutation: the last pair is left out; gcc < 12.1
 * becomes gcc <= 12.1.)
 */
#include "base/place.h"
#include "choice/catalog.h"
#include "choice/pairing.h"
#include "choice/pairing_rows.h"
#include "choice/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

enum { MOST = 6 };

/* Versions of its left and its right side, "LEFT RIGHT" or "LEFT". */
static const struct row {
	const char *name;
	const char *is_about[MOST], *is_not[MOST];
	const char *arch; /* NULL: of every machine */
} rows[] = {
	{"linux-6-gcc", {"5.18 5.0.9", "6.12.107 4.9", "6.99 5"},
		{"5.17.9 5.0.9", "7 5.0.9", "5.18 5.1"}, NULL},
	{"linux-7-gcc", {"7 8.0.9", "7.2.1 7"}, {"6.99 8.0.9", "7 8.1"}, NULL},
	{"linux-7-binutils", {"7 2.29.1", "7.2.1 2.2"}, {"6.99 2.29", "7 2.30"}, NULL},
	{"linux-before-c23", {"6.0.19 15", "5.10.1 15.2.0", "6.0 16"}, {"6.1 15", "6.0.19 14.9"},
		NULL},
	{"glibc-2.42-gcc", {"2.42 12.0", "2.43 11.5.0"}, {"2.41 12.0", "2.42 12.1"}, NULL},
	{"glibc-2.43-binutils", {"2.43 2.38.90", "2.44 2.38"}, {"2.42 2.38", "2.43 2.39"}, NULL},
	{"glibc-gcc", {"2.41 6.1", "2.36 5"}, {"2.42 6.1", "2.41 6.2"}, NULL},
	{"grub-gcc", {"2.06 5.0", "2.14 4.9"}, {"2.12 5.1"}, NULL},
	{"busybox-tc", {"1.38.9 6.1", "1.35 7.2"}, {"1.39 6.12"}, NULL},
	{"busybox-sha-i386", {"1.36", "1.38.0"}, {"1.35.9"}, "i386"},
	{"musl-iconv-korean", {"1.2.3", "1.2.5"}, {"1.2.2", "1.2.6"}, NULL},
	{"musl-iconv-chinese", {"1.2.3", "1.2.6"}, {"1.2.2", "1.2.7"}, NULL},
	{"musl-qsort", {"1.2.3", "1.2.6"}, {"1.2.2", "1.2.7"}, NULL},
	{"grub-extra-deps", {"2.12"}, {"2.06", "2.14"}, NULL},
	{"grub-image-base", {"2.14", "2.15"}, {"2.12"}, NULL},
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct place place;
static struct catalog catalog;
static struct pairings *pairings;

static int set_up(void **state)
{
	struct error err;

	(void)state;
	if (place_load(&place, &err) && catalog_load(&catalog, &place, &err) &&
		pairings_load(&pairings, &place, &err))
		return 0;
	print_error("%s\n", err.text);
	return -1;
}

static int tear_down(void **state)
{
	(void)state;
	pairings_free(pairings);
	catalog_release(&catalog);
	place_release(&place);
	return 0;
}

/* What is chosen, for one row. */
struct chosen {
	const struct pair *pair;
	char left[20], right[20]; /* "" for a side that is not there */
};

static const char *version(const void *ctx, const char *name)
{
	const struct chosen *c = ctx;

	if (strcmp(name, c->pair->left.name) == 0)
		return c->left;
	return c->pair->right.name && strcmp(name, c->pair->right.name) == 0 ? c->right : NULL;
}

static bool is_cured(const struct pair *pair, const struct chosen *c, const char *arch)
{
	struct profile p;
	struct cures cures;
	struct error err;
	bool found = false;

	profile_init(&p, &catalog, "test");
	assert_true(profile_set(&p, "arch", arch, &err));
	cures = pairings_cures(pairings, &p, version, c);
	for (size_t i = 0; i < cures.n; i++)
		found = found || strcmp(cures.at[i]->name, pair->cure.name) == 0;
	profile_release(&p);
	return found;
}

static bool applies(const struct row *row, const struct pair *pair, const char *versions)
{
	const char *blank = strchr(versions, ' ');
	size_t len = strcspn(versions, " ");
	struct chosen c = {.pair = pair};
	struct error err = {0};
	bool refused;

	memcpy(c.left, versions, len);
	memcpy(c.right, blank ? blank + 1 : "", blank ? strlen(blank) : 1);
	if (pair->cures && row->arch)
		assert_false(is_cured(pair, &c, "x86_64"));
	if (pair->cures)
		return is_cured(pair, &c, row->arch ? row->arch : "x86_64");
	refused = pair_refuses(pairings, pair, version, &c, &err);
	assert_true(!refused || strstr(err.text, pair->cure.reason));
	return refused;
}

static const struct row *row_of(const struct pair *pair)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, pair->cure.name) == 0)
			return &rows[i];
	fail_msg("%s:%d: there is no row of this test for %s", pair->file, pair->line,
		pair->cure.name);
	return NULL;
}

static void each_row_is_about_its_versions(void **state)
{
	(void)state;
	assert_int_equal(pairings->pairs.n, ROWS);
	for (size_t i = 0; i < pairings->pairs.n; i++) {
		const struct pair *pair = &pairings->pairs.at[i];
		const struct row *row = row_of(pair);

		for (size_t k = 0; k < MOST && row->is_about[k]; k++)
			if (!applies(row, pair, row->is_about[k]))
				fail_msg("%s is not about %s", row->name, row->is_about[k]);
		for (size_t k = 0; k < MOST && row->is_not[k]; k++)
			if (applies(row, pair, row->is_not[k]))
				fail_msg("%s is about %s", row->name, row->is_not[k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_about_its_versions),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
