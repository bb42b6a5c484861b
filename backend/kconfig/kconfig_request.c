/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the words of a step as wishes and whose they are, see kconfig.h. */
#include "kconfig/kconfig.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

struct reader {
	struct kconfig_request *request;
	struct kconfig_wishes *to;
	enum kconfig_voice voice;
	const char *by; /* KCONFIG_PACKAGE: "the package NAME" */
	struct strings folders;
	struct arena *arena;
};

/* A name of the program's own fragments. */
static bool is_name(const char *word)
{
	return !strchr(word, '/') && !strchr(word, '=') && *word != '#';
}

static bool add_named(struct reader *r, const char *name, struct error *err)
{
	bool found = false;

	for (size_t i = 0; i < r->folders.n; i++) {
		const char *path = arena_fmt(r->arena, "%s/%s", r->folders.at[i], name);

		if (access(path, F_OK) != 0)
			continue;
		found = true;
		if (!kconfig_wish(r->to, r->arena, path, KCONFIG_TREE, err))
			return false;
	}
	return found ||
	       error_set(err, ERROR_PROFILE,
		       "this version has no fragment %s of its own; a path with a '/' names a file of yours",
		       name);
}

static void take_packages(struct reader *r, const char *names)
{
	r->voice = KCONFIG_PACKAGE;
	r->by = arena_fmt(
		r->arena, strchr(names, ',') ? "one of the packages %s" : "the package %s", names);
}

static bool take_word(struct reader *r, const char *word, struct error *err)
{
	if (strcmp(word, "--theirs") == 0)
		r->voice = KCONFIG_THEIRS;
	else if (strcmp(word, "--firm") == 0)
		r->voice = KCONFIG_FIRM;
	else if (strcmp(word, "--own") == 0)
		r->to = &r->request->own;
	else if (strncmp(word, "--tree=", 7) == 0)
		r->request->tree = word + 7;
	else if (strncmp(word, KCONFIG_FOR, strlen(KCONFIG_FOR)) == 0)
		take_packages(r, word + strlen(KCONFIG_FOR));
	else if (r->voice == KCONFIG_PACKAGE && *word != '-')
		return kconfig_wish_line(r->to, r->arena, word, r->by, r->voice, err);
	else if (strncmp(word, "--in=", 5) == 0)
		vec_push_in(r->arena, &r->folders, word + 5);
	else if (is_name(word))
		return add_named(r, word, err);
	else
		return kconfig_wish(r->to, r->arena, word, r->voice, err);
	return true;
}

bool kconfig_request(struct kconfig_request *q, struct arena *a, const struct strings *words,
	size_t from, struct error *err)
{
	struct reader r = {.request = q, .to = &q->wishes, .arena = a};
	bool ok = true;

	*q = (struct kconfig_request){0};
	for (size_t i = from; ok && i < words->n; i++)
		ok = take_word(&r, words->at[i], err);
	for (size_t i = 0; i < q->wishes.n; i++)
		q->asked |= q->wishes.at[i].voice == KCONFIG_THEIRS ||
			    q->wishes.at[i].voice == KCONFIG_TREE;
	q->asked |= q->own.n > 0;
	return ok;
}
