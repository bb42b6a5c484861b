/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The origin `debian`: source packages, and finished ones for data. What the wanted packages offer is kept as a small extract,
 * cache/index/debian or debian-binaries, so that reading it takes a millisecond. An extract is rebuilt from the package index
 * when it is older than the settings allow, or was made for other recipes or suites.
 */
#include "source/debian.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/lock.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/version.h"
#include "choice/recipe.h"
#include "source/debian_apt.h"
#include "source/origin.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { RETRY_SECONDS = 600, FORMAT_NUMBER = 3 /* 3: with further archives and patches */ };

/* By enum packaged_kind: the extract's file, the folder for what apt-get keeps, and the reader of the index. */
static const struct {
	const char *file, *folder;
	bool (*read)(const char *path, const struct suite *suite,
		const struct package_wishes *wishes, struct arena *a, struct archive_list *out,
		struct error *err);
} kinds[] = {
	[PACKAGED_SOURCES] = {"debian", "apt", debian_read_index},
	[PACKAGED_BINARIES] = {"debian-binaries", "apt-binaries", debian_read_binaries},
};

struct extract {
	enum packaged_kind kind;
	struct arena *arena;
	long format, made,
		failed;	   /* seconds since the epoch; failed: the last attempt without success */
	const char *query; /* digest of what was asked for */
	struct archive_list archives;
	struct strings problems;
};

static const struct conf_field fields[] = {
	{"format", CONF_NUMBER, offsetof(struct extract, format)},
	{"made", CONF_NUMBER, offsetof(struct extract, made)},
	{"failed", CONF_NUMBER, offsetof(struct extract, failed)},
	{"query", CONF_TEXT, offsetof(struct extract, query)},
	{NULL, CONF_TEXT, 0},
};

/* archive = COMPONENT VERSION SHA256 BYTES URL SUITE [SHA256 of the archive that it belongs to] */
static bool take_archive(struct extract *x, const char *value, struct error *err)
{
	struct strings w = {0};
	struct text series = TEXT_INIT;
	bool ok = conf_words(value, x->arena, &w, err);

	if (ok && (w.n < 6 || w.n > 7 || !hash_is_hex(w.at[2]) ||
			  (w.n == 7 && !hash_is_hex(w.at[6]))))
		ok = error_set(err, ERROR_PROFILE, "this line is damaged");
	if (ok) {
		version_series(w.at[1], &series);
		vec_push_in(x->arena, &x->archives,
			(struct archive){.component = w.at[0],
				.version = w.at[1],
				.series = arena_str(x->arena, series.s),
				.support = "",
				.origin = ORIGIN_DEBIAN,
				.where = w.at[5],
				.url = w.at[4],
				.file = strrchr(w.at[4], '/') ? strrchr(w.at[4], '/') + 1 : w.at[4],
				.sha256 = w.at[2],
				.of = w.n == 7 ? w.at[6] : NULL,
				.size = strtoull(w.at[3], NULL, 10)});
	}
	text_release(&series);
	return ok;
}

static bool take_known(void *ctx, const struct conf_line *line, struct error *err)
{
	struct extract *x = ctx;

	if (!line->key)
		return true;
	if (strcmp(line->key, "archive") == 0)
		return take_archive(x, line->value, err);
	if (strcmp(line->key, "problem") == 0) {
		vec_push_in(x->arena, &x->problems, line->value);
		return true;
	}
	return conf_store(fields, line, x, x->arena, err);
}

/* A missing or damaged extract counts as empty: it will be rebuilt. */
static void extract_load(struct extract *x, struct sources *s, enum packaged_kind kind)
{
	const char *path = sources_path(s, kinds[kind].file);
	struct error err = {0};
	bool read;

	*x = (struct extract){.kind = kind, .arena = &s->arena};
	if (access(path, F_OK) != 0)
		return;
	read = conf_read_own(path, &s->arena, take_known, x, &err);
	if (read && x->format == FORMAT_NUMBER)
		return;
	if (!read || !x->format)
		sources_say(s,
			"%s; what the package index offers is not known until it is read again",
			read ? arena_fmt(&s->arena, "%s has no format", path) : err.text);
	*x = (struct extract){.kind = kind, .arena = &s->arena};
}

static bool extract_save(const struct extract *x, struct sources *s, struct error *err)
{
	struct text t = TEXT_INIT;
	bool ok;

	text_fmt(&t,
		"# What the package index has of the packages that the recipes name. "
		"Removing this file does no harm.\n"
		"format = %d\nmade = %ld\nfailed = %ld\nquery = %s\n",
		FORMAT_NUMBER, x->made, x->failed, x->query);
	for (size_t i = 0; i < x->problems.n; i++)
		text_fmt(&t, "problem = %s\n", x->problems.at[i]);
	for (size_t i = 0; i < x->archives.n; i++) {
		const struct archive *a = &x->archives.at[i];

		text_fmt(&t, "archive = %s %s %s %llu %s %s%s%s\n", a->component, a->version,
			a->sha256, (unsigned long long)a->size, a->url, a->where, a->of ? " " : "",
			a->of ? a->of : "");
	}
	ok = place_write_file(sources_path(s, kinds[x->kind].file), t.s, t.len, err);
	text_release(&t);
	return ok;
}

