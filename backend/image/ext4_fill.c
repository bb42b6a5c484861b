/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the entries of a listing into an empty ext4 file system. */
#include "image/ext4_fill.h"

#include "base/error.h"
#include "base/text.h"
#include "tree/tree.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { BUFFER = 256 * 1024, NAME_MOST = 255 };

struct filler {
	struct ext4_maker *m;
	ext2_ino_t *inodes; /* of each entry */
	uint64_t done, total;
	char buffer[BUFFER];
};

static const struct {
	int mode, type;
} kinds[] = {
	[TREE_FOLDER] = {LINUX_S_IFDIR, EXT2_FT_DIR},
	[TREE_FILE] = {LINUX_S_IFREG, EXT2_FT_REG_FILE},
	[TREE_LINK] = {LINUX_S_IFLNK, EXT2_FT_SYMLINK},
	[TREE_CHARACTER] = {LINUX_S_IFCHR, EXT2_FT_CHRDEV},
	[TREE_BLOCK] = {LINUX_S_IFBLK, EXT2_FT_BLKDEV},
};

/* A folder starts with one block; it gets another one when a name does not fit. */
static long link_name(
	ext2_filsys fs, ext2_ino_t folder, const struct tree_entry *e, ext2_ino_t inode)
{
	long code = ext2fs_link(fs, folder, tree_name(e), inode, kinds[e->kind].type);

	if (code != EXT2_ET_DIR_NO_SPACE)
		return code;
	code = ext2fs_expand_dir(fs, folder);
	return code ? code : ext2fs_link(fs, folder, tree_name(e), inode, kinds[e->kind].type);
}

static long add_folder(
	ext2_filsys fs, ext2_ino_t folder, const struct tree_entry *e, ext2_ino_t inode)
{
	long code = ext2fs_mkdir(fs, folder, inode, tree_name(e));

	if (code != EXT2_ET_DIR_NO_SPACE)
		return code;
	code = ext2fs_expand_dir(fs, folder);
	return code ? code : ext2fs_mkdir(fs, folder, inode, tree_name(e));
}

static long add_link(
	ext2_filsys fs, ext2_ino_t folder, const struct tree_entry *e, ext2_ino_t inode)
{
	long code = ext2fs_symlink(fs, folder, inode, tree_name(e), e->target);

	if (code != EXT2_ET_DIR_NO_SPACE)
		return code;
	code = ext2fs_expand_dir(fs, folder);
	return code ? code : ext2fs_symlink(fs, folder, inode, tree_name(e), e->target);
}

/* Small numbers use the old encoding, larger ones the kernel's new_encode_dev. */
static void set_device(struct ext2_inode *inode, const struct tree_entry *e)
{
	if (e->major < 256 && e->minor < 256)
		inode->i_block[0] = e->major << 8 | e->minor;
	else
		inode->i_block[1] = (e->minor & 0xff) | e->major << 8 | (e->minor & ~0xffu) << 12;
}

static long add_plain(
	ext2_filsys fs, ext2_ino_t folder, const struct tree_entry *e, ext2_ino_t number)
{
	struct ext2_inode inode = {.i_mode = (__u16)kinds[e->kind].mode, .i_links_count = 1};
	ext2_extent_handle_t handle;
	long code = link_name(fs, folder, e, number);

	if (code)
		return code;
	ext2fs_inode_alloc_stats2(fs, number, +1, 0);
	if (e->kind != TREE_FILE) {
		set_device(&inode, e);
		return ext2fs_write_new_inode(fs, number, &inode);
	}
	inode.i_flags = EXT4_EXTENTS_FL;
	code = ext2fs_extent_open2(fs, number, &inode, &handle);
	if (code)
		return code;
	ext2fs_extent_free(handle);
	return ext2fs_write_new_inode(fs, number, &inode);
}

static bool write_content(
	struct filler *f, struct tree_reader *r, ext2_ino_t inode, struct error *err)
{
	ext2_file_t file = NULL;
	long code = ext2fs_file_open(f->m->fs, inode, EXT2_FILE_WRITE, &file), closed;
	bool read = true;
	size_t n = 1;

	while (!code && n && (read = tree_read(r, f->buffer, sizeof f->buffer, &n, err))) {
		if (n)
			code = ext2fs_file_write(file, f->buffer, (unsigned)n, NULL);
		f->done += n;
	}
	closed = file ? ext2fs_file_close(file) : 0;
	code = code ? code : closed;
	return read && (!code || ext4_fail(f->m, r->entry->path, code, err));
}

