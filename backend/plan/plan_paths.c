/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what people's paths name before anything is fetched or compiled. See plan_make.h. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "kconfig/kconfig.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* The headline of a whole configuration says what it is for: "Linux/arm64 6.12.0 Kernel Configuration". */
static bool check_headline(const struct maker *m, const char *path, struct error *err)
{
	const char *known = plan_arch_value(m, "headlines");
	struct kconfig_result result;
	struct strings names = {0};
	bool ok = kconfig_result_read(&result, path, err) &&
		  conf_words(known ? known : "", m->arena, &names, err);
	bool found = !*result.family || !names.n;

	for (size_t i = 0; ok && i < names.n; i++)
		found |= strcmp(names.at[i], result.family) == 0;
	if (ok && !found)
		ok = error_set(err, ERROR_PROFILE,
			"%s says in its head that it is for %s, but arch = %s; choose one for this architecture",
			path, result.family, profile_get(m->profile, "arch"));
	kconfig_result_release(&result);
	return ok;
}

static bool check_configuration(const struct maker *m, const char *path, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kconfig_wishes wishes = {0};
	bool ok = kconfig_wish(&wishes, &arena, path, KCONFIG_THEIRS, err) &&
		  check_headline(m, path, err);

	arena_release(&arena);
	return ok;
}

static bool check_folder(const struct maker *m, const char *path, struct error *err)
{
	struct stat st;

	(void)m;
	return (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) ||
	       error_set(err, ERROR_PROFILE, "%s is not a folder", path);
}

static bool check_file(const struct maker *m, const char *path, struct error *err)
{
	struct stat st;

	(void)m;
	return (stat(path, &st) == 0 && S_ISREG(st.st_mode)) ||
	       error_set(err, ERROR_PROFILE, "%s is not a file", path);
}

/* `content` of an option. */
static const struct content {
	const char *name;
	bool (*check)(const struct maker *m, const char *path, struct error *err);
} contents[] = {
	{"configuration", check_configuration},
	{"folder", check_folder},
	{"recipes", check_folder},
	{"file", check_file},
};

static bool check_content(
	const struct maker *m, const struct option *o, const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(err, ERROR_PROFILE, "%s: there is no %s", o->name, path);
	for (size_t i = 0; o->content && i < sizeof contents / sizeof contents[0]; i++)
		if (strcmp(contents[i].name, o->content) == 0)
			return contents[i].check(m, path, err) || error_in(err, "%s", o->name);
	return !o->content || error_set(err, ERROR_PROFILE, "%s:%d: '%s' is no content of a path",
				      o->file, o->line, o->content);
}

bool plan_check_paths(struct maker *m, struct error *err)
{
	const struct option_table *t = &m->profile->catalog->options;
	bool ok = true;

	for (size_t i = 0; ok && i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];
		struct strings paths = {0};

		if ((o->type != OPTION_PATH && o->type != OPTION_PATHS) || o->named ||
			!profile_is_set(m->profile, o->name))
			continue;
		ok = profile_paths(m->profile, o, m->arena, &paths, err);
		for (size_t k = 0; ok && k < paths.n; k++)
			ok = paths.at[k][0] != '/' || check_content(m, o, paths.at[k], err);
	}
	return ok;
}

/* ---- what is known of a configuration before it is made ---- */

static void note(const struct maker *m, const char *sentence)
{
	if (m->options->note)
		m->options->note(m->options->note_ctx, sentence);
}

/* Names of fragments in the source say nothing until it is unpacked. */
static void readable_words(const struct maker *m, const struct strings *words, struct strings *out)
{
	bool unpacked = access(words->at[1], F_OK) == 0;

	for (size_t i = 2; i < words->n; i++)
		if (unpacked || strpbrk(words->at[i], "/=#") || words->at[i][0] == '-')
			vec_push_in(m->arena, out, words->at[i]);
}

static void count_modules(
	const struct kconfig_wishes *w, size_t *n, const struct kconfig_wish **first)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->at[i].voice <= KCONFIG_PACKAGE || strcmp(w->at[i].either[0].value, "m") != 0)
			continue;
		if (!*first)
			*first = &w->at[i];
		++*n;
	}
}

/* `without-modules` of a recipe says what becomes of those that are asked for, where these choices have none. */
static void tell_modules(
	const struct maker *m, const struct component *c, const struct kconfig_request *q)
{
	const char *sentence = plan_value(m, c, "without-modules");
	const struct kconfig_wish *first = NULL;
	size_t n = 0;

	count_modules(&q->own, &n, &first);
	count_modules(&q->wishes, &n, &first);
	if (sentence && first)
		note(m, arena_fmt(m->arena,
				"%zu line%s of your configuration ask%s for a module (first: CONFIG_%s=m, %s): %s",
				n, n == 1 ? "" : "s", n == 1 ? "s" : "", first->either[0].symbol,
				first->where, sentence));
}

/* Against what came out, where that is in the cache, else against what the source knows, where that is. */
static bool tell_own(const struct maker *m, const struct component *c,
	const struct kconfig_request *q, const char *own, const char *source, struct error *err)
{
	const char *made = arena_fmt(m->arena, "%s/config", c->unit->result);
	struct kconfig_verdict v = KCONFIG_VERDICT_INIT;
	struct kconfig_result result;
	bool built = access(made, F_OK) == 0;
	bool ok = kconfig_result_read(&result, built ? made : own, err) &&
		  kconfig_verify(q, &result, source, c->unit->result, &v, err) &&
		  kconfig_is_ours(&v, err);

	if (ok && built && v.changes)
		note(m, arena_fmt(m->arena,
				"%zu of %zu lines of %s are unknown to %s %s or came out otherwise (first: %.*s)",
				v.changes, v.lines, own, c->recipe->name, c->source->version,
				(int)strcspn(v.changed.s, "\n"), v.changed.s));
	else if (ok && v.known < v.lines)
		note(m, arena_fmt(m->arena, "%zu of %zu lines of %s are unknown to %s %s",
				v.lines - v.known, v.lines, own, c->recipe->name,
				c->source->version));
	kconfig_verdict_release(&v);
	kconfig_result_release(&result);
	return ok || error_in(err, "%s", own);
}

bool plan_tell_configuration(const struct maker *m, const struct component *c,
	const struct strings *words, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kconfig_request q;
	struct strings readable = {0};
	bool ok;

	readable_words(m, words, &readable);
	ok = kconfig_request(&q, &arena, &readable, 0, err);
	if (ok)
		tell_modules(m, c, &q);
	if (ok && q.own.n && access(words->at[1], F_OK) == 0)
		ok = tell_own(m, c, &q, words->at[words->n - 1], words->at[1], err);
	arena_release(&arena);
	return ok;
}
