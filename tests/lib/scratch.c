/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the folder below TMPDIR, and writes and reads its files; the test program aborts where that fails. */
#include "base/arena.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

void scratch_make(struct scratch *s)
{
	const char *tmp = getenv("TMPDIR");
	char here[4096];
	char *folder;

	*s = (struct scratch){.place = {.arena = ARENA_INIT}};
	folder = arena_fmt(&s->place.arena, "%s/bootsmith-test-XXXXXX", tmp ? tmp : "/tmp");
	must(mkdtemp(folder) && getcwd(here, sizeof here), "a folder for the test");
	s->folder = folder;
	s->place.cache = scratch_path(s, "cache");
	s->place.state = scratch_path(s, "state");
	s->place.config = scratch_path(s, "config");
	s->place.profiles = scratch_path(s, "profiles");
	vec_push_in(&s->place.arena, &s->place.data, arena_str(&s->place.arena, here));
}

void scratch_remove(struct scratch *s)
{
	struct error err;

	must(place_remove(s->folder, &err), s->folder);
	arena_release(&s->place.arena);
}

const char *scratch_path(struct scratch *s, const char *relative)
{
	return arena_fmt(&s->place.arena, "%s/%s", s->folder, relative);
}

void scratch_write(struct scratch *s, const char *relative, const char *content)
{
	const char *path = scratch_path(s, relative);
	char *parent = arena_str(&s->place.arena, path);
	struct error err;
	FILE *f;

	*strrchr(parent, '/') = '\0';
	must(place_make_folder(parent, &err), parent);
	f = fopen(path, "we");
	must(f && fputs(content, f) >= 0 && fclose(f) == 0, path);
}

char *scratch_read(struct scratch *s, const char *relative)
{
	struct text t = TEXT_INIT;
	struct error err;

	if (!text_read_file(&t, scratch_path(s, relative), (size_t)1 << 28, &err)) {
		text_release(&t);
		return NULL;
	}
	return text_detach(&t);
}

bool scratch_has(struct scratch *s, const char *relative)
{
	return access(scratch_path(s, relative), F_OK) == 0;
}
