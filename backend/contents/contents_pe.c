/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads programs for UEFI (PE/COFF), whose sections may hold a kernel, an initramfs and a command line. */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/little.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	WHERE_HEAD = 0x3c,
	HEAD = 24, /* "PE\0\0" and the COFF header */
	ROW = 40,  /* of the table of sections */
	NAME = 8,
	MOST = 96, /* sections: no loader accepts more */
};

struct section {
	char name[NAME + 1];
	uint64_t start, size;
};

static bool read_at(int fd, uint64_t at, void *into, size_t len)
{
	return at <= INT64_MAX && pread(fd, into, len, (off_t)at) == (ssize_t)len;
}

/* The content in the file is padded; the size in memory says where it ends. */
static bool read_section(int fd, uint64_t at, uint64_t file_bytes, struct section *s)
{
	unsigned char row[ROW];
	uint32_t memory, raw;

	if (!read_at(fd, at, row, sizeof row))
		return false;
	*s = (struct section){.start = little_get_32(row + 20)};
	memcpy(s->name, row, NAME);
	memory = little_get_32(row + 8);
	raw = little_get_32(row + 16);
	s->size = memory && memory < raw ? memory : raw;
	return s->start <= file_bytes && s->size <= file_bytes - s->start;
}

static bool read_sections(int fd, struct section of[MOST], size_t *n)
{
	unsigned char where[4], head[HEAD], magic[2];
	struct stat st;
	uint64_t at;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
		!read_at(fd, 0, magic, sizeof magic) || memcmp(magic, "MZ", 2) != 0 ||
		!read_at(fd, WHERE_HEAD, where, sizeof where) ||
		!read_at(fd, little_get_32(where), head, sizeof head) ||
		memcmp(head, "PE\0\0", 4) != 0)
		return false;
	*n = little_get_16(head + 6);
	at = (uint64_t)little_get_32(where) + HEAD + little_get_16(head + 20);
	if (!*n || *n > MOST)
		return false;
	for (size_t i = 0; i < *n; i++)
		if (!read_section(fd, at + i * ROW, (uint64_t)st.st_size, &of[i]))
			return false;
	return true;
}

bool contents_is_pe(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct section of[MOST];
	size_t n;
	bool is = read_sections(fd, of, &n);

	if (fd >= 0)
		close(fd);
	return is;
}

bool contents_walk_pe(const char *path, const struct walker *w, struct error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct section of[MOST];
	size_t n = 0;
	bool ok = read_sections(fd, of, &n) ||
		  error_set(err, ERROR_STEP, "its sections cannot be read");

	for (size_t i = 0; ok && i < n; i++) {
		struct text name = TEXT_INIT;
		bool wants = false;

		text_fmt(&name, "section %s", of[i].name);
		ok = w->entry(w->ctx, &(struct content){.path = name.s, .size = of[i].size}, &wants,
			     err) &&
		     (!wants || contents_tell_range(fd, of[i].start, of[i].size, name.s, w, err));
		text_release(&name);
	}
	if (fd >= 0)
		close(fd);
	return ok;
}