static void collect_wishes(struct sources *s, enum packaged_kind kind, struct package_wishes *out)
{
	for (size_t i = 0; i < s->catalog->recipes.n; i++) {
		const struct recipe *r = s->catalog->recipes.at[i];

		if ((r->archive == RECIPE_BINARY) != (kind == PACKAGED_BINARIES))
			continue;
		for (size_t k = 0; k < r->debian.n; k++)
			vec_push_in(
				&s->arena, out, (struct package_wish){r->source, r->debian.at[k]});
	}
}

/* Made for other recipes or suites: it does not answer the current question. */
static const char *query_digest(struct sources *s, const struct package_wishes *wishes)
{
	struct text t = TEXT_INIT, path = TEXT_INIT, data = TEXT_INIT;
	struct error ignored;
	char hex[HASH_HEX];

	for (size_t i = 0; i < wishes->n; i++)
		text_fmt(&t, "%s %s\n", wishes->at[i].component, wishes->at[i].pattern);
	if (place_find(s->catalog->place, "share/origins/debian", &path) &&
		text_read_file(&data, path.s, CONF_LIMIT, &ignored))
		text_add(&t, data.s, data.len);
	hash_bytes(t.s, t.len, hex);
	text_release(&t);
	text_release(&path);
	text_release(&data);
	return arena_str(&s->arena, hex);
}

/* Whoever was not answered does not ask at once again, unless a person says so. */
static bool is_waiting(const struct sources *s, const struct extract *x)
{
	return s->now - x->failed >= 0 && s->now - x->failed < RETRY_SECONDS &&
	       !(s->flags & SOURCES_REFRESH);
}

static bool is_due(const struct sources *s, const struct extract *x, const char *query)
{
	if (is_waiting(s, x))
		return false;
	if (s->flags & SOURCES_REFRESH || !x->query || strcmp(x->query, query) != 0)
		return true;
	return s->now < x->made || s->now - x->made >= s->settings->refresh_hours * 3600;
}

static void keep_old(struct extract *to, const struct extract *from, const char *suite)
{
	for (size_t i = 0; i < from->archives.n; i++)
		if (strcmp(from->archives.at[i].where, suite) == 0)
			vec_push_in(to->arena, &to->archives, from->archives.at[i]);
}

/* All of the suite's files, or nothing of it. */
static bool read_suite(struct sources *s, const char *folder, const struct suite *suite,
	const struct package_wishes *wishes, struct extract *x, struct error *err)
{
	const size_t before = x->archives.n;
	struct strings files = {0};
	bool ok = apt_index_files(folder, &s->arena, &files, err);

	for (size_t i = 0; ok && i < files.n; i++)
		ok = kinds[x->kind].read(files.at[i], suite, wishes, &s->arena, &x->archives, err);
	if (!ok)
		x->archives.n = before;
	return ok;
}

static void problem(struct extract *x, const char *sentence)
{
	vec_push_in(x->arena, &x->problems, arena_str(x->arena, sentence));
}

static void complain(struct sources *s, struct extract *x, const struct error *err)
{
	problem(x, err->text);
	if (err->kind == ERROR_HOST && s->host.kind == ERROR_NONE)
		s->host = *err;
}

/*
 * All suites in turn. If the network or apt-get fails the rest is not tried, and what was known before still holds: whoever
 * forgot it would build without Debian's patches.
 */
static void read_suites(struct sources *s, const struct suites *suites,
	const struct package_wishes *wishes, const struct extract *old, struct extract *x)
{
	bool gone = false;

	for (size_t i = 0; i < suites->n; i++) {
		const struct suite *suite = &suites->at[i];
		const char *folder = sources_path(
			s, arena_fmt(&s->arena, "%s/%s", kinds[x->kind].folder, suite->name));
		struct error err = {0};
		enum apt_result result = APT_UNREACHED;

		if (!gone) {
			sources_say(s, "reading the package index of %s", suite->name);
			result = apt_update(folder, suite, x->kind, &err);
			if (result == APT_READ && !read_suite(s, folder, suite, wishes, x, &err))
				result = APT_BROKEN;
			if (result != APT_READ)
				complain(s, x, &err);
			gone = result == APT_UNREACHED || result == APT_BROKEN ||
			       result == APT_HOST;
		}
		if (result == APT_UNREACHED || result == APT_BROKEN || result == APT_HOST)
			keep_old(x, old, suite->name);
	}
	if (gone)
		x->failed = (long)s->now;
	else
		x->made = (long)s->now;
}

