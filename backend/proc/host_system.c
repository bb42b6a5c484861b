/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds and reads the package list of this distribution. */
#include "proc/host_system.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "proc/os_release.h"

#include <string.h>

#include "base/banned.h"

struct loader {
	struct host_system *system;
	struct arena *arena;
};

static bool take_package(void *ctx, const struct conf_line *line, struct error *err)
{
	static const struct conf_field fields[] = {
		{"refresh", CONF_WORDS, offsetof(struct host_system, refresh)},
		{"install", CONF_WORDS, offsetof(struct host_system, install)},
		{"quickly", CONF_WORDS, offsetof(struct host_system, quickly)},
		{"knows", CONF_WORDS, offsetof(struct host_system, knows)},
		{"warning", CONF_TEXT, offsetof(struct host_system, warning)},
		{NULL, CONF_TEXT, 0},
	};
	struct loader *l = ctx;
	struct host_package package = {.need = line->key};

	if (!line->key)
		return conf_in(line, "[packages]", err);
	if (!*line->kind)
		return conf_store(fields, line, l->system, l->arena, err);
	if (!conf_words(line->value, l->arena, &package.names, err))
		return false;
	vec_push_in(l->arena, &l->system->packages, package);
	return true;
}

bool host_system_load(struct host_system *s, const struct place *p, const char *os_release,
	struct arena *a, struct error *err)
{
	struct loader l = {s, a};
	struct text path = TEXT_INIT;
	struct os_release release;
	bool ok = true, found = false;

	*s = (struct host_system){0};
	os_release_read(&release, os_release, a);
	s->title = release.title;
	for (size_t i = 0; !found && i < release.ids.n; i++) {
		const char *id = release.ids.at[i];

		found = !strchr(id, '/') &&
			place_find(p, arena_fmt(a, "share/host/%s.packages", id), &path);
		if (found)
			ok = conf_read(path.s, a, take_package, &l, err);
	}
	text_release(&path);
	return ok;
}

const struct host_package *host_package_find(const struct host_system *s, const char *need)
{
	for (size_t i = 0; i < s->packages.n; i++)
		if (strcmp(s->packages.at[i].need, need) == 0)
			return &s->packages.at[i];
	return NULL;
}
