/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads sysfs, /proc and udev's records. The device's maker chose names and labels: they are kept as they are, and filtered for
 * display. */
#include "step/device_system.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <blkid/blkid.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { SECTOR = 512, VALUE_LIMIT = 4096, TABLE_LIMIT = 4 * 1024 * 1024 };

static const char *read_value(const struct block_system *s, const char *path)
{
	struct text t = TEXT_INIT;
	struct error ignored;
	const char *value = "", *end;

	if (text_read_file(&t, path, VALUE_LIMIT, &ignored)) {
		value = t.s + strspn(t.s, " \t\n");
		end = t.s + t.len;
		while (end > value && strchr(" \t\n", end[-1]))
			end--;
		value = arena_strn(s->arena, value, (size_t)(end - value));
	}
	text_release(&t);
	return value;
}

const char *block_value(const struct block_system *s, const struct block *b, const char *file)
{
	return read_value(s, arena_fmt(s->arena, "%s/%s", b->folder, file));
}

const char *block_value_above(const struct block_system *s, const struct block *b, const char *file)
{
	char *folder = arena_str(s->arena, b->folder), *slash;

	while ((slash = strrchr(folder, '/')) && slash > folder + strlen(s->root)) {
		const char *value;

		*slash = '\0';
		value = read_value(s, arena_fmt(s->arena, "%s/%s", folder, file));
		if (*value)
			return value;
	}
	return "";
}

struct block *block_find(const struct block_system *s, const char *name)
{
	for (size_t i = 0; i < s->of.n; i++)
		if (strcmp(s->of.at[i].name, name) == 0)
			return &s->of.at[i];
	return NULL;
}

static struct block *find_number(const struct block_system *s, const char *number)
{
	for (size_t i = 0; i < s->of.n; i++)
		if (strcmp(s->of.at[i].number, number) == 0)
			return &s->of.at[i];
	return NULL;
}

/* "/dev/mapper/x" is a link to "../dm-0". */
static struct block *find_path(const struct block_system *s, const char *path)
{
	char *real;
	struct block *b = NULL;

	if (strncmp(path, "/dev/", 5) != 0)
		return NULL;
	real = realpath(arena_fmt(s->arena, "%s%s", s->root, path), NULL);
	path = real ? real : path;
	b = block_find(s, strrchr(path, '/') + 1);
	free(real);
	return b;
}

/* ---- /sys/class/block ---- */

static void read_holders(const struct block_system *s, struct block *b)
{
	DIR *dir = opendir(arena_fmt(s->arena, "%s/holders", b->folder));
	const struct dirent *d;

	while (dir && (d = readdir(dir)))
		if (d->d_name[0] != '.')
			vec_push_in(s->arena, &b->holders, arena_str(s->arena, d->d_name));
	if (dir)
		closedir(dir);
}

static bool add_block(struct block_system *s, const char *name)
{
	char *real = realpath(arena_fmt(s->arena, "%s/sys/class/block/%s", s->root, name), NULL);
	struct block b = {.name = arena_str(s->arena, name), .mounted = ""};
	const char *above;

	if (!real)
		return false; /* it was just unplugged */
	b.folder = arena_str(s->arena, real);
	free(real);
	b.number = block_value(s, &b, "dev");
	b.bytes = strtoull(block_value(s, &b, "size"), NULL, 10) * SECTOR;
	b.read_only = strcmp(block_value(s, &b, "ro"), "1") == 0;
	b.removable = strcmp(block_value(s, &b, "removable"), "1") == 0;
	b.title = block_value(s, &b, "dm/name");
	if (*block_value(s, &b, "partition")) {
		above = arena_strn(s->arena, b.folder, (size_t)(strrchr(b.folder, '/') - b.folder));
		b.disk = strrchr(above, '/') ? strrchr(above, '/') + 1 : above;
	}
	read_holders(s, &b);
	vec_push_in(s->arena, &s->of, b);
	return true;
}

static int by_name(const void *left, const void *right)
{
	return strverscmp(((const struct block *)left)->name, ((const struct block *)right)->name);
}

static bool read_blocks(struct block_system *s, struct error *err)
{
	const char *path = arena_fmt(s->arena, "%s/sys/class/block", s->root);
	DIR *dir = opendir(path);
	const struct dirent *d;

	if (!dir && errno == ENOENT)
		return error_set(err, ERROR_HOST,
			"%s is not there, so nothing is known of this machine's disks; is sysfs mounted?",
			path);
	if (!dir)
		return error_errno(err, "%s cannot be read", path);
	while ((d = readdir(dir)))
		if (d->d_name[0] != '.')
			add_block(s, d->d_name);
	closedir(dir);
	if (s->of.n)
		qsort(s->of.at, s->of.n, sizeof s->of.at[0], by_name);
	return true;
}

/* ---- what is in use ---- */

