/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes first recipes, see recipe_draft.h. */
#include "plan/recipe_draft.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/package.h"
#include "choice/recipe.h"
#include "plan/source_facts.h"
#include "source/debian_proxy.h"
#include "source/fetch.h"
#include "source/source.h"
#include "source/unpack.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { LINE_WIDTH = 118 };

struct drafter {
	const struct recipe_draft *draft;
	struct arena *arena;
	const char *folder; /* where all is done; removed at the end */
	const struct catalog *catalog;
	struct sources *sources;
	struct source_choice choice;
	struct source_facts facts;
	struct text out;
	size_t questions;
	bool unpatched; /* what Debian adds could not be had */
	struct error *err;
};

static void note(const struct drafter *d, const char *sentence)
{
	if (d->draft->note)
		d->draft->note(d->draft->note_ctx, sentence);
}

/* ---- the source ---- */

/* A name of a source package (Debian Policy 5.6.1), which becomes a folder and a word. */
static bool check_name(const struct drafter *d, const char *name)
{
	static const char bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789+-.";

	if (strlen(name) > 1 && strlen(name) <= 60 && name[strspn(name, bytes)] == '\0' &&
		!strchr("+-.", *name))
		return true;
	return error_set(d->err, ERROR_USAGE,
		"'%.60s' cannot be the name of a package: lower-case letters, digits, '+', '-' and '.' can",
		name);
}

/* A recipe that says no more than where it comes from, among all others: the index is asked as for them. */
static bool open_sources(struct drafter *d)
{
	const char *probe = arena_fmt(d->arena, "%s/probe", d->folder);
	const char *folder = arena_fmt(d->arena, "%s/%s", probe, d->draft->name);
	const char *text = arena_fmt(d->arena,
		"summary = a first look\nversion =\nstyle = make\ndebian = %s\n", d->draft->from);

	return place_make_folder(folder, d->err) &&
	       place_write_soon(
		       arena_fmt(d->arena, "%s/recipe", folder), text, strlen(text), d->err) &&
	       catalog_with(&d->catalog, d->draft->catalog, probe, d->err) &&
	       sources_open(&d->sources, d->catalog, d->draft->settings, 0, d->draft->note,
		       d->draft->note_ctx, d->err);
}

static bool fetch(struct drafter *d, const struct source_choice *c)
{
	struct strings urls = {0}, proxies = {0};
	struct fetch f = {.path = c->path,
		.sha256 = c->sha256,
		.size = c->size,
		.urls = &urls,
		.proxies = &proxies};
	const char *slash = strrchr(c->path, '/');

	if (access(c->path, F_OK) == 0)
		return true;
	note(d, arena_fmt(d->arena, "fetching %s", c->file));
	for (size_t i = 0; i < c->from.n; i++) {
		const struct archive *a = &c->from.at[i];

		vec_push_in(d->arena, &urls, a->url);
		vec_push_in(d->arena, &proxies,
			a->origin == ORIGIN_DEBIAN
				? debian_proxy(d->arena, debian_settings(d->arena), a->url)
				: NULL);
	}
	return place_make_folder(
		       arena_strn(d->arena, c->path, (size_t)(slash - c->path)), d->err) &&
	       fetch_file(&f, d->err);
}

/* A first recipe can be written without what Debian adds, which is then a question in it. */
static bool choose_parts(struct drafter *d, struct source_wish *wish, struct source_choices *parts)
{
	if (sources_choose_parts(d->sources, wish, &d->choice, parts, d->err))
		return true;
	if (d->err->kind != ERROR_SOURCE || !wish->patches)
		return false;
	note(d, arena_fmt(d->arena, "going on without: %s", d->err->text));
	d->unpatched = true;
	wish->patches = false;
	*parts = (struct source_choices){0};
	return sources_choose_parts(d->sources, wish, &d->choice, parts, d->err);
}

