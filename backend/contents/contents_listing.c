/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads what `unsquashfs -pf` writes: one line for each file, then all contents. In names blanks, quotes and backslashes are
 * escaped.
 */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

struct listing {
	FILE *file;
	struct text name;
	char *rest; /* the rest of the line after the name */
	size_t cap;
};

/* False at the end of the lines; data follow. */
static bool next_line(struct listing *l)
{
	ssize_t len;
	int c;

	text_clear(&l->name);
	while ((c = getc(l->file)) != EOF && !isspace(c)) {
		if (c == '\\')
			c = getc(l->file);
		text_char(&l->name, (char)c);
	}
	if (c == '\n' && strcmp(l->name.s, "#") == 0)
		return false;
	if (c == '\n')
		ungetc(c, l->file);
	len = getline(&l->rest, &l->cap, l->file);
	if (len > 0 && l->rest[len - 1] == '\n')
		l->rest[--len] = '\0';
	return len >= 0;
}

/* "R 1767225600 644 0 0 SIZE OFFSET": the offset is relative to the first content. */
static bool read_line(const struct listing *l, struct content *e, uint64_t *offset)
{
	static const struct {
		char type;
		unsigned mode;
	} types[] = {{'D', S_IFDIR}, {'R', S_IFREG}, {'S', S_IFLNK}, {'C', S_IFCHR}, {'B', S_IFBLK},
		{'I', S_IFIFO}};
	const char *rest;
	unsigned major, minor;
	int used = 0;
	char type;

	*e = (struct content){.path = l->name.s};
	if (sscanf(l->rest, "%c %" SCNd64 " %o %u %u%n", &type, &e->mtime, &e->mode, &e->uid,
		    &e->gid, &used) != 5) {
		/* another name of a file already reported */
		e->target = l->rest + 2;
		return strncmp(l->rest, "L ", 2) == 0;
	}
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (types[i].type == type)
			e->mode |= types[i].mode;
	rest = l->rest + used + (l->rest[used] == ' ');
	if (type == 'S')
		e->target = rest;
	if (type == 'R')
		return sscanf(rest, "%" SCNu64 " %" SCNu64, &e->size, offset) == 2;
	if (type == 'C' || type == 'B') {
		/* numbers beyond 8 bits are split wrongly */
		if (sscanf(rest, "%u %u", &major, &minor) != 2)
			return false;
		e->major = major & 0xfff;
		e->minor = minor | (major >> 4 & 0xfff00);
	}
	return true;
}

static bool tell_line(
	const struct listing *l, uint64_t data, const struct walker *w, struct error *err)
{
	bool wants = false;
	uint64_t offset = 0;
	struct content e;

	if (strncmp(l->rest, "x ", 2) == 0) /* an extended attribute of the preceding file */
		return true;
	if (!read_line(l, &e, &offset))
		return error_set(err, ERROR_STEP, "%s cannot be read in the listing", l->name.s);
	return w->entry(w->ctx, &e, &wants, err) &&
	       (!wants || contents_tell_range(
				  fileno(l->file), data + offset, e.size, l->name.s, w, err));
}

/* After the lines come "#", "# START OF DATA - DO NOT MODIFY" and "#". */
static bool find_data(struct listing *l, uint64_t *data, struct error *err)
{
	long at = -1;

	while (next_line(l))
		;
	if (getline(&l->rest, &l->cap, l->file) > 0 && getline(&l->rest, &l->cap, l->file) > 0)
		at = ftell(l->file);
	*data = (uint64_t)at;
	return (at > 0 && fseek(l->file, 0, SEEK_SET) == 0) ||
	       error_set(err, ERROR_STEP, "its listing has no end");
}

bool contents_walk_listing(const char *path, const struct walker *w, struct error *err)
{
	struct listing l = {.file = fopen(path, "re"), .name = TEXT_INIT};
	uint64_t data;
	bool ok = (l.file || error_errno(err, "it cannot be opened")) && find_data(&l, &data, err);

	while (ok && next_line(&l))
		ok = tell_line(&l, data, w, err);
	if (l.file)
		fclose(l.file);
	free(l.rest);
	text_release(&l.name);
	return ok;
}