static void refresh(struct sources *s, struct extract *x, const char *query,
	const struct package_wishes *wishes)
{
	struct extract fresh = {
		.kind = x->kind, .arena = &s->arena, .query = query, .made = x->made};
	struct suites suites = {0};
	struct error err;

	if (debian_suites(&suites, s->catalog->place, &s->arena, &err)) {
		read_suites(s, &suites, wishes, x, &fresh);
	} else {
		problem(&fresh, err.text);
		fresh.archives = x->archives;
		fresh.failed = (long)s->now;
	}
	/* Once there is room it is read again, at once. */
	if (s->host.kind == ERROR_NONE && !extract_save(&fresh, s, &err))
		complain(s, &fresh, &err);
	*x = fresh;
}

/* Only one process at a time reads the index; a process that waited finds it done. */
static int wait_for_turn(struct sources *s, enum packaged_kind kind)
{
	const char *path = arena_fmt(&s->arena, "%s/lock/index", s->catalog->place->cache);
	struct error ignored;
	bool said = false;
	int fd = -1;

	if (!place_make_folder(
		    arena_fmt(&s->arena, "%s/lock", s->catalog->place->cache), &ignored) ||
		!place_make_folder(sources_path(s, kinds[kind].folder), &ignored))
		return -1;
	while (lock_try(path, LOCK_ALONE, &fd, &ignored) && fd < 0) {
		if (!said)
			sources_say(s, "waiting for another run that reads the package index");
		said = true;
		poll(NULL, 0, 100);
	}
	return fd;
}

/* By component; those of one stay in their order, which is that of their addresses. */
static int by_component(const void *a, const void *b)
{
	const struct archive *x = *(const struct archive *const *)a,
			     *y = *(const struct archive *const *)b;
	int order = strcmp(x->component, y->component);

	return order ? order : x < y ? -1 : x > y;
}

static void sort_by_component(struct arena *a, struct packaged *p)
{
	p->by_component.at = NULL;
	p->by_component.n = p->by_component.cap = 0;
	for (size_t i = 0; i < p->archives.n; i++)
		vec_push_in(a, &p->by_component, &p->archives.at[i]);
	if (p->by_component.n)
		qsort(p->by_component.at, p->by_component.n, sizeof *p->by_component.at,
			by_component);
}

void debian_load(struct sources *s, enum packaged_kind kind, bool may_refresh)
{
	struct packaged *p = &s->packaged[kind];
	struct package_wishes wishes = {0};
	struct extract *x = p->extract;
	const char *query;
	bool waits;
	int turn = -1;

	if (!origin_is_asked(s, ORIGIN_DEBIAN))
		return;
	collect_wishes(s, kind, &wishes);
	query = query_digest(s, &wishes);
	if (!x) {
		x = p->extract = arena_alloc(&s->arena, sizeof *x);
		extract_load(x, s, kind);
	}
	waits = may_refresh && !(s->flags & SOURCES_OFFLINE) && wishes.n && is_waiting(s, x);
	if (may_refresh && !(s->flags & SOURCES_OFFLINE) && wishes.n && is_due(s, x, query)) {
		turn = wait_for_turn(s, kind);
		extract_load(x, s, kind);
		if (is_due(s, x, query) && s->host.kind == ERROR_NONE)
			refresh(s, x, query, &wishes);
		lock_release(turn);
	}
	for (size_t i = 0; may_refresh && i < x->problems.n; i++)
		sources_problem(s, "debian: %s", x->problems.at[i]);
	if (waits)
		sources_problem(s,
			"debian: apt-get failed %ld s ago and is asked again %ld s from now; `bootsmith versions NAME --refresh` asks at once",
			(long)s->now - x->failed, RETRY_SECONDS - ((long)s->now - x->failed));
	p->archives = x->archives;
	sort_by_component(&s->arena, p);
}

/* Where those of a component begin, or would. */
static size_t first_of(const struct packaged *p, const char *component)
{
	size_t first = 0, end = p->by_component.n;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (strcmp(p->by_component.at[middle]->component, component) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

static bool is_of(const struct packaged *p, size_t i, const char *component)
{
	return i < p->by_component.n && strcmp(p->by_component.at[i]->component, component) == 0;
}

bool debian_has_read(struct sources *s, const char *component)
{
	const enum packaged_kind kind = packaged_kind(s, component);
	const struct packaged *p = &s->packaged[kind];
	const struct extract *x = p->extract;
	struct package_wishes wishes = {0};
	const size_t at = first_of(p, component);
	bool asked = false;

	if (!origin_is_asked(s, ORIGIN_DEBIAN) || is_of(p, at, component))
		return true;
	collect_wishes(s, kind, &wishes);
	for (size_t i = 0; i < wishes.n && !asked; i++)
		asked = strcmp(wishes.at[i].component, component) == 0;
	return !asked || (x && x->made && !x->failed && x->query &&
				 strcmp(x->query, query_digest(s, &wishes)) == 0);
}

static void fill_from(struct sources *s, const struct packaged *p, struct offer *c)
{
	for (size_t i = first_of(p, c->name); is_of(p, i, c->name); i++)
		offer_add(s, c, p->by_component.at[i]);
}

void debian_fill(struct sources *s, struct offer *c)
{
	for (size_t k = 0; k < PACKAGED_KINDS; k++)
		fill_from(s, &s->packaged[k], c);
}
