/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the table of parts. */
#include "choice/parts.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"

#include <string.h>

#include "base/banned.h"

static const struct conf_field fields[] = {
	{"path", CONF_WORDS, offsetof(struct part, paths)},
	{"link", CONF_WORDS, offsetof(struct part, links)},
	{NULL, CONF_TEXT, 0},
};

struct loader {
	struct parts *parts;
	struct arena *arena;
};

static bool take_part(void *ctx, const struct conf_line *line, struct error *err)
{
	struct loader *l = ctx;

	if (!conf_in(line, "[part NAME]", err))
		return false;
	if (line->key)
		return conf_store(fields, line, &l->parts->at[l->parts->n - 1], l->arena, err);
	vec_push_in(l->arena, l->parts, (struct part){.name = line->name});
	return true;
}

bool parts_read(struct parts *p, const struct place *place, struct arena *a, struct error *err)
{
	struct loader l = {p, a};

	*p = (struct parts){0};
	return conf_find(place, "share/tables/parts", "what a package's parts are is not known",
		NULL, a, take_part, &l, err);
}

const struct part *parts_find(const struct parts *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->at[i].name, name) == 0)
			return &p->at[i];
	return NULL;
}
