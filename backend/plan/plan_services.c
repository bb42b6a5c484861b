/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects a system's services: those from its recipes and those that the profile names. See service.h. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "choice/service.h"

#include <string.h>

#include "base/banned.h"

const char *plan_loaded_modules(void *ctx, const char *name, bool *is_list)
{
	const struct scope *s = ctx;
	const struct maker *m = s->maker;
	const char *chosen = profile_get(m->profile, "modules");
	struct text out = TEXT_INIT;

	if (strcmp(name, "loaded") != 0)
		return NULL;
	*is_list = true;
	text_str(&out, chosen ? chosen : "");
	for (size_t i = 0; i < m->components.n; i++) {
		const char *value = plan_value(m, m->components.at[i], "load");

		if (value && *value)
			text_fmt(&out, "%s%s", out.len ? " " : "", value);
	}
	name = arena_str(m->arena, out.s);
	text_release(&out);
	return name;
}

/* A name that is safe as a file name in the target, from "name" or "path/to/name.service". */
static const char *name_of(struct maker *m, const char *word)
{
	static const char suffix[] = ".service";
	const char *slash = strrchr(word, '/');
	const char *base = slash ? slash + 1 : word;
	size_t len = strlen(base), tail = sizeof suffix - 1;

	if (len > tail && strcmp(base + len - tail, suffix) == 0)
		len -= tail;
	return arena_strn(m->arena, base, len);
}

static bool is_name(const char *name)
{
	return *name && *name != '-' && strlen(name) <= 60 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(name);
}

/* A word with a slash is a path, relative to the profile's folder; any other is a file in the data folders, or in `folder`. */
static bool find(struct maker *m, const char *word, const char *folder, struct text *path)
{
	text_clear(path);
	if (strchr(word, '/')) {
		text_str(path, profile_file(m->profile, m->arena, word));
		return true;
	}
	if (folder) {
		text_fmt(path, "%s/%s.service", folder, word);
		return true;
	}
	return place_find(m->place, arena_fmt(m->arena, "share/services/%s.service", word), path);
}

static bool add(struct maker *m, const char *word, const char *folder, struct error *err)
{
	const char *name = name_of(m, word);
	struct text path = TEXT_INIT;
	struct service s;
	bool ok = false;

	if (!is_name(name)) {
		error_set(err, ERROR_PROFILE,
			"'%s' cannot name a service: lower-case letters, digits, '-' and '_' do",
			name);
		goto out;
	}
	for (size_t i = 0; i < m->services.n; i++)
		if ((ok = strcmp(m->services.at[i].name, name) == 0))
			goto out; /* named twice, included once */
	if (!find(m, word, folder, &path)) {
		error_set(err, ERROR_PROFILE,
			"services: there is no share/services/%s.service; a path with a '/' names a file of your own",
			word);
		goto out;
	}
	ok = service_read(&s, name, arena_str(m->arena, path.s), &m->profile->catalog->traits,
		m->arena, profile_lookup, m->profile, err);
	if (ok)
		vec_push_in(m->arena, &m->services, s);
	else
		err->kind = ERROR_PROFILE;
out:
	text_release(&path);
	return ok;
}

static bool add_all(struct maker *m, const char *words, const char *folder, struct error *err)
{
	struct strings list = {0};
	bool ok = !words || conf_words(words, m->arena, &list, err);

	for (size_t i = 0; ok && i < list.n; i++)
		ok = add(m, list.at[i], folder, err);
	return ok;
}

bool plan_add_services(struct maker *m, struct error *err)
{
	bool ok = true;

	for (size_t i = 0; ok && i < m->components.n; i++) {
		const struct component *c = m->components.at[i];

		ok = add_all(m, plan_value(m, c, "service"), c->recipe->folder, err);
	}
	ok = ok && add_all(m, profile_get(m->profile, "services"), NULL, err);
	return ok;
}

static const char *all_names(const struct maker *m)
{
	struct text out = TEXT_INIT;
	const char *s;

	for (size_t i = 0; i < m->services.n; i++)
		text_fmt(&out, "%s%s", i ? " " : "", m->services.at[i].name);
	s = arena_str(m->arena, out.s ? out.s : "");
	text_release(&out);
	return s;
}

/* Commands of a service as lines of a shell script. */
static const char *lines(struct scope *s, const char *const *commands, size_t n)
{
	struct arena *a = s->maker->arena;
	struct text out = TEXT_INIT;
	const char *result = NULL;
	struct error ignored;

	for (size_t i = 0; i < n; i++) {
		if (i)
			text_char(&out, '\n');
		if (!service_command(&out, a, commands[i], plan_names, s, &ignored))
			goto out; /* an unknown name: the caller reports what it could not expand */
	}
	result = arena_str(a, out.s ? out.s : "");
out:
	text_release(&out);
	return result;
}

const char *plan_service_value(void *ctx, const char *name, bool *is_list)
{
	static const char prefix[] = "services.";
	struct scope *s = ctx;
	const struct maker *m = s->maker;
	const char *key = strrchr(name, '.');

	*is_list = strcmp(name, "services") == 0;
	if (*is_list)
		return all_names(m);
	if (strncmp(name, prefix, sizeof prefix - 1) != 0)
		return NULL;
	name += sizeof prefix - 1;
	for (size_t i = 0; i < m->services.n; i++) {
		const struct service *v = &m->services.at[i];

		if (key < name || strlen(v->name) != (size_t)(key - name) ||
			memcmp(v->name, name, (size_t)(key - name)) != 0)
			continue;
		if (strcmp(key, ".summary") == 0)
			return v->summary;
		if (strcmp(key, ".log") == 0)
			return v->log ? "yes" : "no";
		if (strcmp(key, ".run") == 0)
			return lines(s, &v->run, 1);
		if (strcmp(key, ".before") == 0)
			return lines(s, v->before.at, v->before.n);
	}
	return NULL;
}
