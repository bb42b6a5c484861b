/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packages and groups of them: which recipes are offered, what comes with them, folders of a profile's own, their options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/catalog.h"
#include "choice/option.h"
#include "choice/package.h"
#include "choice/profile.h"
#include "scratch.h"

#include <stdio.h>
#include <string.h>

static struct scratch s;
static struct catalog catalog;

static void write_recipe(const char *folder, const char *name, const char *lines)
{
	struct text path = TEXT_INIT, all = TEXT_INIT;

	text_fmt(&path, "%s/%s/recipe", folder, name);
	text_fmt(&all, "summary = %s here\nversion = 1\nstyle = autoconf\n%s", name, lines);
	scratch_write(&s, path.s, all.s);
	text_release(&path);
	text_release(&all);
}

static int set_up(void **state)
{
	struct error err;

	(void)state;
	scratch_make(&s);
	write_recipe("share/recipes", "viewer",
		"section = Editors\nneeds = screen-lib\nneeds[libc=musl] = musl\nrun-time = words\n"
		"option.colour = yes no\nhelp.colour = Show colours.\noption.size = small large\n");
	write_recipe("share/recipes", "screen-lib", "section = Libraries\nneeds = tables\n");
	write_recipe("share/recipes", "tables",
		"section = Libraries\nneeds[viewer.colour=no] = plain\n");
	write_recipe("share/recipes", "plain", "section = Libraries\nneeds = screen-lib\n");
	write_recipe("share/recipes", "words", "section = Data\nprovides = dictionary\n");
	write_recipe("share/recipes", "old-way", "when = packages=old-way\n");
	write_recipe("share/recipes", "speller", "section = Editors\nrun-time = lexicon\n");
	write_recipe("share/recipes", "big-lexicon",
		"section = Data\nprovides = lexicon\nneeds = tables\n");
	write_recipe("share/recipes", "old-lexicon", "section = Data\nprovides = book lexicon\n");
	write_recipe("own", "mine", "section = Games\noption.deep = no yes\n");
	write_recipe("own", "words", "section = Games\n");
	scratch_write(&s, "own/notes.txt", "no recipe\n");
	scratch_write(
		&s, "share/groups/reading.group", "summary = To read\npackages = viewer words\n");
	vec_push_in(&s.place.arena, &s.place.data, s.place.data.at[0]);
	s.place.data.at[0] = s.folder;
	if (catalog_load(&catalog, &s.place, &err))
		return 0;
	fprintf(stderr, "%s\n", err.text);
	return -1;
}

static int tear_down(void **state)
{
	(void)state;
	catalog_release(&catalog);
	scratch_remove(&s);
	return 0;
}

static void read_ok(struct profile *p, const char *source)
{
	struct text path = TEXT_INIT;
	struct error err;

	text_fmt(&path, "%s/test.profile", s.folder);
	if (!profile_parse(p, &catalog, path.s, source, strlen(source), &err))
		fail_msg("%s", err.text);
	text_release(&path);
}

static void refuse(const char *source, const char *sentence)
{
	struct profile p;
	struct error err;

	if (profile_parse(&p, &catalog, "dir/test.profile", source, strlen(source), &err)) {
		assert_false(profile_check(&p, &err));
		profile_release(&p);
	}
	assert_int_equal(err.kind, ERROR_PROFILE);
	if (!strstr(err.text, sentence))
		fail_msg("'%s' does not say '%s'", err.text, sentence);
}

static void joined(const struct strings *words, struct text *out)
{
	text_clear(out);
	for (size_t i = 0; i < words->n; i++)
		text_fmt(out, "%s%s", i ? " " : "", words->at[i]);
}

/* Pieces of the system are recipes, too, and not offered; what older recipes say about packages still counts. */
static void recipes_with_a_section_are_offered(void **state)
{
	(void)state;
	assert_string_equal(package_find(&catalog, "viewer")->section, "Editors");
	assert_string_equal(package_find(&catalog, "old-way")->section, "Other");
	assert_null(package_find(&catalog, "linux"));
	assert_null(package_find(&catalog, "nothing"));
	for (size_t i = 1; i < catalog.packages.n; i++)
		assert_true(
			strcmp(catalog.packages.at[i - 1]->name, catalog.packages.at[i]->name) < 0);
	refuse("packages = viewr\n", "did you mean viewer?");
	refuse("packages = @readin\n", "did you mean @reading?");
	refuse("packages = @nothing\n", "there is no group '@nothing'");
	refuse("packages = dropbear\n", "it comes with ssh=dropbear");
}

