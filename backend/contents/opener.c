/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running the program that turns a virtual disk into a raw one, in a sandbox. See opener.h. */
#include "contents/opener.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"
#include "proc/sandbox.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

enum { SAID_MOST = 1 << 16 };

/* ---- share/images ---- */

struct description {
	struct openers *all;
	const char *words;
	enum contents_kind makes;
};

/* "64 7f10dabe" */
static bool read_magic(struct opener *o, const char *value, struct error *err)
{
	int used = 0;

	if (sscanf(value, "%" SCNu64 " %n", &o->at, &used) == 1)
		value += used;
	while (used && o->len < OPENER_MAGIC && isxdigit((unsigned char)value[0]) &&
		isxdigit((unsigned char)value[1]) &&
		sscanf(value, "%2hhx", &o->magic[o->len]) == 1) {
		value += 2;
		o->len++;
	}
	return (o->len && !*value) ||
	       error_set(err, ERROR_PROFILE,
		       "'magic' is written OFFSET BYTES-IN-HEX, at most %d bytes", OPENER_MAGIC);
}

static bool take_line(void *ctx, const struct conf_line *line, struct error *err)
{
	static const struct {
		const char *key;
		enum contents_kind makes;
	} keys[] = {
		{"raw", CONTENTS_NONE}, {"list", CONTENTS_LISTING}, {"unpack", CONTENTS_FOLDER}};
	struct description *d = ctx;

	for (size_t i = 0; line->key && i < sizeof keys / sizeof keys[0]; i++) {
		if (strcmp(line->key, keys[i].key) != 0)
			continue;
		d->words = line->value;
		d->makes = keys[i].makes;
	}
	if (!line->key || strcmp(line->key, "magic") != 0)
		return true;
	vec_push(&d->all->of, (struct opener){0});
	return read_magic(&d->all->of.at[d->all->of.n - 1], line->value, err);
}

static bool load_file(void *ctx, const char *relative, const char *path, struct error *err)
{
	struct openers *all = ctx;
	struct description d = {.all = all};
	size_t first = all->of.n;

	(void)relative;
	if (!conf_read(path, &all->arena, take_line, &d, err))
		return false;
	if (!d.words)
		all->of.n = first;
	for (size_t i = first; i < all->of.n; i++) {
		all->of.at[i].words = d.words;
		all->of.at[i].makes = d.makes;
	}
	return true;
}

bool openers_load(struct openers *o, const struct place *place, struct error *err)
{
	*o = (struct openers){.arena = ARENA_INIT};
	if (place_each(place, "share/images", ".image", load_file, o, err))
		return true;
	openers_release(o);
	return false;
}

void openers_release(struct openers *o)
{
	vec_release(&o->of);
	arena_release(&o->arena);
}

const struct opener *openers_find(const struct openers *o, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct opener *found = NULL;
	unsigned char bytes[OPENER_MAGIC];

	for (size_t i = 0; fd >= 0 && !found && i < o->of.n; i++) {
		const struct opener *one = &o->of.at[i];

		if (pread(fd, bytes, one->len, (off_t)one->at) == (ssize_t)one->len &&
			memcmp(bytes, one->magic, one->len) == 0)
			found = one;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

/* ---- the program ---- */

struct names {
	const char *file, *raw;
};

static const char *look_up(void *ctx, const char *name, bool *is_list)
{
	const struct names *n = ctx;

	*is_list = false;
	return strcmp(name, "file") == 0 ? n->file : strcmp(name, "raw") == 0 ? n->raw : NULL;
}

/* The child's whole life. What went wrong is only told as "no": what cannot be opened is compared as bytes. */
static _Noreturn void run_confined(const char *const argv[], const char *folder)
{
	struct text said = TEXT_INIT;
	struct error err;
	int status = 1;

	sandbox_enter(folder, OPENER_MOST);
	_exit(proc_capture(argv, NULL, folder, SAID_MOST, &said, &status, &err) && status == 0 ? 0
											       : 1);
}

static bool ended_well(pid_t pid)
{
	int status = 0;
	pid_t got;

	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == pid && status == 0;
}

static bool start(const char *const argv[], const char *folder, struct error *err)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return error_errno(err, "a process cannot be started");
	if (pid == 0) {
		proc_reset_signals();
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		run_confined(argv, folder);
	}
	return ended_well(pid) || error_set(err, ERROR_STEP, "%s cannot open it", argv[0]);
}

/* The file gets a plain name, for some programs read more into one than a path. */
bool opener_run(const struct opener *o, const char *path, const char *folder, const char *raw,
	struct error *err)
{
	struct arena a = ARENA_INIT;
	struct names names = {arena_fmt(&a, "%s-file", raw), raw};
	const char *link = arena_fmt(&a, "%s/%s", folder, names.file);
	char *whole = realpath(path, NULL);
	struct strings argv = {0};
	bool ok = whole || error_errno(err, "%s cannot be found", path), linked = false;

	ok = ok && expand_words(&argv, &a, o->words, look_up, &names, err);
	vec_push(&argv, NULL);
	if (ok) {
		linked = symlink(whole, link) == 0;
		ok = (linked || error_errno(err, "%s cannot be made", link)) &&
		     (o->makes != CONTENTS_FOLDER ||
			     place_make_folder(arena_fmt(&a, "%s/%s", folder, raw), err)) &&
		     start(argv.at, folder, err);
	}
	if (linked)
		unlink(link);
	free(whole);
	vec_release(&argv);
	arena_release(&a);
	return ok;
}