/* The kernel writes blanks and similar characters in a path as \040. */
static char *unescape(struct arena *a, const char *word, size_t len)
{
	char *out = arena_strn(a, word, len), *to = out;

	for (const char *s = out; *s; s++) {
		if (s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
			s[3] >= '0' && s[3] <= '7') {
			*to++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 + (s[3] - '0'));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return out;
}

static void line_words(struct arena *a, const char *line, size_t len, struct strings *out)
{
	out->n = 0;
	for (size_t at = 0; at < len;) {
		size_t blanks = strspn(line + at, " \t"), word;

		at += blanks < len - at ? blanks : len - at;
		word = strcspn(line + at, " \t\n");
		if (at < len && word)
			vec_push_in(a, out, unescape(a, line + at, word));
		at += word;
	}
}

/* Of several mount points the most important: the shortest is nearest to the system's root. */
static void note_mount(struct block *b, const char *where)
{
	if (b && (!*b->mounted || strlen(where) < strlen(b->mounted)))
		b->mounted = where;
}

/* proc(5): ID PARENT MAJOR:MINOR ROOT WHERE OPTIONS [FIELDS...] - TYPE SOURCE ...; a file system over several disks (btrfs) has
 * its own number and names one of them as its source. */
static void take_mount(const struct block_system *s, const struct strings *words)
{
	if (words->n < 6)
		return;
	note_mount(find_number(s, words->at[2]), words->at[4]);
	for (size_t i = 6; i + 2 < words->n; i++) {
		if (strcmp(words->at[i], "-") != 0)
			continue;
		note_mount(find_path(s, words->at[i + 2]), words->at[4]);
		break;
	}
}

static void take_swap(const struct block_system *s, const struct strings *words)
{
	struct block *b = words->n ? find_path(s, words->at[0]) : NULL;

	if (b)
		b->swap = true;
}

static bool read_table(const struct block_system *s, const char *file,
	void (*take)(const struct block_system *, const struct strings *), struct error *err)
{
	struct text t = TEXT_INIT;
	struct strings words = {0};
	bool ok = text_read_file(
		&t, arena_fmt(s->arena, "%s/proc/%s", s->root, file), TABLE_LIMIT, err);

	for (const char *line = t.s; ok && *line;) {
		size_t len = strcspn(line, "\n");

		line_words(s->arena, line, len, &words);
		take(s, &words);
		line += len + (line[len] == '\n');
	}
	text_release(&t);
	return ok;
}

bool block_system_load(
	struct block_system *s, const struct place *p, struct arena *a, struct error *err)
{
	struct error ignored;

	*s = (struct block_system){.arena = a, .root = p->machine ? p->machine : ""};
	if (!read_blocks(s, err))
		return false;
	/* A kernel without swap has no such file; but the mounts must be known. */
	if (!read_table(s, "swaps", take_swap, &ignored))
		ignored.kind = ERROR_NONE;
	return read_table(s, "self/mountinfo", take_mount, err);
}

/* ---- what is on it ---- */

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* udev writes unusual bytes as \x20. */
static const char *udev_text(struct arena *a, const char *value)
{
	char *out = arena_str(a, value), *to = out;

	for (const char *s = out; *s; s++) {
		if (s[0] == '\\' && s[1] == 'x' && hex_digit(s[2]) >= 0 && hex_digit(s[3]) >= 0) {
			*to++ = (char)(hex_digit(s[2]) * 16 + hex_digit(s[3]));
			s += 3;
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
	return out;
}

/* /run/udev/data/b8:17 has lines "E:ID_FS_TYPE=vfat". */
static const char *udev_value(const struct block_system *s, const char *data, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = data; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (strncmp(line, key, len) == 0 && line[len] == '=')
			return udev_text(s->arena, arena_strn(s->arena, line + len + 1,
							   strcspn(line + len + 1, "\n")));
	return "";
}

static void look(
	const struct block_system *s, const char *node, const char **type, const char **label)
{
	int fd = open(node, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	blkid_probe probe = fd >= 0 ? blkid_new_probe() : NULL;
	const char *value;

	if (probe && blkid_probe_set_device(probe, fd, 0, 0) == 0 &&
		blkid_do_safeprobe(probe) == 0) {
		if (blkid_probe_lookup_value(probe, "TYPE", &value, NULL) == 0)
			*type = arena_str(s->arena, value);
		if (blkid_probe_lookup_value(probe, "LABEL", &value, NULL) == 0)
			*label = arena_str(s->arena, value);
	}
	blkid_free_probe(probe);
	if (fd >= 0)
		close(fd);
}

void block_content(
	const struct block_system *s, const struct block *b, const char **type, const char **label)
{
	struct text data = TEXT_INIT;
	struct error ignored;

	*type = *label = "";
	if (text_read_file(&data, arena_fmt(s->arena, "%s/run/udev/data/b%s", s->root, b->number),
		    TABLE_LIMIT, &ignored)) {
		*type = udev_value(s, data.s, "E:ID_FS_TYPE");
		*label = udev_value(s, data.s, "E:ID_FS_LABEL_ENC");
	}
	text_release(&data);
	if (!**type && b->bytes)
		look(s, arena_fmt(s->arena, "%s/dev/%s", s->root, b->name), type, label);
}
