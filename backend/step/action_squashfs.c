/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * squashfs FILE COMPRESSION EPOCH: writes the unit's listing as a read-only, compressed file system, using mksquashfs. Owners,
 * modes, device nodes and contents come from one file of what it calls pseudo definitions, so nothing needs root. (It reads tar
 * as well, but 4.5 makes the user who runs it the owner of the top folder.)
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "base/write.h"
#include "proc/proc.h"
#include "step/image.h"
#include "tree/tree.h"

#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { PIECE = 128 * 1024, SAID_MOST = 1 << 16 };

/* Since 4.6 one more number is required after a content's position: is the file sparse? */
static bool wants_holes(bool *wants, struct error *err)
{
	struct text said = TEXT_INIT;
	unsigned major, minor;
	int status;
	bool ok = proc_capture((const char *const[]){"mksquashfs", "-version", NULL}, NULL, NULL,
		SAID_MOST, &said, &status, err);

	if (ok && sscanf(said.s, "mksquashfs version %u.%u", &major, &minor) != 2)
		ok = error_set(err, ERROR_HOST, "mksquashfs does not say which version it is");
	*wants = ok && (major > 4 || (major == 4 && minor >= 6));
	text_release(&said);
	return ok;
}

static void print_path(struct text *out, const char *path)
{
	for (const char *s = path; *s; s++) {
		if (isspace((unsigned char)*s) || *s == '"' || *s == '\\')
			text_char(out, '\\');
		text_char(out, *s);
	}
}

static bool print_entry(struct text *out, const struct tree_entry *e, long long epoch,
	uint64_t *offset, bool holes, struct error *err)
{
	static const char types[] = {[TREE_FOLDER] = 'D',
		[TREE_FILE] = 'R',
		[TREE_LINK] = 'S',
		[TREE_CHARACTER] = 'C',
		[TREE_BLOCK] = 'B'};
	uint64_t size = tree_file_bytes(e);

	print_path(out, e->path);
	text_fmt(out, " %c %lld %o %u %u", types[e->kind], epoch, e->mode, e->uid, e->gid);
	if (e->kind == TREE_FILE) {
		text_fmt(out, " %" PRIu64 " %" PRIu64 "%s", size, *offset, holes ? " 0" : "");
		*offset += size;
	} else if (e->kind == TREE_LINK) {
		if (isspace((unsigned char)e->target[0]) || strchr(e->target, '\n'))
			return error_set(err, ERROR_PROFILE,
				"%s leads to a name that begins with a blank or has a newline, which mksquashfs cannot be told",
				e->path);
		text_fmt(out, " %s", e->target);
	} else if (e->kind != TREE_FOLDER) {
		text_fmt(out, " %u %u", e->major, e->minor);
	}
	text_char(out, '\n');
	return true;
}

static bool write_content(int fd, const struct tree_entry *e, struct error *err)
{
	static char piece[PIECE];
	struct tree_reader r;
	size_t n = 0;
	bool ok = tree_open(&r, e, err);

	while (ok && (ok = tree_read(&r, piece, sizeof piece, &n, err)) && n)
		ok = write_all(fd, piece, n) || error_errno(err, "%s cannot be copied", e->path);
	tree_close(&r);
	return ok;
}

static bool write_definitions(struct image_job *j, const char *path, struct error *err)
{
	static const struct tree_entry top = {.path = "/", .kind = TREE_FOLDER, .mode = 0755};
	const struct tree *t = j->tree;
	struct text lines = TEXT_INIT;
	uint64_t offset = 0, done = 0;
	bool holes;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = (fd >= 0 || error_errno(err, "%s cannot be made", path)) &&
		  wants_holes(&holes, err) &&
		  print_entry(&lines, &top, (long long)j->epoch, &offset, holes, err);

	for (size_t i = 0; ok && i < t->entries.n; i++)
		ok = print_entry(
			&lines, &t->entries.at[i], (long long)j->epoch, &offset, holes, err);
	text_str(&lines, "#\n# START OF DATA - DO NOT MODIFY\n#\n");
	ok = ok &&
	     (write_all(fd, lines.s, lines.len) || error_errno(err, "%s cannot be written", path));
	for (size_t i = 0; ok && i < t->entries.n; i++) {
		ok = write_content(fd, &t->entries.at[i], err);
		done += tree_file_bytes(&t->entries.at[i]);
		image_tell(&j->context, done, offset);
	}
	if (fd >= 0 && close(fd) != 0 && ok)
		ok = error_errno(err, "%s cannot be written", path);
	text_release(&lines);
	return ok;
}

static bool run(const struct action_context *c, const struct strings *args, const char *listing,
	struct error *err)
{
	const char *const words[] = {"mksquashfs", "-", args->at[0], "-pf", listing, "-noappend",
		"-no-exports", "-quiet", "-no-progress", "-comp", args->at[1], "-mkfs-time",
		args->at[2], "-all-time", args->at[2]};
	struct strings argv = {0};
	bool ok;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		vec_push(&argv, words[i]);
	ok = action_run(c, &argv, err);
	vec_release(&argv);
	return ok;
}

bool action_squashfs(const struct action_context *c, const struct strings *args, struct error *err)
{
	const char *file = args->at[0], *listing;
	struct arena a = ARENA_INIT;
	struct image_job j;
	struct stat st;
	bool ok = image_begin(&j, c, file, args->at[2], err);

	listing = arena_fmt(&a, "%s.listing", file);
	ok = ok && write_definitions(&j, listing, err) && run(c, args, listing, err) &&
	     (stat(file, &st) == 0 || error_errno(err, "%s was not written", file)) &&
	     image_compressed(file, args->at[1], err);
	if (ok)
		dprintf(STDOUT_FILENO, "%s: %zu entries, %s, %" PRIu64 " bytes\n", file,
			j.tree->entries.n, args->at[1], (uint64_t)st.st_size);
	else
		unlink(file);
	unlink(listing);
	arena_release(&a);
	return ok;
}
