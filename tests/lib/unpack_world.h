/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A world for tests of unpacking: an archive that a test fills, and the folder that it becomes. */
#ifndef UNPACK_WORLD_H
#define UNPACK_WORLD_H

#include "base/error.h"
#include "scratch.h"
#include "source/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

struct world {
	struct scratch scratch;
	struct unpack unpack;
	struct error err;
	struct archive *tar;
};

/* What a test puts into an archive. */
struct item {
	unsigned type; /* AE_IF... */
	const char *path, *target;
	const char *content; /* or `size` zeros */
	uint64_t size;
	unsigned mode; /* 0: 0644 or 0755 */
	time_t mtime;
	bool hard;
};

struct attack {
	const char *name, *says;
	struct item items[3];
};

/* For cmocka: *state becomes the world, and is freed. */
int unpack_world_make(void **state);
int unpack_world_free(void **state);

/* The tar at w->unpack.archive. */
void tar_begin(struct world *w, int filter);
void tar_add(struct world *w, const struct item *i);
void tar_end(struct world *w);

bool unpack_it(struct world *w);
void nothing_is_left(struct world *w);

#endif
