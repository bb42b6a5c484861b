/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps each file in memory, behind a link in a folder that is removed at exit; the open file stays for the next bytes. */
#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "foreign.h"
#include "replay.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_FILES = 8 };

static struct {
	struct place place;
	struct {
		const char *name, *path;
		int fd;
	} files[MOST_FILES];
	size_t n;
} world;

static void remove_folder(void)
{
	struct error ignored;

	if (!place_remove(world.place.cache, &ignored))
		return;
	for (size_t i = 0; i < world.n; i++)
		close(world.files[i].fd);
	vec_release(&world.place.data);
	arena_release(&world.place.arena);
}

const struct place *foreign_place(void)
{
	struct place *p = &world.place;
	const char *above = getenv("TMPDIR");
	char *folder;

	if (p->cache)
		return p;
	folder = arena_fmt(&p->arena, "%s/foreign-XXXXXX", above ? above : "/tmp");
	replay_must(mkdtemp(folder));
	p->cache = p->profiles = p->state = folder;
	p->machine = folder;
	p->config = arena_fmt(&p->arena, "%s/config", folder);
	p->program = "";
	vec_push(&p->data, folder);
	atexit(remove_folder);
	return p;
}

static size_t file_of(const char *name)
{
	struct arena *a = &world.place.arena;
	const char *folder = foreign_place()->cache;
	struct error err;
	char *path, *slash;
	size_t i = 0;

	while (i < world.n && strcmp(world.files[i].name, name) != 0)
		i++;
	if (i < world.n)
		return i;
	replay_must(world.n < MOST_FILES);
	path = arena_fmt(a, "%s/%s", folder, name);
	slash = strrchr(path, '/');
	replay_must(place_make_folder(arena_strn(a, path, (size_t)(slash - path)), &err));
	world.files[i].name = arena_str(a, name);
	world.files[i].path = path;
	world.files[i].fd = memfd_create(name, MFD_CLOEXEC);
	replay_must(world.files[i].fd >= 0);
	replay_must(symlink(arena_fmt(a, "/proc/self/fd/%d", world.files[i].fd), path) == 0);
	world.n++;
	return i;
}

const char *foreign_put(const char *name, const void *bytes, size_t len)
{
	size_t i = file_of(name);

	replay_must(ftruncate(world.files[i].fd, 0) == 0);
	replay_must(pwrite(world.files[i].fd, bytes, len, 0) == (ssize_t)len);
	return world.files[i].path;
}