static bool unpack(struct drafter *d)
{
	struct source_wish wish = {.component = d->draft->name, .wanted = "", .patches = true};
	struct unpack u = {.result = arena_fmt(d->arena, "%s/tree", d->folder)};
	struct source_choices parts = {0};

	if (!sources_choose(d->sources, &wish, &d->choice, d->err) ||
		!choose_parts(d, &wish, &parts) || !fetch(d, &d->choice))
		return false;
	u.archive = d->choice.path;
	for (size_t i = 0; i < parts.n; i++) {
		const struct source_choice *p = &parts.at[i];

		if (!fetch(d, p))
			return false;
		if (p->role && strcmp(p->role, ARCHIVE_PATCHES) == 0) {
			u.debian = p->path;
			u.revision = arena_fmt(d->arena, "%s %s", d->draft->name, p->version);
		} else if (p->role) {
			vec_push_in(d->arena, &u.parts, (struct unpack_part){p->path, p->role});
		}
	}
	note(d, arena_fmt(d->arena, "unpacking %s", d->choice.file));
	return unpack_tree(&u, d->err) && source_facts_read(&d->facts, d->catalog->place, u.result,
						  d->draft->from, d->arena, d->err);
}

/* ---- what is written ---- */

static void put(struct drafter *d, const char *key, const char *value)
{
	if (value && *value)
		text_fmt(&d->out, "%-9s = %s\n", key, value);
}

static void ask(struct drafter *d, const char *sentence)
{
	text_fmt(&d->out, "# ? %s\n", sentence);
	d->questions++;
}

static void put_words(struct drafter *d, const char *key, const struct strings *words)
{
	struct text all = TEXT_INIT;

	for (size_t i = 0; i < words->n; i++)
		text_fmt(&all, "%s%s", i ? " " : "", words->at[i]);
	put(d, key, all.s);
	text_release(&all);
}

/* Comment lines of a width that people can read. */
static void put_comment(struct drafter *d, const char *head, const struct strings *words)
{
	size_t width = LINE_WIDTH;

	if (!words->n)
		return;
	text_fmt(&d->out, "# %s", head);
	for (size_t i = 0; i < words->n; i++) {
		if (width + 1 + strlen(words->at[i]) > LINE_WIDTH) {
			text_str(&d->out, "\n#  ");
			width = 3;
		}
		text_fmt(&d->out, " %s", words->at[i]);
		width += 1 + strlen(words->at[i]);
	}
	text_char(&d->out, '\n');
}

/* The recipe that carries a source package. */
static const struct recipe *recipe_of(const struct drafter *d, const char *package)
{
	for (size_t i = 0; *package && i < d->catalog->recipes.n; i++) {
		const struct recipe *r = d->catalog->recipes.at[i];

		for (size_t k = 0; k < r->debian.n; k++)
			if (strcmp(r->debian.at[k], package) == 0 && !r->host &&
				strcmp(r->name, d->draft->name) != 0)
				return r;
	}
	return NULL;
}

static bool has(const struct strings *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->at[i], word) == 0)
			return true;
	return false;
}

static bool ends(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n > e && strcmp(s + n - e, end) == 0;
}

/* Libraries that there are recipes of; the others are questions, and what is only run is a remark. */
static bool put_needs(struct drafter *d)
{
	const struct strings *with = &d->facts.built_with;
	struct strings packages = {0}, needs = {0}, others = {0}, tools = d->facts.tools;

	if (!sources_of_binaries(d->sources, with, &packages, d->err))
		return false;
	for (size_t i = 0; i < with->n; i++) {
		const struct recipe *r = recipe_of(d, packages.at[i]);

		if (!ends(with->at[i], "-dev"))
			vec_push_in(d->arena, &tools, with->at[i]);
		else if (!r)
			vec_push_in(d->arena, &others, with->at[i]);
		else if (!has(&needs, r->name))
			vec_push_in(d->arena, &needs, r->name);
	}
	put_words(d, "needs", &needs);
	for (size_t i = 0; i < others.n; i++)
		ask(d, arena_fmt(d->arena,
			       "Debian builds it with %s, which no recipe here carries: switch that off, or write one first",
			       others.at[i]));
	put_comment(d, "what Debian has on the machine that builds it:", &tools);
	return true;
}

