/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The origin `upstream`: share/catalogue/NAME lists a component's releases with their digests. Each file's head explains the
 * format. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/version.h"
#include "source/origin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct reader {
	struct sources *sources;
	struct offer *offer;
};

static struct series *last_series(struct offer *c)
{
	return c->series.n ? &c->series.at[c->series.n - 1] : NULL;
}

static const char *with_version(struct arena *a, const char *url, const char *version)
{
	static const char name[] = "{version}";
	struct text t = TEXT_INIT;
	const char *hit, *result;

	while ((hit = strstr(url, name))) {
		text_add(&t, url, (size_t)(hit - url));
		text_str(&t, version);
		url = hit + strlen(name);
	}
	text_str(&t, url);
	result = arena_str(a, t.s);
	text_release(&t);
	return result;
}

static bool is_size(const char *word, uint64_t *size)
{
	char *end;

	errno = 0;
	*size = strtoull(word, &end, 10);
	return *word >= '0' && *word <= '9' && !*end && errno == 0;
}

static bool take_archive(
	const struct reader *r, const struct series *in, const char *value, struct error *err)
{
	struct arena *arena = &r->sources->arena;
	struct archive a = {.component = r->offer->name,
		.series = in->label,
		.support = in->support,
		.origin = ORIGIN_UPSTREAM,
		.where = ""};
	struct strings words = {0};
	bool ok = conf_words(value, arena, &words, err);

	if (ok && (words.n < 2 || words.n > 3 || !hash_is_hex(words.at[1]) ||
			  (words.n == 3 && !is_size(words.at[2], &a.size))))
		ok = error_set(err, ERROR_PROFILE,
			"an archive line is VERSION SHA256 [BYTES], not '%s'", value);
	if (ok && !in->url)
		ok = error_set(err, ERROR_PROFILE,
			"the url of series %s has to come before its archives", in->label);
	if (ok && !version_in_series(words.at[0], in->label))
		ok = error_set(err, ERROR_PROFILE, "%s does not belong to series %s", words.at[0],
			in->label);
	if (ok) {
		a.version = words.at[0];
		a.sha256 = words.at[1];
		a.url = with_version(arena, in->url, a.version);
		a.file = strrchr(a.url, '/') + 1;
		offer_add(r->sources, r->offer, &a);
	}
	return ok;
}

static bool take_url(struct series *in, const char *url, struct error *err)
{
	if (!strstr(url, "://") || !strstr(url, "{version}"))
		return error_set(err, ERROR_PROFILE, "'%s' is not a URL with {version} in it", url);
	in->url = url;
	return true;
}

static bool take_series(void *ctx, const struct conf_line *line, struct error *err)
{
	const struct reader *r = ctx;
	struct series *in = last_series(r->offer);

	if (!conf_in(line, "[series LABEL]", err))
		return false;
	if (!line->key) {
		vec_push_in(&r->sources->arena, &r->offer->series,
			(struct series){.label = line->name, .support = ""});
		return true;
	}
	if (strcmp(line->key, "archive") == 0)
		return take_archive(r, in, line->value, err);
	if (strcmp(line->key, "url") == 0)
		return take_url(in, line->value, err);
	if (strcmp(line->key, "sums") == 0) {
		in->sums = line->value;
		return true;
	}
	if (strcmp(line->key, "support") == 0) {
		in->support = line->value;
		return true;
	}
	return error_set(err, ERROR_PROFILE,
		"unknown key '%s'; there are support, url, sums and archive", line->key);
}

bool catalogue_fill(struct sources *s, struct offer *c, struct error *err)
{
	struct reader r = {s, c};
	struct text relative = TEXT_INIT, path = TEXT_INIT;
	bool ok = true;

	text_fmt(&relative, "share/catalogue/%s", c->name);
	if (!strchr(c->name, '/') && place_find(s->catalog->place, relative.s, &path))
		ok = conf_read(path.s, &s->arena, take_series, &r, err);
	text_release(&relative);
	text_release(&path);
	return ok;
}

/* The series of a version that is not listed, or the newest, which is the likeliest to have its place. */
static const struct series *series_for(const struct offer *c, const char *version)
{
	const struct series *newest = NULL;

	for (size_t i = 0; i < c->series.n; i++) {
		const struct series *in = &c->series.at[i];

		if (!in->url)
			continue;
		if (version_in_series(version, in->label))
			return in;
		if (!newest || version_compare(in->label, newest->label) > 0)
			newest = in;
	}
	return newest;
}

const char *catalogue_url(struct arena *a, const struct offer *c, const char *version)
{
	const struct series *in = series_for(c, version);

	return in ? with_version(a, in->url, version) : NULL;
}

const char *catalogue_sums(struct arena *a, const struct offer *c, const char *version)
{
	const struct series *in = series_for(c, version);

	return in && in->sums ? with_version(a, in->sums, version) : NULL;
}
