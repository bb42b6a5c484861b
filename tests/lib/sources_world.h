/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A world for tests of sources: one tool with a hand-made catalogue, a local server, a cache, and the index over them. */
#ifndef SOURCES_WORLD_H
#define SOURCES_WORLD_H

#include "base/error.h"
#include "base/text.h"
#include "choice/catalog.h"
#include "choice/recipe.h"
#include "choice/settings.h"
#include "httpd.h"
#include "scratch.h"
#include "source/source.h"

#include <stdbool.h>

#define SHA(digit)                                                                                \
	digit digit digit digit digit digit digit digit digit digit digit digit digit digit digit \
		digit
#define SHA_A SHA("aaaa")
#define SHA_B SHA("bbbb")
#define SHA_C SHA("cccc")
#define SHA_D SHA("dddd")

struct sources_world {
	struct scratch scratch;
	struct httpd httpd;
	struct recipe recipe;
	struct recipe *recipes[1];
	const char *packages[2];
	struct catalog catalog;
	struct settings settings;
	struct sources *sources;
	struct source_choice choice;
	struct strings accept, avoid;
	const char *lock;
	struct error err;
	struct text notes;
	char *path; /* $PATH as it was */
};

/* For cmocka: *state becomes the world, and is freed. */
int sources_world_make(void **state);
int sources_world_free(void **state);

/* Versions 2.1.3 (A), 2.1.2 (B), 2.1.1 (C) and 1.0.9 (D) of a tool. */
void write_catalogue(struct sources_world *w, const char *url);
void put_in_cache(struct sources_world *w, const char *sha256, const char *file);
void open_sources(struct sources_world *w, unsigned flags);
bool choose(struct sources_world *w, const char *wanted);
void chooses(struct sources_world *w, const char *wanted, const char *version);
void refuses(struct sources_world *w, const char *wanted, const char *says);

#endif
