/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a service's declaration, and writes its commands as shell text. */
#include "choice/service.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/text.h"
#include "base/vec.h"

#include <string.h>

#include "base/banned.h"

struct reader {
	struct service *service;
	struct arena *arena;
	guard_lookup *lookup;
	const void *ctx;
};

static const struct conf_field fields[] = {
	{"summary", CONF_TEXT, offsetof(struct service, summary)},
	{"also", CONF_TEXT, offsetof(struct service, also)},
	{"log", CONF_YESNO, offsetof(struct service, log)},
	{NULL, CONF_TEXT, 0},
};

static bool take_fact(void *ctx, const struct conf_line *line, struct error *err)
{
	struct reader *r = ctx;

	if (!conf_in(line, "", err))
		return false;
	if (strcmp(line->key, "before") == 0) {
		if (guard_holds(line->guard, r->lookup, r->ctx))
			vec_push_in(r->arena, &r->service->before, line->value);
		return true;
	}
	if (strcmp(line->key, "run") == 0) {
		if (guard_holds(line->guard, r->lookup, r->ctx))
			r->service->run = line->value;
		return true;
	}
	if (line->guard->n)
		return error_set(err, ERROR_PROFILE, "'%s' cannot have a guard", line->key);
	return conf_store(fields, line, r->service, r->arena, err);
}

bool service_read(struct service *s, const char *name, const char *path,
	const struct traits *traits, struct arena *a, guard_lookup *lookup, const void *ctx,
	struct error *err)
{
	struct reader r = {s, a, lookup, ctx};
	bool ok;

	*s = (struct service){.name = name, .file = path};
	ok = conf_read_guarded(path, traits, a, take_fact, &r, err);
	if (ok && !s->run)
		ok = error_set(err, ERROR_PROFILE,
			"%s: 'run' is missing: the program that the service is", path);
	if (!s->summary)
		s->summary = name;
	return ok;
}

static bool is_plain(const char *word)
{
	return *word &&
	       strspn(word,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-") ==
		       strlen(word);
}

static void quote(struct text *out, const char *word)
{
	if (is_plain(word)) {
		text_str(out, word);
		return;
	}
	text_char(out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			text_str(out, "'\\''");
		else
			text_char(out, *word);
	}
	text_char(out, '\'');
}

bool service_command(struct text *out, struct arena *a, const char *words, expand_lookup *lookup,
	void *ctx, struct error *err)
{
	struct strings argv = {0};
	bool ok = expand_words(&argv, a, words, lookup, ctx, err);

	for (size_t i = 0; ok && i < argv.n; i++) {
		if (i)
			text_char(out, ' ');
		quote(out, argv.at[i]);
	}
	return ok;
}
