/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what people's paths name before anything is fetched or compiled. See plan_make.h. */
#include "plan/plan_make.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "kconfig/kconfig.h"

#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

static bool check_configuration(const char *path, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct kconfig_wishes wishes = {0};
	bool ok = kconfig_wish(&wishes, &arena, path, KCONFIG_THEIRS, err);

	vec_release(&wishes);
	arena_release(&arena);
	return ok;
}

static bool check_folder(const char *path, struct error *err)
{
	struct stat st;

	return (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) ||
	       error_set(err, ERROR_PROFILE, "%s is not a folder", path);
}

/* `content` of an option. */
static const struct content {
	const char *name;
	bool (*check)(const char *path, struct error *err);
} contents[] = {
	{"configuration", check_configuration},
	{"folder", check_folder},
};

static bool check_content(const struct option *o, const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(err, ERROR_PROFILE, "%s: there is no %s", o->name, path);
	for (size_t i = 0; o->content && i < sizeof contents / sizeof contents[0]; i++)
		if (strcmp(contents[i].name, o->content) == 0)
			return contents[i].check(path, err) || error_in(err, "%s", o->name);
	return !o->content || error_set(err, ERROR_PROFILE, "%s:%d: '%s' is no content of a path",
				      o->file, o->line, o->content);
}

bool plan_check_paths(struct maker *m, struct error *err)
{
	const struct option_table *t = &m->profile->catalog->options;
	bool ok = true;

	for (size_t i = 0; ok && i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];
		struct strings paths = {0};

		if ((o->type != OPTION_PATH && o->type != OPTION_PATHS) ||
			!profile_is_set(m->profile, o->name))
			continue;
		ok = profile_paths(m->profile, o, m->arena, &paths, err);
		for (size_t k = 0; ok && k < paths.n; k++)
			ok = paths.at[k][0] != '/' || check_content(o, paths.at[k], err);
	}
	return ok;
}