static bool add_content(
	struct filler *f, const struct tree_entry *e, ext2_ino_t inode, struct error *err)
{
	struct tree_reader r;
	bool ok = tree_open(&r, e, err) && (!r.size || write_content(f, &r, inode, err));

	tree_close(&r);
	if (ok && f->m->tell)
		f->m->tell(f->m->ctx, f->done, f->total);
	return ok;
}

/* If the listing has its own lost+found, use the existing one. */
static bool is_lost(const struct tree_entry *e)
{
	return e->kind == TREE_FOLDER && strcmp(e->path, "/lost+found") == 0;
}

static bool add_entry(struct filler *f, size_t i, struct error *err)
{
	const struct tree_entry *e = &f->m->tree->entries.at[i];
	size_t parent = tree_parent(f->m->tree, i);
	ext2_ino_t folder = parent == TREE_TOP ? EXT2_ROOT_INO : f->inodes[parent];
	ext2_ino_t *inode = &f->inodes[i];
	long code;

	if (strlen(tree_name(e)) > NAME_MOST)
		return error_set(err, ERROR_PROFILE,
			"the name of %s (%s) is longer than the 255 bytes that ext4 allows",
			e->path, e->owner);
	*inode = f->m->lost;
	if (is_lost(e))
		return true;
	code = ext2fs_new_inode(f->m->fs, folder, kinds[e->kind].mode, NULL, inode);
	if (!code && e->kind == TREE_FOLDER)
		code = add_folder(f->m->fs, folder, e, *inode);
	else if (!code && e->kind == TREE_LINK)
		code = add_link(f->m->fs, folder, e, *inode);
	else if (!code)
		code = add_plain(f->m->fs, folder, e, *inode);
	if (code)
		return ext4_fail(f->m, e->path, code, err);
	return e->kind != TREE_FILE || add_content(f, e, *inode, err);
}

/* Dates after 2038 use two more bits, see Documentation/filesystems/ext4/inodes.rst. */
static void set_dates(struct ext2_inode_large *inode, time_t epoch)
{
	__u32 low = (__u32)epoch;
	__u32 more = (__u32)(((epoch - (__s32)low) >> 32) & 3);

	inode->i_atime = inode->i_ctime = inode->i_mtime = inode->i_crtime = low;
	inode->i_atime_extra = inode->i_ctime_extra = inode->i_mtime_extra = inode->i_crtime_extra =
		more;
}

static bool set_facts(
	struct ext4_maker *m, ext2_ino_t number, const struct tree_entry *e, struct error *err)
{
	struct ext2_inode_large inode = {0};
	struct ext2_inode *small = (struct ext2_inode *)&inode;
	long code = ext2fs_read_inode_full(m->fs, number, small, sizeof inode);

	if (!code) {
		inode.i_extra_isize = sizeof inode - EXT2_GOOD_OLD_INODE_SIZE;
		inode.i_mode = (__u16)(kinds[e->kind].mode | e->mode);
		inode.i_uid = (__u16)e->uid;
		inode.osd2.linux2.l_i_uid_high = (__u16)(e->uid >> 16);
		inode.i_gid = (__u16)e->gid;
		inode.osd2.linux2.l_i_gid_high = (__u16)(e->gid >> 16);
		set_dates(&inode, m->epoch);
		code = ext2fs_write_inode_full(m->fs, number, small, sizeof inode);
	}
	return !code || ext4_fail(m, e->path, code, err);
}

/* At the end, because adding a name to a folder may change its dates. */
static bool set_all_facts(struct filler *f, struct error *err)
{
	static const struct tree_entry top = {.path = "/", .kind = TREE_FOLDER, .mode = 0755},
				       lost = {.path = "/lost+found",
					       .kind = TREE_FOLDER,
					       .mode = 0700};
	const struct tree *t = f->m->tree;

	if (!set_facts(f->m, EXT2_ROOT_INO, &top, err) || !set_facts(f->m, f->m->lost, &lost, err))
		return false;
	for (size_t i = 0; i < t->entries.n; i++)
		if (!set_facts(f->m, f->inodes[i], &t->entries.at[i], err))
			return false;
	return true;
}

bool ext4_fill(struct ext4_maker *m, struct error *err)
{
	struct filler *f = xmalloc(sizeof *f);
	bool ok = true;

	*f = (struct filler){.m = m, .total = tree_bytes(m->tree)};
	f->inodes = xmalloc((m->tree->entries.n + 1) * sizeof *f->inodes);
	for (size_t i = 0; ok && i < m->tree->entries.n; i++)
		ok = add_entry(f, i, err);
	ok = ok && set_all_facts(f, err);
	free(f->inodes);
	free(f);
	return ok;
}
