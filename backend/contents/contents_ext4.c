/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads ext4 file systems through libext2fs. */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"

#include <et/com_err.h>
#include <ext2fs/ext2fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/banned.h"

enum { DEEPEST = 200, PIECE = 1 << 16, LONGEST_LINK = 4096 };

struct name {
	char *s;
	ext2_ino_t inode;
};

struct names {
	struct name *at;
	size_t n, cap;
};

struct visit {
	ext2_filsys fs;
	const struct walker *walker;
	struct text path; /* of the current folder */
	int depth;
	uint64_t bytes;		  /* of the whole image */
	ext2fs_inode_bitmap seen; /* folders already visited: one may contain itself */
};

static bool fail(long code, const char *what, struct error *err)
{
	return error_set(
		err, ERROR_STEP, "%s cannot be read: %s", *what ? what : "it", error_message(code));
}

static int take_name(struct ext2_dir_entry *d, int offset, int blocksize, char *buffer, void *ctx)
{
	struct names *names = ctx;
	size_t len = (size_t)ext2fs_dirent_name_len(d);
	char *s;

	(void)offset;
	(void)blocksize;
	(void)buffer;
	if ((len == 1 && d->name[0] == '.') || (len == 2 && memcmp(d->name, "..", 2) == 0))
		return 0;
	s = xmalloc(len + 1);
	memcpy(s, d->name, len);
	s[len] = '\0';
	vec_push(names, (struct name){s, d->inode});
	return names->n >= CONTENTS_MOST ? DIRENT_ABORT : 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->s, ((const struct name *)b)->s);
}

static bool tell_bytes(struct visit *v, ext2_ino_t number, struct error *err)
{
	static char piece[PIECE];
	ext2_file_t file;
	errcode_t code = ext2fs_file_open(v->fs, number, 0, &file);
	unsigned got = 0;
	bool ok = true;

	if (code)
		return fail(code, v->path.s, err);
	while (ok && (code = ext2fs_file_read(file, piece, sizeof piece, &got)) == 0 && got)
		ok = v->walker->bytes(v->walker->ctx, piece, got, err);
	ext2fs_file_close(file);
	return ok && (!code || fail(code, v->path.s, err));
}

/* The inode itself stores a short target. */
static bool read_target(struct visit *v, ext2_ino_t number, struct ext2_inode_large *inode,
	char target[LONGEST_LINK], struct error *err)
{
	uint64_t len = EXT2_I_SIZE(inode);
	unsigned got = 0;
	ext2_file_t file;
	errcode_t code;

	if (len >= LONGEST_LINK)
		return error_set(err, ERROR_STEP, "the link %s is too long", v->path.s);
	if (ext2fs_is_fast_symlink((struct ext2_inode *)inode)) {
		got = len < sizeof inode->i_block ? (unsigned)len : sizeof inode->i_block;
		memcpy(target, inode->i_block, got);
	} else {
		code = ext2fs_file_open(v->fs, number, 0, &file);
		if (code)
			return fail(code, v->path.s, err);
		code = ext2fs_file_read(file, target, (unsigned)len, &got);
		ext2fs_file_close(file);
		if (code)
			return fail(code, v->path.s, err);
	}
	target[got] = '\0';
	return true;
}

static void set_device(struct content *c, const struct ext2_inode_large *inode)
{
	uint32_t old = inode->i_block[0], new = inode->i_block[1];

	c->major = old ? old >> 8 & 0xff : new >> 8 & 0xfff;
	c->minor = old ? old & 0xff : (new & 0xff) | (new >> 12 & 0xfff00);
}

static bool tell_entry(struct visit *v, ext2_ino_t number, bool *is_folder, struct error *err)
{
	struct ext2_inode_large inode = {0};
	errcode_t code =
		ext2fs_read_inode_full(v->fs, number, (struct ext2_inode *)&inode, sizeof inode);
	struct content c = {.path = v->path.s};
	char target[LONGEST_LINK], more[200];
	bool wants = false;

	if (code)
		return fail(code, v->path.s, err);
	c.mode = inode.i_mode;
	c.uid = inode_uid(inode);
	c.gid = inode_gid(inode);
	c.mtime = inode.i_mtime;
	c.size = EXT2_I_SIZE(&inode);
	snprintf(more, sizeof more, "inode %u, changed %u, read %u, made %u, %u links", number,
		inode.i_ctime, inode.i_atime, inode.i_crtime, inode.i_links_count);
	c.more = more;
	/* holes would be read as zeros, perhaps for years */
	if (!S_ISDIR(c.mode) && c.size > v->bytes)
		return error_set(err, ERROR_STEP, "%s is larger than its file system", v->path.s);
	if (S_ISLNK(c.mode)) {
		if (!read_target(v, number, &inode, target, err))
			return false;
		c.target = target;
	} else if (S_ISCHR(c.mode) || S_ISBLK(c.mode)) {
		set_device(&c, &inode);
	}
	*is_folder = S_ISDIR(c.mode);
	return v->walker->entry(v->walker->ctx, &c, &wants, err) &&
	       (!wants || tell_bytes(v, number, err));
}

static bool tell_folder(struct visit *v, ext2_ino_t number, struct error *err)
{
	struct names names = {0};
	size_t len = v->path.len;
	errcode_t code;
	bool ok = true;

	if (++v->depth > DEEPEST)
		return error_set(err, ERROR_STEP, "%s lies too deep", v->path.s);
	if (ext2fs_mark_inode_bitmap2(v->seen, number))
		return error_set(err, ERROR_STEP, "the folder %s is there twice", v->path.s);
	code = ext2fs_dir_iterate(v->fs, number, 0, NULL, take_name, &names);
	if (code)
		ok = fail(code, v->path.s, err);
	if (names.n > 1)
		qsort(names.at, names.n, sizeof names.at[0], by_name);
	for (size_t i = 0; ok && i < names.n; i++) {
		bool is_folder = false;

		text_fmt(&v->path, "%s%s", len ? "/" : "", names.at[i].s);
		ok = tell_entry(v, names.at[i].inode, &is_folder, err) &&
		     (!is_folder || tell_folder(v, names.at[i].inode, err));
		v->path.len = len;
		if (v->path.cap)
			v->path.s[len] = '\0';
	}
	for (size_t i = 0; i < names.n; i++)
		free(names.at[i].s);
	vec_release(&names);
	v->depth--;
	return ok;
}

bool contents_walk_ext4(const char *path, const struct walker *w, struct error *err)
{
	struct visit v = {.walker = w, .path = TEXT_INIT};
	bool ok, is_folder;
	struct stat st;
	errcode_t code;

	if (stat(path, &st) != 0)
		return error_errno(err, "it cannot be read");
	v.bytes = (uint64_t)st.st_size;
	initialize_ext2_error_table();
	code = ext2fs_open(path, EXT2_FLAG_64BITS, 0, 0, unix_io_manager, &v.fs);
	if (code)
		return fail(code, "", err);
	code = ext2fs_allocate_inode_bitmap(v.fs, "folders", &v.seen);
	ok = (!code || fail(code, "", err)) && tell_entry(&v, EXT2_ROOT_INO, &is_folder, err) &&
	     tell_folder(&v, EXT2_ROOT_INO, err);
	if (v.seen)
		ext2fs_free_inode_bitmap(v.seen);
	ext2fs_free(v.fs);
	text_release(&v.path);
	return ok;
}
