/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of changes behind undo and redo. */
#include "shared/undo.h"

#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static void drop(struct undo *u, size_t from)
{
	while (u->made.n > from) {
		struct change *c = &u->made.at[--u->made.n];

		free(c->name);
		free(c->before);
		free(c->after);
	}
}

void undo_push(struct undo *u, const char *name, const char *before, const char *after)
{
	drop(u, u->at);
	vec_push(&u->made, (struct change){copy(name), copy(before), copy(after)});
	u->at = u->made.n;
}

const struct change *undo_back(struct undo *u)
{
	return u->at ? &u->made.at[--u->at] : NULL;
}

const struct change *undo_forward(struct undo *u)
{
	return u->at < u->made.n ? &u->made.at[u->at++] : NULL;
}

void undo_release(struct undo *u)
{
	drop(u, 0);
	vec_release(&u->made);
	u->at = 0;
}
