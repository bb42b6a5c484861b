/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lock files: finds, reads and prints them. */
#include "source/pins.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static const struct conf_field fields[] = {
	{"version", CONF_TEXT, offsetof(struct pin, version)},
	{"sha256", CONF_TEXT, offsetof(struct pin, sha256)},
	{"url", CONF_WORDS, offsetof(struct pin, urls)},
	{"size", CONF_NUMBER, offsetof(struct pin, size)},
	{NULL, CONF_TEXT, 0},
};

/* ---- where ---- */

static void beside(const char *path, struct text *out)
{
	const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');

	if (!dot || (slash && dot < slash))
		text_fmt(out, "%s.lock", path);
	else
		text_fmt(out, "%.*s.lock", (int)(dot - path), path);
}

static bool folder_is_writable(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text folder = TEXT_INIT;
	bool ok;

	if (slash == path)
		text_str(&folder, "/");
	else if (slash)
		text_add(&folder, path, (size_t)(slash - path));
	else
		text_char(&folder, '.');
	ok = access(folder.s, W_OK | X_OK) == 0;
	text_release(&folder);
	return ok;
}

/* Profiles of the same name in different folders must not share a lock, so the path is part of the name. */
static void elsewhere(const struct profile *p, const struct place *place, struct text *out)
{
	const char *slash = strrchr(place->profiles, '/');
	char hex[HASH_HEX];

	text_fmt(out, "%.*s/locks/%s", (int)(slash - place->profiles), place->profiles, p->name);
	if (!p->shipped) {
		hash_bytes(p->path, strlen(p->path), hex);
		text_fmt(out, "-%.8s", hex);
	}
	text_str(out, ".lock");
}

void pins_path(const struct profile *p, const struct place *place, struct text *out)
{
	text_clear(out);
	if (!p->path)
		return;
	if (!p->shipped) {
		beside(p->path, out);
		if (access(out->s, F_OK) == 0 || folder_is_writable(p->path))
			return;
		text_clear(out);
	}
	elsewhere(p, place, out);
}

/* ---- reading ---- */

enum { MOST_PINS = 1000 }; /* a lock may come from anyone; each is compared with those before it */

struct reader {
	struct pins *pins;
	struct arena *arena;
	bool any; /* section, if only for other readers */
};

static bool take_pin(void *ctx, const struct conf_line *line, struct error *err)
{
	struct reader *r = ctx;

	r->any = true;
	if (strcmp(line->kind, "source") != 0)
		return true; /* a section for other readers */
	if (line->key)
		return conf_store(fields, line, &r->pins->at[r->pins->n - 1], r->arena, err);
	if (r->pins->n == MOST_PINS)
		return error_set(err, ERROR_PROFILE, "there are more than %d sources", MOST_PINS);
	if (pins_find(r->pins, line->name))
		return error_set(err, ERROR_PROFILE, "[source %s] is there twice", line->name);
	vec_push_in(r->arena, r->pins, (struct pin){.component = line->name});
	return true;
}

bool pins_read(struct pins *p, const char *path, struct arena *a, struct error *err)
{
	struct reader r = {p, a, false};
	bool ok = true;

	*p = (struct pins){0};
	if (!path || !*path || access(path, F_OK) != 0)
		return true;
	ok = conf_read(path, a, take_pin, &r, err);
	if (ok && !r.any)
		ok = error_set(err, ERROR_PROFILE,
			"%s is a lock that names no source; `bootsmith lock PROFILE --update` writes it again, without the file there is no lock",
			path);
	for (size_t i = 0; ok && i < p->n; i++) {
		const struct pin *pin = &p->at[i];

		if (!pin->version || !hash_is_hex(pin->sha256) || pin->size < 0)
			ok = error_set(err, ERROR_PROFILE,
				"%s: [source %s] needs a version and a sha256 of 64 hex digits; `bootsmith lock PROFILE --update` writes it again",
				path, pin->component);
	}
	if (!ok)
		*p = (struct pins){0};
	return ok;
}

const struct pin *pins_find(const struct pins *p, const char *component)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->at[i].component, component) == 0)
			return &p->at[i];
	return NULL;
}

/* ---- printing ---- */

static bool is_private(const struct archive *a)
{
	return a->origin == ORIGIN_CACHE || a->origin == ORIGIN_MIRROR;
}

/* Where everybody can get it; a user's own mirror only if there is nothing else. */
static void print_urls(const struct source_choice *c, struct text *out)
{
	size_t printed = 0;

	for (int pass = 0; pass < 2 && !printed; pass++)
		for (size_t i = 0; i < c->from.n; i++) {
			const struct archive *a = &c->from.at[i];

			if (pass == 0 ? is_private(a) : a->origin == ORIGIN_CACHE)
				continue;
			text_fmt(out, "%s%s", printed++ ? "\n    " : "url     = ", a->url);
		}
	if (printed)
		text_char(out, '\n');
}

void pins_print(const struct source_choice *sources, size_t n, struct text *out)
{
	text_str(out,
		"# The exact sources of this build. "
		"Beside a profile, as NAME.lock, this file makes a build take the same again.\n");
	for (size_t i = 0; i < n; i++) {
		const struct source_choice *c = &sources[i];

		text_fmt(out, "\n[source %s]\nversion = %s\n", c->component, c->version);
		if (c->sha256)
			text_fmt(out, "sha256  = %s\n", c->sha256);
		if (c->size)
			text_fmt(out, "size    = %llu\n", (unsigned long long)c->size);
		print_urls(c, out);
	}
}
