/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a partition table through libfdisk and fills the partitions. */
#include "image/disk.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/little.h"
#include "base/sparse.h"
#include "base/text.h"
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <libfdisk/libfdisk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	PIECE = 1024 * 1024,
	BLOCK = 4096, /* the usual block size of the file systems images are stored on */
	UUID = 37,    /* with the NUL */
	CODE = 440,   /* bytes of the first sector that do not belong to the partition table */
	WHERE_IMAGE = 0x5c,
	IS_FLOPPY = 0x66, /* a jump here is for floppies only */
	WHERE_REST = 0x1f4,
	MOST_OLD_PARTITIONS = 4,
};

/* A version 8 UUID (RFC 9562: free form) made from the seed. */
static void make_uuid(const char *seed, const char *what, size_t number, char uuid[UUID])
{
	struct text t = TEXT_INIT;
	char hex[HASH_HEX];

	text_fmt(&t, "%s %s %zu", seed, what, number);
	hash_bytes(t.s, t.len, hex);
	text_release(&t);
	snprintf(uuid, UUID, "%.8s-%.4s-8%.3s-9%.3s-%.12s", hex, hex + 8, hex + 12, hex + 15,
		hex + 18);
	for (char *c = uuid; *c; c++)
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
}

static uint64_t aligned(uint64_t n)
{
	return (n + DISK_ALIGNMENT - 1) / DISK_ALIGNMENT * DISK_ALIGNMENT;
}

/* The first MiB is for the table and the last one for its backup. */
static bool place_partitions(struct disk_partitions *p, uint64_t *size, struct error *err)
{
	uint64_t at = DISK_ALIGNMENT;
	struct stat st;

	for (size_t i = 0; i < p->n; i++) {
		if (stat(p->at[i].file, &st) != 0)
			return error_errno(err, "%s cannot be read", p->at[i].file);
		p->at[i].start = at;
		p->at[i].size = aligned(st.st_size > 0 ? (uint64_t)st.st_size : 1);
		at += p->at[i].size;
	}
	*size = at + DISK_ALIGNMENT;
	return true;
}

/* ---- the table ---- */

static bool failed(const char *path, const char *what, int code, struct error *err)
{
	errno = -code;
	return error_errno(err, "%s: %s cannot be written", path, what);
}

static bool add_partition(struct fdisk_context *c, const struct disk_partition *p, const char *path,
	const char *seed, size_t number, struct error *err)
{
	struct fdisk_partition *to = fdisk_new_partition();
	struct fdisk_parttype *type = fdisk_label_parse_parttype(fdisk_get_label(c, NULL), p->type);
	bool is_gpt = fdisk_is_labeltype(c, FDISK_DISKLABEL_GPT);
	char uuid[UUID];
	int code = to && type ? 0 : -EINVAL;

	make_uuid(seed, "partition", number, uuid);
	if (!code)
		code = fdisk_partition_set_partno(to, number);
	if (!code)
		code = fdisk_partition_set_start(to, p->start / DISK_SECTOR);
	if (!code)
		code = fdisk_partition_set_size(to, p->size / DISK_SECTOR);
	if (!code && is_gpt)
		code = fdisk_partition_set_name(to, p->name);
	if (!code && is_gpt)
		code = fdisk_partition_set_uuid(to, uuid);
	if (!code)
		code = fdisk_partition_set_type(to, type);
	if (!code)
		code = fdisk_add_partition(c, to, NULL);
	if (!code && !is_gpt && number == 0)
		code = fdisk_toggle_partition_flag(c, number, DOS_FLAG_ACTIVE);
	fdisk_unref_parttype(type);
	fdisk_unref_partition(to);
	return !code || failed(path, p->name, code, err);
}

/* A disk with the older table is identified by four bytes. */
static void make_disk_id(const char *table, const char *seed, char id[UUID])
{
	char uuid[UUID];

	make_uuid(seed, "disk", 0, uuid);
	if (strcmp(table, "dos") == 0)
		snprintf(id, UUID, "0x%.8s", uuid);
	else
		memcpy(id, uuid, UUID);
}

static bool write_table(const char *path, const char *table, const char *seed,
	const struct disk_partitions *p, struct error *err)
{
	struct fdisk_context *c = fdisk_new_context();
	char uuid[UUID];
	int code = c ? 0 : -ENOMEM;
	bool ok;

	make_disk_id(table, seed, uuid);
	if (!code)
		code = fdisk_disable_dialogs(c, 1);
	if (!code)
		code = fdisk_assign_device(c, path, 0);
	if (!code)
		code = fdisk_create_disklabel(c, table);
	if (!code)
		code = fdisk_set_disklabel_id_from_string(c, uuid);
	ok = !code || failed(path, "the partition table", code, err);
	for (size_t i = 0; ok && i < p->n; i++)
		ok = add_partition(c, &p->at[i], path, seed, i, err);
	if (ok && (code = fdisk_write_disklabel(c)))
		ok = failed(path, "the partition table", code, err);
	if (c && fdisk_get_devfd(c) >= 0)
		fdisk_deassign_device(c, 1);
	fdisk_unref_context(c);
	return ok;
}

