/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the folders of this machine and this checkout. */
#include "base/place.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The XDG rule: a relative value is ignored. */
static const char *absolute_env(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] == '/' ? value : NULL;
}

static const char *home(struct arena *a)
{
	const char *dir = absolute_env("HOME");
	const struct passwd *pw;

	if (dir)
		return arena_str(a, dir);
	pw = getpwuid(getuid());
	return pw && pw->pw_dir && pw->pw_dir[0] == '/' ? arena_str(a, pw->pw_dir) : NULL;
}

const char *place_path(struct arena *a, const char *folder, const char *path)
{
	const char *dir = strncmp(path, "~/", 2) == 0 ? home(a) : NULL;
	char cwd[PATH_MAX];

	if (dir)
		return arena_fmt(a, "%s%s", dir, path + 1);
	if (path[0] == '/')
		return path;
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	if (folder && *folder)
		return place_path(a, NULL, arena_fmt(a, "%s/%s", folder, path));
	return getcwd(cwd, sizeof cwd) ? arena_fmt(a, "%s/%s", cwd, path) : path;
}

static const char *xdg(
	struct place *p, const char *variable, const char *below_home, struct error *err)
{
	const char *base = absolute_env(variable);
	const char *dir;

	if (base)
		return arena_fmt(&p->arena, "%s/bootsmith", base);
	dir = home(&p->arena);
	if (!dir) {
		error_set(err, ERROR_HOST,
			"no home folder: neither $HOME nor $%s is an absolute path; set one of them",
			variable);
		return NULL;
	}
	return arena_fmt(&p->arena, "%s/%s/bootsmith", dir, below_home);
}

/* The checkout is the folder, above the program (build/MODE/bootsmith) or containing it, that holds share/ and profiles/. */
static const char *find_checkout(struct place *p)
{
	char *dir = arena_str(&p->arena, p->program);

	for (int up = 0; up < 4; up++) {
		char *slash = strrchr(dir, '/');

		if (!slash || slash == dir)
			return NULL;
		*slash = '\0';
		if (is_folder(arena_fmt(&p->arena, "%s/share/options", dir)) &&
			is_folder(arena_fmt(&p->arena, "%s/profiles", dir)))
			return dir;
	}
	return NULL;
}

static bool find_program(struct place *p, struct error *err)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

	if (len <= 0)
		return error_errno(err, "/proc/self/exe cannot be read");
	self[len] = '\0';
	p->program = arena_str(&p->arena, self);
	return true;
}

static bool holds_data(struct place *p, const char *folder)
{
	static const char *const parts[] = {"share", "templates", "profiles"};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (is_folder(arena_fmt(&p->arena, "%s/%s", folder, parts[i])))
			return true;
	return false;
}

/* A folder that does not exist, or is itself the data, would silently change nothing. */
static bool add_search_path(struct place *p, const char *path, struct error *err)
{
	while (path && *path) {
		size_t len = strcspn(path, ":");
		const char *folder = arena_strn(&p->arena, path, len);
		char *real = len ? realpath(folder, NULL) : NULL;

		if (len && (!real || !holds_data(p, real))) {
			free(real);
			return error_set(err, ERROR_USAGE,
				"BOOTSMITH_PATH names %s, which %s; name the folder that has share/ (or templates/, profiles/) in it",
				folder,
				real ? "has none of the program's folders in it" : "is not there");
		}
		if (real)
			vec_push_in(&p->arena, &p->data, arena_str(&p->arena, real));
		free(real);
		path += len + (path[len] == ':');
	}
	return true;
}

static bool find_cache(struct place *p, const char *checkout, struct error *err)
{
	const char *given = getenv("BOOTSMITH_CACHE");
	char cwd[PATH_MAX];

	if (given && given[0] == '/') {
		p->cache = arena_str(&p->arena, given);
	} else if (given && *given) {
		if (!getcwd(cwd, sizeof cwd))
			return error_errno(err, "the current folder cannot be found");
		p->cache = arena_fmt(&p->arena, "%s/%s", cwd, given);
	} else if (checkout) {
		p->cache = arena_fmt(&p->arena, "%s/cache", checkout);
	} else {
		p->cache = xdg(p, "XDG_CACHE_HOME", ".cache", err);
	}
	return p->cache != NULL;
}

/* Tests have disks of their own. */
static void find_machine(struct place *p)
{
	const char *given = getenv("BOOTSMITH_TEST_MACHINE");
	char *real = given && *given ? realpath(given, NULL) : NULL;

	p->machine = arena_str(&p->arena, real ? real : given ? given : "");
	free(real);
}

bool place_load(struct place *p, struct error *err)
{
	const char *checkout, *config;

	*p = (struct place){.arena = ARENA_INIT};
	find_machine(p);
	if (!find_program(p, err))
		goto failed;
	checkout = find_checkout(p);
	if (!add_search_path(p, getenv("BOOTSMITH_PATH"), err))
		goto failed;
	if (checkout)
		vec_push_in(&p->arena, &p->data, checkout);
	else if (is_folder(BOOTSMITH_DATA))
		vec_push_in(&p->arena, &p->data, BOOTSMITH_DATA);
	if (!find_cache(p, checkout, err))
		goto failed;
	config = xdg(p, "XDG_CONFIG_HOME", ".config", err);
	if (!config)
		goto failed;
	p->config = arena_fmt(&p->arena, "%s/config", config);
	p->profiles = arena_fmt(&p->arena, "%s/profiles", config);
	p->state = xdg(p, "XDG_STATE_HOME", ".local/state", err);
	if (!p->state)
		goto failed;
	return true;
failed:
	place_release(p);
	return false;
}

void place_release(struct place *p)
{
	arena_release(&p->arena);
	*p = (struct place){.arena = ARENA_INIT};
}

bool place_find(const struct place *p, const char *relative, struct text *path)
{
	for (size_t i = 0; i < p->data.n; i++) {
		text_clear(path);
		text_fmt(path, "%s/%s", p->data.at[i], relative);
		if (access(path->s, F_OK) == 0)
			return true;
	}
	text_clear(path);
	return false;
}

bool place_within(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return strncmp(path, folder, len) == 0 && (!path[len] || path[len] == '/');
}