static void put_licence(struct drafter *d)
{
	const struct source_facts *f = &d->facts;

	put(d, "licence", f->licence ? f->licence : "LicenseRef-unknown");
	if (!f->licence)
		ask(d, f->said_licence
				? arena_fmt(d->arena,
					  "debian/copyright calls the licence '%s': which is that in SPDX's words?",
					  f->said_licence)
				: "which licence is it? debian/copyright does not say it for machines");
	put_words(d, "licence-files", &f->licence_files);
	if (!f->licence_files.n)
		ask(d, "which files have the licence's text? licence-files = FILE");
}

static void put_build(struct drafter *d)
{
	const struct source_facts *f = &d->facts;

	put(d, "style", f->style ? f->style : "make");
	if (!f->style)
		ask(d, "how is it built? There is no file by which a build system is known");
	else if (!style_find(d->catalog, f->style))
		ask(d, arena_fmt(d->arena,
			       "there is no style '%s' here: write share/styles/%s.style, or build it in another way",
			       f->style, f->style));
}

static bool print(struct drafter *d)
{
	const struct source_facts *f = &d->facts;
	const char *series = d->choice.series;

	put(d, "summary", f->summary ? f->summary : d->draft->name);
	put(d, "section", f->section ? f->section : "Other");
	put(d, "version", series && *series ? series : d->choice.version);
	put_build(d);
	put(d, "debian", d->draft->from);
	put(d, "url", f->url);
	put_licence(d);
	if (f->say && *f->say)
		text_fmt(&d->out, "%s\n", f->say);
	if (d->unpatched)
		ask(d, "what Debian adds could not be had, so licence, needs and users are not known from there; patches = none builds without its patches");
	if (!put_needs(d))
		return false;
	put_comment(d, "what Debian's rules switch on and off:", &f->switches);
	for (size_t i = 0; i < f->users.n; i++)
		ask(d, arena_fmt(d->arena, "Debian makes a user: %s (user = NAME NUMBER HOME)",
			       f->users.at[i]));
	for (size_t i = 0; i < f->modes.n; i++)
		ask(d, arena_fmt(d->arena, "Debian sets a mode: %s (mode = /PATH 4755)",
			       f->modes.at[i]));
	ask(d, "which command shows that it works? try = COMMAND --version");
	return true;
}

static bool draft(struct drafter *d, const char *file)
{
	const char *slash = strrchr(file, '/');

	return place_remove(d->folder, d->err) && open_sources(d) && unpack(d) && print(d) &&
	       place_make_folder(arena_strn(d->arena, file, (size_t)(slash - file)), d->err) &&
	       place_write_file(file, d->out.s, d->out.len, d->err);
}

bool recipe_draft(const struct recipe_draft *what, struct arena *a, const char **file,
	size_t *questions, struct error *err)
{
	struct drafter d = {.draft = what,
		.arena = a,
		.folder = arena_fmt(
			a, "%s/work/recipe-%ld", what->catalog->place->cache, (long)getpid()),
		.out = TEXT_INIT,
		.err = err};
	const struct recipe *there = recipe_find(what->catalog, what->name);
	struct error ignored;
	bool ok = check_name(&d, what->name) && check_name(&d, what->from);

	*file = arena_fmt(a, "%s/%s/recipe", what->output, what->name);
	if (ok && there)
		ok = error_set(err, ERROR_USAGE, "there is a recipe '%s' already: %s", what->name,
			there->file);
	if (ok && access(*file, F_OK) == 0)
		ok = error_set(err, ERROR_USAGE, "there is a recipe %s already", *file);
	ok = ok && draft(&d, *file);
	*questions = d.questions;
	sources_free(d.sources);
	text_release(&d.out);
	if (!place_remove(d.folder, &ignored) && ok)
		ok = error_set(err, ignored.kind, "%s", ignored.text);
	return ok;
}
