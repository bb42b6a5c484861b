/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * FAT file systems of all three kinds, read as Microsoft's specification of 2000 (fatgen103) has them: no library that is kept
 * here knows them. Nothing in one is believed: every number is checked, and every chain of clusters has an end.
 */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	SECTOR = 512,
	ROW = 32, /* of a folder */
	DEEPEST = 16,
	MOST_TABLE = 64 << 20,
	MOST_FOLDER = 4 << 20,
	LONG_PARTS = 20,   /* rows that a long name may take ... */
	LONG_LETTERS = 13, /* ... with so many letters in each */
	IS_LABEL = 0x08,
	IS_FOLDER = 0x10,
	IS_LONG = 0x0f,
};

struct fat {
	int fd;
	const struct walker *walker;
	uint32_t cluster_bytes, clusters, root_cluster, root_bytes;
	uint64_t bytes, table_at, root_at, data_at;
	int bits; /* of an entry of the table */
	unsigned char *table;
	size_t table_bytes;
	unsigned char *cluster; /* the one read last */
	struct text path;
	int depth;
};

static unsigned u16(const unsigned char *at)
{
	return at[0] | (unsigned)at[1] << 8;
}

static uint32_t u32(const unsigned char *at)
{
	return u16(at) | (uint32_t)u16(at + 2) << 16;
}

static bool is_power(unsigned n)
{
	return n && (n & (n - 1)) == 0;
}

static bool read_at(int fd, uint64_t at, void *into, size_t len)
{
	return pread(fd, into, len, (off_t)at) == (ssize_t)len;
}

/* Where everything is, from the first sector; false when it is none of a FAT. */
static bool read_head(struct fat *f)
{
	unsigned char b[SECTOR];
	unsigned sector, per_cluster, roots;
	uint64_t sectors, table_sectors, before;
	struct stat st;

	if (f->fd < 0 || fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode) ||
		!read_at(f->fd, 0, b, sizeof b))
		return false;
	sector = u16(b + 11);
	per_cluster = b[13];
	roots = u16(b + 17);
	sectors = u16(b + 19) ? u16(b + 19) : u32(b + 32);
	table_sectors = u16(b + 22) ? u16(b + 22) : u32(b + 36);
	if ((b[0] != 0xeb && b[0] != 0xe9) || b[510] != 0x55 || b[511] != 0xaa || b[21] < 0xf0 ||
		!is_power(sector) || sector < SECTOR || sector > 4096 || !is_power(per_cluster) ||
		!u16(b + 14) || !b[16] || b[16] > 2 || !table_sectors ||
		table_sectors * sector > MOST_TABLE)
		return false;
	f->table_at = (uint64_t)u16(b + 14) * sector;
	f->table_bytes = (size_t)(table_sectors * sector);
	f->root_at = f->table_at + b[16] * f->table_bytes;
	f->root_bytes = roots * ROW;
	before = f->root_at / sector + (f->root_bytes + sector - 1) / sector;
	f->data_at = before * sector;
	f->cluster_bytes = per_cluster * sector;
	f->bytes = (uint64_t)st.st_size;
	if (sectors <= before || sectors * sector > f->bytes)
		return false;
	f->clusters = (uint32_t)((sectors - before) / per_cluster);
	f->bits = f->clusters < 4085 ? 12 : f->clusters < 65525 ? 16 : 32;
	f->root_cluster = f->bits == 32 ? u32(b + 44) : 0;
	return (f->bits == 32) == (roots == 0);
}

bool contents_is_fat(const char *path)
{
	struct fat f = {.fd = open(path, O_RDONLY | O_CLOEXEC)};
	bool is = read_head(&f);

	if (f.fd >= 0)
		close(f.fd);
	return is;
}

/* The cluster after this one; 0: it was the last. */
static uint32_t after(const struct fat *f, uint32_t cluster)
{
	size_t at = f->bits == 12 ? cluster + cluster / 2 : (size_t)cluster * ((size_t)f->bits / 8);
	uint32_t next;

	if (at + (f->bits == 32 ? 4 : 2) > f->table_bytes)
		return 0;
	next = f->bits == 32 ? u32(f->table + at) & 0x0fffffff : u16(f->table + at);
	if (f->bits == 12)
		next = cluster & 1 ? next >> 4 : next & 0xfff;
	return next >= 2 && next < f->clusters + 2 ? next : 0;
}

static bool read_cluster(struct fat *f, uint32_t cluster, struct error *err)
{
	if (cluster >= 2 && cluster < f->clusters + 2 &&
		read_at(f->fd, f->data_at + (uint64_t)(cluster - 2) * f->cluster_bytes, f->cluster,
			f->cluster_bytes))
		return true;
	return error_set(err, ERROR_STEP, "%s cannot be read", f->path.len ? f->path.s : "it");
}

static bool tell_bytes(struct fat *f, uint32_t cluster, uint64_t size, struct error *err)
{
	while (size) {
		size_t n = size < f->cluster_bytes ? (size_t)size : f->cluster_bytes;

		if (!read_cluster(f, cluster, err) ||
			!f->walker->bytes(f->walker->ctx, f->cluster, n, err))
			return false;
		size -= n;
		cluster = after(f, cluster);
	}
	return true;
}

/* All rows of a folder; the first one of the older kinds lies before the clusters. */
static bool read_folder(struct fat *f, uint32_t cluster, struct text *rows, struct error *err)
{
	if (!cluster) {
		unsigned char *root = xmalloc(f->root_bytes + 1);
		bool ok = read_at(f->fd, f->root_at, root, f->root_bytes);

		text_add(rows, root, ok ? f->root_bytes : 0);
		free(root);
		return ok || error_set(err, ERROR_STEP, "its first folder cannot be read");
	}
	for (; cluster && rows->len < MOST_FOLDER; cluster = after(f, cluster)) {
		if (!read_cluster(f, cluster, err))
			return false;
		text_add(rows, f->cluster, f->cluster_bytes);
	}
	return true;
}

