/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes and reads the files that keep unsaved changes through a crash. */
#include "shared/recover.h"

#include "base/place.h"
#include "base/text.h"
#include "choice/profile.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".unsaved"
#define LIMIT  (1 << 20)

static void folder_of(const struct place *place, struct text *out)
{
	text_fmt(out, "%s/recovery", place->state);
}

static void path_of(const struct place *place, const char *name, struct text *out)
{
	folder_of(place, out);
	text_fmt(out, "/%s" SUFFIX, name);
}

static bool write_all(int fd, const char *s, size_t len)
{
	while (len) {
		ssize_t n = write(fd, s, len);

		if (n <= 0)
			return false;
		s += n;
		len -= (size_t)n;
	}
	return true;
}

/* Not synced to disk with every key: this protects against a crash of the program, not of the machine. */
static void replace(const char *path, const struct text *content)
{
	struct text temporary = TEXT_INIT;
	int fd;

	text_fmt(&temporary, "%s.%ld", path, (long)getpid());
	fd = open(temporary.s, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0) {
		bool ok = write_all(fd, content->s, content->len);

		ok = !close(fd) && ok;
		if (!ok || rename(temporary.s, path))
			unlink(temporary.s);
	}
	text_release(&temporary);
}

void recover_write(const struct place *place, const struct profile *p)
{
	struct text path = TEXT_INIT, content = TEXT_INIT;
	struct error err = {0};

	folder_of(place, &path);
	if (place_make_folder(path.s, &err)) {
		text_clear(&path);
		path_of(place, p->name, &path);
		profile_print(p, &content);
		replace(path.s, &content);
	}
	text_release(&path);
	text_release(&content);
}

void recover_forget(const struct place *place, const char *name)
{
	struct text path = TEXT_INIT;

	path_of(place, name, &path);
	unlink(path.s);
	text_release(&path);
}

bool recover_find(const struct place *place, struct text *name)
{
	struct text path = TEXT_INIT;
	const struct dirent *e;
	bool found = false;
	DIR *dir;

	folder_of(place, &path);
	dir = opendir(path.s);
	text_release(&path);
	while (dir && !found && (e = readdir(dir))) {
		size_t len = strlen(e->d_name), suffix = strlen(SUFFIX);

		if (len <= suffix || strcmp(e->d_name + len - suffix, SUFFIX))
			continue;
		text_clear(name);
		text_add(name, e->d_name, len - suffix);
		found = profile_name_ok(name->s);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool recover_read(struct profile *p, const struct catalog *c, const struct place *place,
	const char *name, struct error *err)
{
	struct text path = TEXT_INIT, content = TEXT_INIT;
	bool ok;

	path_of(place, name, &path);
	ok = text_read_file(&content, path.s, LIMIT, err) &&
	     profile_parse(p, c, path.s, content.s, content.len, err);
	text_release(&path);
	text_release(&content);
	return ok;
}