/* ---- the content ---- */

static bool is_empty(const char *bytes, size_t len)
{
	return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

/* Writes the non-empty parts, in runs of whole blocks. */
static bool write_filled(int fd, const char *bytes, size_t len, uint64_t at)
{
	size_t run = 0; /* where the current run started */

	for (size_t i = 0; i < len;) {
		size_t n = len - i < BLOCK ? len - i : BLOCK;

		if (is_empty(bytes + i, n)) {
			if (!write_all_at(fd, bytes + run, i - run, at + run))
				return false;
			run = i + n;
		}
		i += n;
	}
	return write_all_at(fd, bytes + run, len - run, at + run);
}

static bool copy_into(int disk, const char *path, const struct disk_partition *p, struct error *err)
{
	int from = open(p->file, O_RDONLY | O_CLOEXEC);
	char *piece = xmalloc(PIECE);
	uint64_t at = 0, hole = 0;
	ssize_t n = -1;
	bool ok = from >= 0;

	while (ok && ((n = sparse_read(from, &at, piece, PIECE, &hole)) > 0 || hole))
		if (n > 0 && !write_filled(disk, piece, (size_t)n, p->start + at - (uint64_t)n))
			break;
	if (!ok || n < 0)
		ok = error_errno(err, "%s cannot be read", p->file);
	else if (n > 0)
		ok = error_errno(err, "%s cannot be written", path);
	if (from >= 0)
		close(from);
	free(piece);
	return ok;
}

bool disk_write(const char *path, const char *table, const char *seed, struct disk_partitions *p,
	uint64_t *size, struct error *err)
{
	int fd = -1;
	bool ok =
		strcmp(table, "dos") != 0 || p->n <= MOST_OLD_PARTITIONS ||
		error_set(err, ERROR_PROFILE,
			"a partition table of the older kind has room for four partitions, not for %zu; use partition-table = gpt",
			p->n);

	ok = ok && place_partitions(p, size, err);

	if (ok) {
		fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		ok = (fd >= 0 && ftruncate(fd, (off_t)*size) == 0) ||
		     error_errno(err, "%s cannot be made", path);
	}
	ok = ok && write_table(path, table, seed, p, err);
	for (size_t i = 0; ok && i < p->n; i++)
		ok = copy_into(fd, path, &p->at[i], err);
	if (fd >= 0 && close(fd) != 0 && ok)
		ok = error_errno(err, "%s cannot be written", path);
	return ok;
}

static bool read_at(int fd, char *bytes, size_t len, uint64_t at)
{
	return pread(fd, bytes, len, (off_t)at) == (ssize_t)len;
}

bool disk_make_bootable(
	const char *path, const char *first_stage, uint64_t image_start, struct error *err)
{
	char code[CODE], sector[DISK_SECTOR];
	int from = open(first_stage, O_RDONLY | O_CLOEXEC);
	int disk = open(path, O_RDWR | O_CLOEXEC);
	bool ok = (from >= 0 && read_at(from, code, sizeof code, 0)) ||
		  error_errno(err, "%s cannot be read", first_stage);

	if (ok && (disk < 0 || !read_at(disk, sector, sizeof sector, image_start)))
		ok = error_errno(err, "%s cannot be read", path);
	if (ok) {
		little_put_64(code + WHERE_IMAGE, image_start / DISK_SECTOR);
		memset(code + IS_FLOPPY, 0x90, 2);
		little_put_64(sector + WHERE_REST, image_start / DISK_SECTOR + 1);
		ok = (write_all_at(disk, code, sizeof code, 0) &&
			     write_all_at(disk, sector, sizeof sector, image_start)) ||
		     error_errno(err, "%s cannot be written", path);
	}
	if (from >= 0)
		close(from);
	if (disk >= 0 && close(disk) != 0 && ok)
		ok = error_errno(err, "%s cannot be written", path);
	return ok;
}

bool disk_fill_gap(const char *path, const char *image, struct error *err)
{
	enum { ROOM = DISK_ALIGNMENT - DISK_GAP };
	char *bytes = xmalloc(ROOM);
	int from = open(image, O_RDONLY | O_CLOEXEC);
	int disk = open(path, O_WRONLY | O_CLOEXEC);
	struct stat st = {0};
	bool ok = (from >= 0 && fstat(from, &st) == 0) ||
		  error_errno(err, "%s cannot be read", image);

	if (ok && st.st_size > ROOM)
		ok = error_set(err, ERROR_STEP,
			"%s is too large for the sectors before the first partition (%d bytes)",
			image, (int)ROOM);
	if (ok && !read_at(from, bytes, (size_t)st.st_size, 0))
		ok = error_errno(err, "%s cannot be read", image);
	if (ok && (disk < 0 || !write_all_at(disk, bytes, (size_t)st.st_size, DISK_GAP)))
		ok = error_errno(err, "%s cannot be written", path);
	if (from >= 0)
		close(from);
	if (disk >= 0 && close(disk) != 0 && ok)
		ok = error_errno(err, "%s cannot be written", path);
	free(bytes);
	return ok;
}
