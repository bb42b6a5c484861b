/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds where this machine gets its packages from by asking its package manager: no server name is hard-coded. Which suites to
 * ask is data (share/origins/debian).
 */
#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/os_release.h"
#include "proc/proc.h"
#include "source/debian.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { LISTING_LIMIT = 4 << 20, PATIENCE_MS = 60000, MOST_SUITES = 100 };

struct distribution {
	const char *id, *origin;
	struct strings keyring, component, suites, security;
	bool own;
};

static const struct conf_field fields[] = {
	{"origin", CONF_TEXT, offsetof(struct distribution, origin)},
	{"keyring", CONF_WORDS, offsetof(struct distribution, keyring)},
	{"component", CONF_WORDS, offsetof(struct distribution, component)},
	{"suites", CONF_WORDS, offsetof(struct distribution, suites)},
	{"security", CONF_WORDS, offsetof(struct distribution, security)},
	{"own", CONF_YESNO, offsetof(struct distribution, own)},
	{NULL, CONF_TEXT, 0},
};

struct reader {
	struct arena *arena;
	VEC(struct distribution) all;
};

static bool take_distribution(void *ctx, const struct conf_line *line, struct error *err)
{
	struct reader *r = ctx;

	if (!conf_in(line, "[distribution ID]", err))
		return false;
	if (!line->key) {
		vec_push_in(r->arena, &r->all, (struct distribution){.id = line->name});
		return true;
	}
	return conf_store(fields, line, &r->all.at[r->all.n - 1], r->arena, err);
}

static const struct distribution *this_one(const struct reader *r, const struct os_release *release)
{
	for (size_t i = 0; i < release->ids.n; i++)
		for (size_t k = 0; k < r->all.n; k++)
			if (strcmp(r->all.at[k].id, release->ids.at[i]) == 0)
				return &r->all.at[k];
	return NULL;
}

/* One repository in the machine's configuration. */
struct repository {
	const char *uri, *release, *component, *origin, *keyring;
};
struct repositories {
	struct repository *at;
	size_t n, cap;
};

/* A name in $() stays as it is if the package manager has no value for it. */
static const char *cell(char **line)
{
	char *start = *line;
	size_t len = strcspn(start, "|");

	*line = start + len + (start[len] == '|');
	start[len] = '\0';
	return start[0] == '$' ? "" : start;
}

static void take_targets(struct repositories *out, struct arena *a, const char *listing)
{
	for (const char *at = listing; *at;) {
		size_t len = strcspn(at, "\n");
		char *line = arena_strn(a, at, len);
		struct repository r;

		r.uri = cell(&line);
		r.release = cell(&line);
		r.component = cell(&line);
		r.origin = cell(&line);
		r.keyring = cell(&line);
		if (*r.uri && *r.release)
			vec_push_in(a, out, r);
		at += len + (at[len] == '\n');
	}
}

/* 'URI/dists/RELEASE/InRelease' NAME SIZE: all there is before the machine has ever read its indexes. */
static void take_uris(struct repositories *out, struct arena *a, const char *listing)
{
	for (const char *at = listing; *at;) {
		size_t len = strcspn(at, "\n");
		char *line = arena_strn(a, at, len);
		char *dists = strstr(line, "/dists/");
		char *end = strstr(line, "/InRelease'");

		at += len + (at[len] == '\n');
		if (*line != '\'' || !dists || !end || end < dists)
			continue;
		*end = '\0';
		vec_push_in(a, out,
			(struct repository){
				.uri = arena_fmt(a, "%.*s/", (int)(dists - line - 1), line + 1),
				.release = dists + 7,
				.component = "",
				.origin = "",
				.keyring = ""});
	}
}

static bool ask_apt(const char *const argv[], struct text *out, struct error *err)
{
	int status;

	text_clear(out);
	if (!proc_capture_for(PATIENCE_MS, argv, NULL, NULL, LISTING_LIMIT, out, &status, err))
		return false;
	if (status == 0)
		return true;
	return error_set(
		err, ERROR_SOURCE, "%s %s ended with %s", argv[0], argv[1], proc_words(status).s);
}

static bool machine_repositories(struct repositories *out, struct arena *a, struct error *err)
{
	static const char *const targets[] = {"apt-get", "indextargets", "--format",
		"$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ORIGIN)|$(SIGNED_BY)", NULL};
	static const char *const uris[] = {"apt-get", "update", "--print-uris", NULL};
	struct text listing = TEXT_INIT;
	bool ok = ask_apt(targets, &listing, err);

	if (ok)
		take_targets(out, a, listing.s);
	if (ok && !out->n) {
		ok = ask_apt(uris, &listing, err);
		if (ok)
			take_uris(out, a, listing.s);
	}
	text_release(&listing);
	return ok;
}

