/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads disks with a partition table (GPT or MBR) through libfdisk. */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <libfdisk/libfdisk.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

struct part {
	size_t number;	      /* from 1 */
	uint64_t start, size; /* bytes */
};

struct parts {
	struct part *at;
	size_t n, cap;
};

/* Only partitions within the file count: other files have bytes that look like a table. */
static bool add_part(struct parts *parts, struct fdisk_context *fd, struct fdisk_partition *p,
	uint64_t disk_bytes)
{
	uint64_t sector = fdisk_get_sector_size(fd);
	struct part part;

	if (!fdisk_partition_has_start(p) || !fdisk_partition_has_size(p) ||
		fdisk_partition_is_container(p))
		return true;
	part = (struct part){fdisk_partition_get_partno(p) + 1,
		fdisk_partition_get_start(p) * sector, fdisk_partition_get_size(p) * sector};
	if (!part.start || !part.size || part.start >= disk_bytes ||
		part.size > disk_bytes - part.start)
		return false;
	vec_push(parts, part);
	return true;
}

static bool read_table(const char *path, struct parts *parts)
{
	struct fdisk_context *fd = fdisk_new_context();
	struct fdisk_table *table = NULL;
	struct fdisk_partition *p;
	struct fdisk_iter *at = fdisk_new_iter(FDISK_ITER_FORWARD);
	struct stat st;
	bool ok = false, assigned = false;

	if (!fd || !at || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		goto out;
	fdisk_disable_dialogs(fd, 1);
	assigned = fdisk_assign_device(fd, path, 1) == 0;
	if (!assigned || !fdisk_has_label(fd) || fdisk_get_partitions(fd, &table) != 0)
		goto out;
	ok = true;
	while (ok && fdisk_table_next_partition(table, at, &p) == 0)
		ok = add_part(parts, fd, p, (uint64_t)st.st_size);
	ok = ok && parts->n > 0;
out:
	fdisk_unref_table(table);
	fdisk_free_iter(at);
	if (assigned)
		fdisk_deassign_device(fd, 1);
	fdisk_unref_context(fd);
	return ok;
}

bool contents_is_disk(const char *path)
{
	struct parts parts = {0};
	bool is = read_table(path, &parts);

	vec_release(&parts);
	return is;
}

bool contents_walk_disk(const char *path, const struct walker *w, struct error *err)
{
	struct parts parts = {0};
	struct text name = TEXT_INIT;
	bool ok = read_table(path, &parts) ||
		  error_set(err, ERROR_STEP, "its partition table cannot be read");
	int fd = ok ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (ok && fd < 0)
		ok = error_errno(err, "it cannot be opened");
	for (size_t i = 0; ok && i < parts.n; i++) {
		bool wants = false;

		text_clear(&name);
		text_fmt(&name, "partition %zu", parts.at[i].number);
		ok = w->entry(w->ctx, &(struct content){.path = name.s, .size = parts.at[i].size},
			     &wants, err) &&
		     (!wants || contents_tell_range(
					fd, parts.at[i].start, parts.at[i].size, name.s, w, err));
	}
	if (fd >= 0)
		close(fd);
	text_release(&name);
	vec_release(&parts);
	return ok;
}