/* ---- names ---- */

struct long_name {
	uint16_t letters[LONG_PARTS * LONG_LETTERS + 1];
	bool any;
};

/* Its parts stand before the entry, the last one first. */
static void take_part(struct long_name *l, const unsigned char *row)
{
	static const unsigned char at[LONG_LETTERS] = {
		1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
	unsigned part = row[0] & 0x3f;

	if (row[0] & 0x40)
		*l = (struct long_name){.any = true};
	if (!part || part > LONG_PARTS)
		return;
	for (size_t i = 0; i < LONG_LETTERS; i++)
		l->letters[(part - 1) * LONG_LETTERS + i] = (uint16_t)u16(row + at[i]);
}

/* UCS-2 as UTF-8. */
static void print_long(const struct long_name *l, struct text *out)
{
	for (size_t i = 0; l->letters[i] && l->letters[i] != 0xffff; i++) {
		unsigned c = l->letters[i];

		if (c >= 0x800)
			text_char(out, (char)(0xe0 | c >> 12));
		if (c >= 0x80)
			text_char(out, (char)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6));
		text_char(out, (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c));
	}
}

static void print_part(const unsigned char *at, size_t len, bool lower, struct text *out)
{
	while (len && at[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++)
		text_char(out, (char)(lower && at[i] >= 'A' && at[i] <= 'Z' ? at[i] + 32 : at[i]));
}

static void print_short(const unsigned char *row, struct text *out)
{
	print_part(row, 8, row[12] & 0x08, out);
	if (row[8] != ' ')
		text_char(out, '.');
	print_part(row + 8, 3, row[12] & 0x10, out);
}

/* ---- entries ---- */

static int64_t seconds(unsigned date, unsigned of_day)
{
	struct tm tm = {.tm_year = (int)(date >> 9) + 80,
		.tm_mon = (int)(date >> 5 & 15) - 1,
		.tm_mday = (int)(date & 31),
		.tm_hour = (int)(of_day >> 11),
		.tm_min = (int)(of_day >> 5 & 63),
		.tm_sec = (int)(of_day & 31) * 2};

	return (int64_t)timegm(&tm);
}

static bool tell_folder(struct fat *f, uint32_t cluster, struct error *err);

static bool tell_entry(struct fat *f, const unsigned char *row, struct error *err)
{
	bool is_folder = row[11] & IS_FOLDER, wants = false;
	uint32_t cluster = u16(row + 26) | (f->bits == 32 ? (uint32_t)u16(row + 20) << 16 : 0);
	char more[120];
	struct content c = {.path = f->path.s,
		.more = more,
		.mode = is_folder ? S_IFDIR | 0755 : S_IFREG | 0755,
		.mtime = seconds(u16(row + 24), u16(row + 22)),
		.size = u32(row + 28)};

	snprintf(more, sizeof more,
		"made %lld and %u hundredths, read on day %lld, attributes %02x",
		(long long)seconds(u16(row + 16), u16(row + 14)), row[13],
		(long long)seconds(u16(row + 18), 0) / 86400, row[11]);
	if (!f->walker->entry(f->walker->ctx, &c, &wants, err))
		return false;
	if (is_folder)
		return cluster == 0 || tell_folder(f, cluster, err);
	return !wants || tell_bytes(f, cluster, c.size, err);
}

static bool tell_rows(struct fat *f, const struct text *rows, struct error *err)
{
	struct long_name name = {.any = false};
	size_t len = f->path.len;
	bool ok = true;

	for (size_t at = 0; ok && at + ROW <= rows->len; at += ROW) {
		unsigned char row[ROW];

		memcpy(row, rows->s + at, ROW);
		if (!row[0])
			break;
		if (row[0] != 0xe5 && (row[11] & 0x3f) == IS_LONG) {
			take_part(&name, row);
			continue;
		}
		if (row[0] != 0xe5 && row[0] != '.' && !(row[11] & IS_LABEL)) {
			if (len)
				text_char(&f->path, '/');
			if (name.any)
				print_long(&name, &f->path);
			else
				print_short(row, &f->path);
			ok = tell_entry(f, row, err);
			f->path.len = len;
			f->path.s[len] = '\0';
		}
		name.any = false;
	}
	return ok;
}

static bool tell_folder(struct fat *f, uint32_t cluster, struct error *err)
{
	struct text rows = TEXT_INIT;
	bool ok;

	if (++f->depth > DEEPEST)
		return error_set(err, ERROR_STEP, "%s lies too deep", f->path.s);
	ok = read_folder(f, cluster, &rows, err) && tell_rows(f, &rows, err);
	text_release(&rows);
	f->depth--;
	return ok;
}

bool contents_walk_fat(const char *path, const struct walker *w, struct error *err)
{
	struct fat f = {.fd = open(path, O_RDONLY | O_CLOEXEC), .walker = w, .path = TEXT_INIT};
	bool ok = read_head(&f);

	if (ok) {
		f.table = xmalloc(f.table_bytes);
		f.cluster = xmalloc(f.cluster_bytes);
		ok = read_at(f.fd, f.table_at, f.table, f.table_bytes);
	}
	ok = ok ? tell_folder(&f, f.root_cluster, err)
		: error_set(err, ERROR_STEP, "its table of clusters cannot be read");
	free(f.table);
	free(f.cluster);
	text_release(&f.path);
	if (f.fd >= 0)
		close(f.fd);
	return ok;
}
