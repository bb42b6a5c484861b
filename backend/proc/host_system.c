/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads os-release and the package list that fits; see host_system.h. */
#include "proc/host_system.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"

#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { OS_RELEASE_LIMIT = 64 * 1024 };

/* The value of KEY=value, KEY="value" or KEY='value'; NULL when the file has no such line. */
static char *release_value(struct arena *a, const char *source, const char *key)
{
	size_t key_len = strlen(key);

	for (const char *line = source; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *value = line + key_len + 1;
		size_t len;

		if (strncmp(line, key, key_len) != 0 || line[key_len] != '=')
			continue;
		len = strcspn(value, "\n");
		if (len >= 2 && (value[0] == '"' || value[0] == '\'') &&
			value[len - 1] == value[0]) {
			value++;
			len -= 2;
		}
		return arena_strn(a, value, len);
	}
	return NULL;
}

static bool read_release(
	struct host_system *s, const char *path, struct arena *a, struct error *err)
{
	struct text source = TEXT_INIT;
	const char *id, *like, *title;
	struct error ignored;
	bool ok;

	s->title = "a system that does not say its name";
	if (!text_read_file(&source, path, OS_RELEASE_LIMIT, &ignored))
		return true;
	title = release_value(a, source.s, "PRETTY_NAME");
	id = release_value(a, source.s, "ID");
	like = release_value(a, source.s, "ID_LIKE");
	if (title)
		s->title = title;
	ok = conf_words(id ? id : "", a, &s->ids, err) &&
	     conf_words(like ? like : "", a, &s->ids, err);
	text_release(&source);
	return ok;
}

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
		return strcmp(line->kind, "packages") == 0 ||
		       error_set(err, ERROR_PROFILE,
			       "unknown section [%s]; a package list has [packages]", line->kind);
	if (!*line->kind)
		return conf_store(fields, line, l->system, l->arena, err);
	if (!conf_words(line->value, l->arena, &package.names, err))
		return false;
	vec_settle(&package.names, l->arena);
	vec_push(&l->system->packages, package);
	return true;
}

bool host_system_load(struct host_system *s, const struct place *p, const char *os_release,
	struct arena *a, struct error *err)
{
	struct loader l = {s, a};
	struct text path = TEXT_INIT;
	bool ok, found = false;

	*s = (struct host_system){0};
	ok = read_release(s, os_release, a, err);
	for (size_t i = 0; ok && !found && i < s->ids.n; i++) {
		found = !strchr(s->ids.at[i], '/') &&
			place_find(p, arena_fmt(a, "share/host/%s.packages", s->ids.at[i]), &path);
		if (found)
			ok = conf_read(path.s, a, take_package, &l, err);
	}
	text_release(&path);
	vec_settle(&s->ids, a);
	vec_settle(&s->packages, a);
	return ok;
}

const struct host_package *host_package_find(const struct host_system *s, const char *need)
{
	for (size_t i = 0; i < s->packages.n; i++)
		if (strcmp(s->packages.at[i].need, need) == 0)
			return &s->packages.at[i];
	return NULL;
}
