/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making, asking and removing the world that tests of sources share. */
#include "sources_world.h"

#include "base/arena.h"
#include "base/place.h"
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const enum origin all_origins[] = {
	ORIGIN_CACHE, ORIGIN_MIRROR, ORIGIN_UPSTREAM, ORIGIN_DEBIAN};

static void keep_note(void *ctx, const char *sentence)
{
	struct sources_world *w = ctx;

	text_fmt(&w->notes, "%s\n", sentence);
}

int sources_world_make(void **state)
{
	struct sources_world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	scratch_make(&w->scratch);
	w->path = xstrdup(getenv("PATH"));
	w->notes = (struct text)TEXT_INIT;
	w->scratch.place.data.at[0] = scratch_path(&w->scratch, "data");
	w->packages[0] = "tool";
	w->packages[1] = "tool-{series}";
	w->recipe =
		(struct recipe){.name = "tool", .source = "tool", .debian = {w->packages, 2, 0}};
	w->recipes[0] = &w->recipe;
	w->catalog.place = &w->scratch.place;
	w->catalog.recipes.at = w->recipes;
	w->catalog.recipes.n = 1;
	for (size_t i = 0; i < 3; i++) /* the package index only if a test asks for it */
		vec_push_in(&w->settings.arena, &w->settings.origins, all_origins[i]);
	w->settings.refresh_hours = 24;
	assert_true(place_make_folder(scratch_path(&w->scratch, "www"), &w->err));
	httpd_start(&w->httpd, scratch_path(&w->scratch, "www"), "/no-head-1.0.tar.xz no-head",
		scratch_path(&w->scratch, "log"));
	alarm(60);
	*state = w;
	return 0;
}

int sources_world_free(void **state)
{
	struct sources_world *w = *state;

	alarm(0);
	setenv("PATH", w->path, 1);
	free(w->path);
	sources_free(w->sources);
	httpd_stop(&w->httpd);
	settings_release(&w->settings);
	vec_release(&w->accept);
	vec_release(&w->avoid);
	text_release(&w->notes);
	scratch_remove(&w->scratch);
	free(w);
	return 0;
}

void write_catalogue(struct sources_world *w, const char *url)
{
	struct text t = TEXT_INIT;

	text_fmt(&t,
		"[series 2.1]\nsupport = longterm\nurl = %s/tool-{version}.tar.xz\n"
		"archive = 2.1.1 " SHA_C "\narchive = 2.1.3 " SHA_A " 6\narchive = 2.1.2 " SHA_B
		"\n"
		"[series 1.0]\nurl = %s/old/tool-{version}.tar.xz\narchive = 1.0.9 " SHA_D "\n",
		url, url);
	scratch_write(&w->scratch, "data/share/catalogue/tool", t.s);
	text_release(&t);
}

void put_in_cache(struct sources_world *w, const char *sha256, const char *file)
{
	scratch_write(&w->scratch,
		arena_fmt(&w->scratch.place.arena, "cache/source/%s/%s", sha256, file), "bytes\n");
}

void open_sources(struct sources_world *w, unsigned flags)
{
	sources_free(w->sources);
	text_clear(&w->notes);
	assert_true(
		sources_open(&w->sources, &w->catalog, &w->settings, flags, keep_note, w, &w->err));
}

bool choose(struct sources_world *w, const char *wanted)
{
	struct source_wish wish = {.component = "tool",
		.wanted = wanted,
		.accept = &w->accept,
		.avoid = &w->avoid,
		.lock = w->lock,
		.profile = "mine"};

	w->err = (struct error){0};
	return sources_choose(w->sources, &wish, &w->choice, &w->err);
}

void chooses(struct sources_world *w, const char *wanted, const char *version)
{
	if (!choose(w, wanted))
		fail_msg("%s: %s", wanted, w->err.text);
	assert_string_equal(w->choice.version, version);
}

void refuses(struct sources_world *w, const char *wanted, const char *says)
{
	if (choose(w, wanted))
		fail_msg("%s: chose %s", wanted, w->choice.version);
	assert_int_equal(w->err.kind, ERROR_SOURCE);
	if (!strstr(w->err.text, says))
		fail_msg("the error should say '%s': %s", says, w->err.text);
}
