/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every package that comes with bootsmith becomes a plan with each C library and linkage, or is refused with a reason that a
 * recipe or its style states; and no recipe is in none of the plans. Versions are made up: nothing is fetched, and nothing of
 * this machine takes part.
 */
#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/option.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "choice/recipe.h"
#include "choice/settings.h"
#include "plan/plan.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERSION "2.12"

static struct scratch s;
static struct catalog catalog;
static struct settings settings;
static bool *planned; /* of each recipe */

/* What is no choice, or one whose default is no version, is given one below. */
static const char *version_of(const struct recipe *r)
{
	char name[64];
	const char *version = r->version;
	const struct option *choice;

	if (sscanf(version, "{%63[a-z0-9-]}", name) == 1 &&
		(choice = option_find(&catalog.options, name)))
		version = choice->fallback;
	return *version >= '0' && *version <= '9' ? version : VERSION;
}

/* One release of each, whose archive lies in the cache. */
static void release(const struct recipe *r, const char *version)
{
	const char *file = arena_fmt(&s.place.arena, "data/share/catalogue/%s", r->source);
	char *old = scratch_has(&s, file) ? scratch_read(&s, file) : NULL;
	const char *series = arena_fmt(&s.place.arena, "[series %s]\n", version);

	if (!old || !strstr(old, series)) {
		const char *digest = arena_fmt(&s.place.arena, "%064zx", r->index + 1);

		scratch_write(&s, file,
			arena_fmt(&s.place.arena,
				"%s%ssupport = stable\nurl = https://recipes.test/%s-{version}.tar.xz\narchive = %s %s 1000\n",
				old ? old : "", series, r->source, version, digest));
		scratch_write(&s,
			arena_fmt(&s.place.arena, "cache/source/%s/%s-%s.tar.xz", digest, r->source,
				version),
			"");
	}
	free(old);
}

static int set_up(void **state)
{
	struct error err;

	(void)state;
	scratch_make(&s);
	setenv("PATH",
		arena_fmt(&s.place.arena, "%s/tests/golden/data/bin:%s", s.place.data.at[0],
			getenv("PATH")),
		1);
	scratch_write(&s, "config", "origins = cache upstream\njobs = 2\n");
	scratch_write(&s, "data/share/host/toolchain",
		"compiler = fixture-cc\nshared[libc=host, linkage=dynamic] = libc.so.6\n");
	vec_push_in(&s.place.arena, &s.place.data, s.place.data.at[0]);
	s.place.data.at[0] = scratch_path(&s, "data");
	if (!catalog_load(&catalog, &s.place, &err) || !settings_load(&settings, &s.place, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	planned = arena_alloc(&catalog.arena, catalog.recipes.n * sizeof *planned);
	for (size_t i = 0; i < catalog.recipes.n; i++) {
		const struct recipe *r = catalog.recipes.at[i];

		/* that of a compiler is whichever this machine has */
		for (int major = 8; strstr(r->version, ".major}") && major < 24; major++)
			release(r, arena_fmt(&s.place.arena, "%d", major));
		release(r, version_of(r));
	}
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	settings_release(&settings);
	catalog_release(&catalog);
	scratch_remove(&s);
	return 0;
}

static bool has_key(const struct recipe *r, const char *key)
{
	for (size_t i = 0; i < r->values.n; i++)
		if (strcmp(r->values.at[i].key, key) == 0)
			return true;
	return false;
}

static bool is_refusal(const char *key)
{
	return strcmp(key, "cannot") == 0 || strcmp(key, "given") == 0;
}

static bool is_stated(const char *refusal)
{
	for (size_t i = 0; i < catalog.recipes.n; i++) {
		const struct recipe *r = catalog.recipes.at[i];

		for (size_t k = 0; k < r->values.n; k++)
			if (is_refusal(r->values.at[k].key) &&
				strstr(refusal, r->values.at[k].value))
				return true;
		for (size_t k = 0; k < style_find(&catalog, r->style)->defaults.n; k++) {
			const struct style_line *l =
				&style_find(&catalog, r->style)->defaults.at[k];

			if (is_refusal(l->key) && strstr(refusal, l->value))
				return true;
		}
	}
	return false;
}

static void note_recipes(const struct plan *plan)
{
	for (size_t i = 0; i < plan->steps.n; i++) {
		const char *id = plan->steps.at[i]->id, *dot = strrchr(id, '.');
		const struct recipe *r = NULL;

		if (dot)
			r = recipe_find(
				&catalog, arena_fmt(&s.place.arena, "%.*s", (int)(dot - id), id));
		if (r)
			planned[r->index] = true;
	}
}

/* False: refused. */
static bool plans(const char *lines, struct error *err)
{
	const struct plan_options options = {
		.output = scratch_path(&s, "out"), .lock = "", .offline = true};
	const char *path = scratch_path(&s, "profiles/p.profile");
	struct profile p;
	struct plan plan;
	bool ok;

	if (!profile_parse(&p, &catalog, path, lines, strlen(lines), err))
		fail_msg("%s:\n%s", lines, err->text);
	ok = profile_check(&p, err) && plan_make(&plan, &p, &settings, &options, err);
	if (ok) {
		note_recipes(&plan);
		plan_release(&plan);
	}
	profile_release(&p);
	return ok;
}

static void each_is_planned_or_refused(void **state)
{
	static const char *const libcs[] = {"musl", "glibc", "host"};
	static const char *const linkages[] = {"dynamic", "static"};
	size_t good = 0;

	(void)state;
	for (size_t i = 0; i < catalog.packages.n; i++)
		for (size_t k = 0; k < 6; k++) {
			const char *lines = arena_fmt(&s.place.arena,
				"libc = %s\nlinkage = %s\npackages = %s\n", libcs[k / 2],
				linkages[k % 2], catalog.packages.at[i]->name);
			struct error err = {0};

			if (plans(lines, &err))
				good++;
			else if (err.kind != ERROR_PROFILE || !is_stated(err.text))
				fail_msg("%s%s", lines, err.text);
		}
	assert_true(good >= 2 * catalog.packages.n);
}

/* With what other choices bring. A tool of this machine may wait for its first user. */
static void no_recipe_is_without_a_plan(void **state)
{
	static const char *const others[] = {
		"ssh = dropbear\n",
		"root = disk\nimage = disk\ngrow = yes\ngrub = " VERSION "\n",
		"libc = glibc\nlinkage = dynamic\nlocale = C.UTF-8\n",
		"kernel-modules = yes\npackages = hello-module\n",
	};
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (!plans(others[i], &err))
			fail_msg("%s%s", others[i], err.text);
	for (size_t i = 0; i < catalog.recipes.n; i++)
		if (!planned[i] && !catalog.recipes.at[i]->host &&
			!has_key(catalog.recipes.at[i], "given"))
			fail_msg("%s is in no plan", catalog.recipes.at[i]->name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_planned_or_refused),
		cmocka_unit_test(no_recipe_is_without_a_plan),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
