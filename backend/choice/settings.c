/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the user's settings. */
#include "choice/settings.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/jail.h"
#include "proc/proc.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { UNSET = INT_MIN };

struct draft {
	struct strings origins, read, write;
	const char *launcher, *sandbox;
	long jobs, refresh_hours;
};

static const struct conf_field fields[] = {
	{"origins", CONF_WORDS, offsetof(struct draft, origins)},
	{"jobs", CONF_NUMBER, offsetof(struct draft, jobs)},
	{"launcher", CONF_TEXT, offsetof(struct draft, launcher)},
	{"refresh-hours", CONF_NUMBER, offsetof(struct draft, refresh_hours)},
	{"sandbox", CONF_TEXT, offsetof(struct draft, sandbox)},
	{"sandbox-read", CONF_WORDS, offsetof(struct draft, read)},
	{"sandbox-write", CONF_WORDS, offsetof(struct draft, write)},
	{"mirror", CONF_TEXT,
		0}, /* handled by add_mirror: here only for suggesting the nearest name */
	{NULL, CONF_TEXT, 0},
};

struct loader {
	struct settings *settings;
	struct draft draft;
};

static bool has_scheme(const char *url)
{
	return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0 ||
	       strncmp(url, "file:///", 8) == 0;
}

static const char *layout(const void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "layout") == 0 ? "upstream" : NULL;
}

static bool add_mirror(struct settings *s, const struct conf_line *line, struct error *err)
{
	size_t len = strlen(line->value), least;
	struct mirror m = {0};

	if (!has_scheme(line->value))
		return error_set(err, ERROR_PROFILE,
			"the mirror '%s' must begin with https://, http:// or file:///",
			line->value);
	least = (size_t)(strstr(line->value, "://") - line->value) + 3;
	while (len > least && line->value[len - 1] == '/')
		len--;
	if (len == least && *line->value != 'f')
		return error_set(
			err, ERROR_PROFILE, "the mirror '%s' names no server", line->value);
	m.base = arena_strn(&s->arena, line->value, len);
	m.like_upstream = line->guard->n && guard_holds(line->guard, layout, NULL);
	vec_push_in(&s->arena, &s->mirrors, m);
	return true;
}

static bool take_setting(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;

	if (!conf_in(line, "", err))
		return false;
	if (strcmp(line->key, "mirror") == 0)
		return add_mirror(l->settings, line, err);
	return conf_store(fields, line, &l->draft, &l->settings->arena, err);
}

const char *origin_word(enum origin origin)
{
	static const char *const words[] = {"cache", "mirror", "upstream", "debian", "lock"};

	return words[origin];
}

static bool read_origins(struct settings *s, const struct strings *words, struct error *err)
{
	for (size_t i = 0; i < words->n; i++) {
		enum origin o = ORIGIN_CACHE;

		while (o < ORIGIN_LOCK && strcmp(origin_word(o), words->at[i]) != 0)
			o++;
		if (o == ORIGIN_LOCK)
			return error_set(err, ERROR_PROFILE,
				"'%s' is not an origin; there are cache, mirror, upstream and debian",
				words->at[i]);
		vec_push_in(&s->arena, &s->origins, o);
	}
	for (enum origin o = ORIGIN_CACHE; !words->n && o < ORIGIN_LOCK; o++)
		vec_push_in(&s->arena, &s->origins, o);
	return true;
}

static bool check_jobs(const struct draft *d, struct error *err)
{
	return d->jobs == UNSET || (d->jobs >= 1 && d->jobs <= SETTINGS_MOST_JOBS) ||
	       error_set(err, ERROR_PROFILE,
		       "jobs = %ld: it is a whole number from 1 to %d; without the line it is the number of processors",
		       d->jobs, SETTINGS_MOST_JOBS);
}

static bool read_folders(struct settings *s, const char *key, const struct strings *words,
	struct strings *out, struct error *err)
{
	for (size_t i = 0; i < words->n; i++) {
		const char *folder = words->at[i];

		if (folder[0] != '/' && strncmp(folder, "~/", 2) != 0)
			return error_set(err, ERROR_PROFILE,
				"%s = %s: a folder is named by its whole path, from / or ~/ on",
				key, folder);
		vec_push_in(&s->arena, out, place_path(&s->arena, NULL, folder));
	}
	return true;
}

static bool read_sandbox(struct settings *s, const struct draft *d, struct error *err)
{
	struct jail_rules *r = &s->sandbox;

	r->wish = JAIL_AUTO;
	while (d->sandbox && r->wish < JAIL_WISHES &&
		strcmp(jail_wish_word(r->wish), d->sandbox) != 0)
		r->wish++;
	if (r->wish == JAIL_WISHES)
		return error_set(err, ERROR_PROFILE,
			"sandbox = %s: it is auto (what this machine allows), require (no build without it) or off",
			d->sandbox);
	return read_folders(s, "sandbox-read", &d->read, &r->read, err) &&
	       read_folders(s, "sandbox-write", &d->write, &r->write, err);
}

static void fill_defaults(struct settings *s, const struct draft *d)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	s->jobs = d->jobs > 0 ? d->jobs : processors > 0 ? processors : 1;
	s->launcher = d->launcher ? d->launcher : "";
	s->refresh_hours = d->refresh_hours >= 0 ? d->refresh_hours : 24;
}

bool settings_load(struct settings *s, const struct place *place, struct error *err)
{
	struct loader l = {.settings = s, .draft = {.jobs = UNSET, .refresh_hours = -1}};

	*s = (struct settings){.arena = ARENA_INIT};
	if (access(place->config, F_OK) == 0 &&
		!conf_read(place->config, &s->arena, take_setting, &l, err))
		goto failed;
	if (!read_origins(s, &l.draft.origins, err) || !check_jobs(&l.draft, err) ||
		!read_sandbox(s, &l.draft, err)) {
		error_in(err, "%s", place->config);
		goto failed;
	}
	fill_defaults(s, &l.draft);
	return true;
failed:
	arena_release(&s->arena);
	return false;
}

bool settings_find_launcher(const struct settings *s, const struct place *place, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = !*s->launcher || proc_find(s->launcher, NULL, &path);

	if (!ok)
		error_set(err, ERROR_HOST,
			"launcher = %s in %s: there is no such program; install it, or take the line out",
			s->launcher, place->config);
	text_release(&path);
	return ok;
}

void settings_release(struct settings *s)
{
	arena_release(&s->arena);
	*s = (struct settings){.arena = ARENA_INIT};
}