/* Everything that reads the choice sees the packages; the file keeps the group. (Mutation: groups reach guards as words.) */
static void a_group_stands_for_its_packages(void **state)
{
	struct profile p, copy;
	struct text out = TEXT_INIT;

	(void)state;
	read_ok(&p, "packages = old-way @reading words\n");
	assert_string_equal(profile_get(&p, "packages"), "old-way viewer words");
	assert_string_equal(profile_chosen(&p, "packages"), "old-way @reading words");
	profile_copy(&copy, &p, "copy");
	assert_string_equal(profile_get(&copy, "packages"), "old-way viewer words");
	profile_print(&copy, &out);
	assert_non_null(strstr(out.s, "= old-way @reading words\n"));
	text_release(&out);
	profile_release(&copy);
	profile_release(&p);
}

static void what_is_needed_comes_along_once(void **state)
{
	struct profile p;
	struct strings chosen = {0}, all = {0};
	struct text out = TEXT_INIT;

	(void)state;
	read_ok(&p, "packages = viewer\nlibc = musl\n");
	package_chosen(&p, &p.arena, &chosen);
	package_closure(&p, &chosen, &p.arena, &all);
	joined(&all, &out);
	assert_string_equal(out.s, "viewer screen-lib words tables");
	profile_release(&p);

	/* a circle ends, here as in a plan, which then names it */
	read_ok(&p, "packages = viewer\nviewer.colour = no\n");
	chosen.n = all.n = 0;
	chosen.cap = all.cap = 0;
	chosen.at = all.at = NULL;
	package_chosen(&p, &p.arena, &chosen);
	package_closure(&p, &chosen, &p.arena, &all);
	joined(&all, &out);
	assert_string_equal(out.s, "viewer screen-lib words tables plain");
	text_release(&out);
	profile_release(&p);
}