static bool is_security(const char *release)
{
	return strstr(release, "-security") != NULL || strstr(release, "/updates") != NULL;
}

static bool names(const struct strings *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->at[i], word) == 0)
			return true;
	return false;
}

/* Is it the distribution's own archive and not a third party's? Its Release file tells. Before that was ever read, the release's
 * name must do: whatever does not match the keyring is refused later anyway. */
static bool is_own(const struct distribution *d, const struct repository *r, const char *codename)
{
	size_t len = strlen(codename);

	if (*r->origin)
		return d->origin && strcmp(r->origin, d->origin) == 0;
	return names(&d->suites, r->release) || names(&d->security, r->release) ||
	       (len && strncmp(r->release, codename, len) == 0 &&
		       (!r->release[len] || r->release[len] == '-'));
}

static const char *keyring_for(
	struct arena *a, const struct distribution *d, const struct repository *r)
{
	if (r && *r->keyring)
		return arena_str(a, r->keyring);
	for (size_t i = 0; i < d->keyring.n; i++)
		if (access(d->keyring.at[i], R_OK) == 0)
			return d->keyring.at[i];
	return NULL;
}

/* It becomes a folder, a line of a file for apt and a word in one of ours. */
static bool is_plain(const char *name)
{
	for (const char *at = name; *at; at++)
		if (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\')
			return false;
	return *name != '\0';
}

static void add_suite(struct suites *out, struct arena *a, const struct distribution *d,
	const struct repository *r, const char *name)
{
	if (out->n == MOST_SUITES || !is_plain(name) || !is_plain(r->uri) || strstr(name, ".."))
		return;
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->at[i].name, name) == 0)
			return;
	vec_push_in(a, out,
		(struct suite){.name = arena_str(a, name),
			.uri = r->uri,
			.keyring = keyring_for(a, d, r),
			.components = d->component.n ? d->component.at[0] : "main"});
}

static void choose_suites(struct suites *out, struct arena *a, const struct distribution *d,
	const struct repositories *repositories, const char *codename)
{
	const struct repository *archive = NULL, *security = NULL;

	for (size_t i = 0; i < repositories->n; i++) {
		const struct repository *r = &repositories->at[i];

		if (!is_own(d, r, codename))
			continue;
		if (d->own)
			add_suite(out, a, d, r, r->release);
		if (is_security(r->release))
			security = security ? security : r;
		else
			archive = archive ? archive : r;
	}
	for (size_t i = 0; archive && i < d->suites.n; i++)
		add_suite(out, a, d, archive, d->suites.at[i]);
	for (size_t i = 0; security && i < d->security.n; i++)
		add_suite(out, a, d, security, d->security.at[i]);
}

static const struct distribution *find_distribution(const struct place *place,
	const struct os_release *release, struct arena *a, struct error *err)
{
	struct reader r = {.arena = a};
	const struct distribution *d = NULL;
	struct text path = TEXT_INIT;

	if (!place_find(place, "share/origins/debian", &path))
		error_set(err, ERROR_HOST, "the data file share/origins/debian is missing");
	else if (conf_read(path.s, a, take_distribution, &r, err) && !(d = this_one(&r, release)))
		error_set(err, ERROR_SOURCE,
			"this distribution is not one that share/origins/debian knows");
	text_release(&path);
	return d;
}

static bool choose(struct suites *out, struct arena *a, const struct distribution *d,
	const struct repositories *all, const struct os_release *release, struct error *err)
{
	choose_suites(out, a, d, all, release->codename);
	if (out->n)
		return true;
	return error_set(err, ERROR_SOURCE,
		"the package configuration of this machine names no archive of %s", d->id);
}

bool debian_suites_said(struct suites *out, const struct place *place,
	const struct os_release *release, const char *targets, const char *uris, struct arena *a,
	struct error *err)
{
	const struct distribution *d = find_distribution(place, release, a, err);
	struct repositories all = {0};

	if (!d)
		return false;
	take_targets(&all, a, targets);
	if (!all.n)
		take_uris(&all, a, uris);
	return choose(out, a, d, &all, release, err);
}

bool debian_suites(
	struct suites *out, const struct place *place, struct arena *a, struct error *err)
{
	struct repositories all = {0};
	struct text program = TEXT_INIT;
	struct os_release release;
	const struct distribution *d;
	bool there = proc_find("apt-get", NULL, &program);

	text_release(&program);
	if (!there)
		return error_set(err, ERROR_SOURCE,
			"there is no apt-get on this machine, so there are no Debian source packages");
	os_release_read(&release, NULL, a);
	d = find_distribution(place, &release, a, err);
	return d && machine_repositories(&all, a, err) && choose(out, a, d, &all, &release, err);
}