/* The first of those that provide it, unless another one is chosen: as in a plan. */
static void what_provides_a_needed_name_comes_along(void **state)
{
	static const struct {
		const char *lines, *all;
	} cases[] = {
		{"packages = speller\n", "speller big-lexicon tables"},
		{"packages = speller old-lexicon\n", "speller old-lexicon"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct profile p;
		struct strings chosen = {0}, all = {0};
		struct text out = TEXT_INIT;

		read_ok(&p, cases[i].lines);
		package_chosen(&p, &p.arena, &chosen);
		package_closure(&p, &chosen, &p.arena, &all);
		joined(&all, &out);
		assert_string_equal(out.s, cases[i].all);
		text_release(&out);
		profile_release(&p);
	}
}

/* The lines may stand in any order; a copy elsewhere goes on finding the folder; without it its packages are gone. */
static void a_profile_has_recipes_of_its_own(void **state)
{
	struct profile p, copy;
	struct text elsewhere = TEXT_INIT;
	struct error err;

	(void)state;
	refuse("packages = mine\n", "packages cannot be 'mine'");
	refuse("recipes = nowhere\n", "test.profile:1: recipes: the folder /");
	read_ok(&p, "packages = mine words viewer\nmine.deep = yes\nrecipes = own\n");
	assert_true(profile_check(&p, &err));
	assert_string_equal(package_find(p.catalog, "words")->section, "Games");
	assert_string_equal(package_find(&catalog, "words")->section, "Data");
	assert_non_null(package_find(p.catalog, "viewer"));
	profile_copy(&copy, &p, "copy");
	text_fmt(&elsewhere, "%s/other/copy.profile", s.folder);
	profile_keep_files(&copy, p.path, elsewhere.s);
	assert_int_equal(profile_chosen(&copy, "recipes")[0], '/');
	assert_non_null(package_find(copy.catalog, "mine"));
	assert_true(profile_set(&copy, "recipes", NULL, &err));
	assert_null(profile_chosen(&copy, "mine.deep"));
	assert_false(profile_check(&copy, &err));
	assert_non_null(strstr(err.text, "packages cannot be 'mine'"));
	profile_release(&copy);
	profile_release(&p);
	text_release(&elsewhere);
}

static void packages_have_options(void **state)
{
	const struct option *o = option_find(&catalog.options, "viewer.colour");
	struct profile p;
	struct text out = TEXT_INIT;

	(void)state;
	assert_non_null(o);
	assert_string_equal(o->help, "Show colours.");
	assert_string_equal(o->fallback, "yes");
	read_ok(&p, "viewer.size = large\nviewer.colour = no\npackages = viewer\n");
	assert_string_equal(profile_get(&p, "viewer.colour"), "no");
	profile_print(&p, &out);
	assert_string_equal(
		out.s, "packages        = viewer\nviewer.colour   = no\nviewer.size     = large\n");
	text_release(&out);
	profile_release(&p);
	/* of a package that is not chosen: kept, and without effect */
	read_ok(&p, "viewer.size = large\n");
	profile_release(&p);
	refuse("viewer.colour = maybe\n", "it is one of yes, no");
	refuse("viewer.color = no\n", "did you mean 'viewer.colour'?");
}

static const char *changed(struct profile *p, bool more, const char *name, const char *words)
{
	const struct option *o = option_find(&p->catalog->options, name);
	const char *value = NULL;
	struct error err;

	if (!(more ? profile_more : profile_less)(p, o, words, &value, &err))
		return arena_str(&p->arena, err.text);
	return value;
}

static void lists_get_more_and_less(void **state)
{
	struct profile p;

	(void)state;
	read_ok(&p, "packages = old-way @reading\n");
	assert_string_equal(
		changed(&p, true, "packages", "tables words"), "old-way @reading tables words");
	assert_string_equal(changed(&p, true, "packages", "@reading"), "old-way @reading");
	assert_string_equal(changed(&p, false, "packages", "@reading"), "old-way");
	assert_string_equal(changed(&p, false, "packages", "words"), "old-way viewer");
	assert_null(changed(&p, false, "packages", "@reading old-way"));
	assert_non_null(strstr(changed(&p, false, "packages", "tables"), "has no 'tables'"));
	assert_string_equal(changed(&p, true, "image", "iso"), "initramfs iso");
	assert_non_null(strstr(changed(&p, false, "image", "initramfs"), "at least one value"));
	assert_non_null(strstr(changed(&p, true, "hostname", "x"), "is one value"));
	assert_string_equal(changed(&p, true, "kernel-fragment", "\"a b\" c"), "\"a b\" \"c\"");
	profile_release(&p);
}

/* A member without a recipe would refuse everybody who asks for the group. */
static void shipped_groups_have_recipes(void **state)
{
	const struct option *o = package_option(&catalog);
	struct error err;

	(void)state;
	for (size_t i = 0; i < catalog.groups.n; i++) {
		struct text word = TEXT_INIT;

		text_fmt(&word, "@%s", catalog.groups.at[i]->name);
		if (!package_known(&catalog, o, word.s, &err))
			fail_msg("%s", err.text);
		text_release(&word);
	}
}

static void refused_recipe(const char *lines, const char *sentence)
{
	const struct catalog *with;
	struct text folder = TEXT_INIT, name = TEXT_INIT;
	struct error err = {0};
	static int n;

	text_fmt(&name, "bad-%d", ++n);
	text_fmt(&folder, "%s/%s", s.folder, name.s);
	write_recipe(name.s, "thing", lines);
	assert_false(catalog_with(&with, &catalog, folder.s, &err));
	if (!strstr(err.text, sentence))
		fail_msg("'%s' does not say '%s'", err.text, sentence);
	text_release(&folder);
	text_release(&name);
}

static void faults_of_recipes_have_a_line(void **state)
{
	(void)state;
	refused_recipe("section = A\noption.x = one\n", "recipe:5: option.NAME lists two values");
	refused_recipe("section = A\noption.x[libc=musl] = a b\n", "without a guard");
	refused_recipe("section[libc=musl] = A\n", "cannot have a guard");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recipes_with_a_section_are_offered),
		cmocka_unit_test(a_group_stands_for_its_packages),
		cmocka_unit_test(what_is_needed_comes_along_once),
		cmocka_unit_test(what_provides_a_needed_name_comes_along),
		cmocka_unit_test(a_profile_has_recipes_of_its_own),
		cmocka_unit_test(packages_have_options),
		cmocka_unit_test(lists_get_more_and_less),
		cmocka_unit_test(shipped_groups_have_recipes),
		cmocka_unit_test(faults_of_recipes_have_a_line),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
