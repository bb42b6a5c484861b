/* SPDX-License-Identifier: GPL-2.0-or-later */
/* squashfs, by libsquashfs. See contents_walk.h. */
#include "contents/contents_walk.h"

#include "base/error.h"
#include "base/text.h"

#include <sqfs/compressor.h>
#include <sqfs/data_reader.h>
#include <sqfs/dir_reader.h>
#include <sqfs/error.h>
#include <sqfs/id_table.h>
#include <sqfs/inode.h>
#include <sqfs/io.h>
#include <sqfs/super.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/banned.h"

enum { PIECE = 1 << 16, DEEPEST = 200 };

struct visit {
	const struct walker *walker;
	sqfs_super_t super;
	sqfs_file_t *file;
	sqfs_compressor_t *unpack;
	sqfs_id_table_t *ids;
	sqfs_dir_reader_t *folders;
	sqfs_data_reader_t *data;
	sqfs_tree_node_t *top;
	struct text path;
};

static bool fail(int code, const char *what, struct error *err)
{
	return error_set(err, ERROR_STEP,
		"%s cannot be read: libsquashfs says error %d (see sqfs/error.h)",
		*what ? what : "it", code);
}

static bool open_image(struct visit *v, const char *path, struct error *err)
{
	sqfs_compressor_config_t config;
	int code;

	v->file = sqfs_open_file(path, SQFS_FILE_OPEN_READ_ONLY);
	if (!v->file)
		return error_errno(err, "it cannot be opened");
	code = sqfs_super_read(&v->super, v->file);
	code = code ? code
		    : sqfs_compressor_config_init(&config, (SQFS_COMPRESSOR)v->super.compression_id,
			      v->super.block_size, SQFS_COMP_FLAG_UNCOMPRESS);
	code = code ? code : sqfs_compressor_create(&config, &v->unpack);
	if (code)
		return fail(code, "", err);
	v->ids = sqfs_id_table_create(0);
	v->folders = sqfs_dir_reader_create(&v->super, v->unpack, v->file, 0);
	v->data = sqfs_data_reader_create(v->file, v->super.block_size, v->unpack, 0);
	if (!v->ids || !v->folders || !v->data)
		return fail(SQFS_ERROR_ALLOC, "", err);
	code = sqfs_id_table_read(v->ids, v->file, &v->super, v->unpack);
	code = code ? code : sqfs_data_reader_load_fragment_table(v->data, &v->super);
	code = code ? code
		    : sqfs_dir_reader_get_full_hierarchy(v->folders, v->ids, NULL, 0, &v->top);
	return code == 0 || fail(code, "", err);
}

static void close_image(struct visit *v)
{
	if (v->top)
		sqfs_dir_tree_destroy(v->top);
	if (v->data)
		sqfs_destroy(v->data);
	if (v->folders)
		sqfs_destroy(v->folders);
	if (v->ids)
		sqfs_destroy(v->ids);
	if (v->unpack)
		sqfs_destroy(v->unpack);
	if (v->file)
		sqfs_destroy(v->file);
	text_release(&v->path);
}

static bool tell_bytes(
	struct visit *v, const sqfs_inode_generic_t *inode, uint64_t size, struct error *err)
{
	static char piece[PIECE];

	for (uint64_t at = 0; at < size;) {
		sqfs_u32 most = size - at < PIECE ? (sqfs_u32)(size - at) : PIECE;
		sqfs_s32 n = sqfs_data_reader_read(v->data, inode, at, piece, most);

		if (n <= 0)
			return fail(n ? (int)n : SQFS_ERROR_CORRUPTED, v->path.s, err);
		if (!v->walker->bytes(v->walker->ctx, piece, (size_t)n, err))
			return false;
		at += (uint64_t)n;
	}
	return true;
}

static void set_device(struct content *c, const sqfs_inode_generic_t *inode)
{
	sqfs_u32 number =
		inode->base.type == SQFS_INODE_EXT_BDEV || inode->base.type == SQFS_INODE_EXT_CDEV
			? inode->data.dev_ext.devno
			: inode->data.dev.devno;

	c->major = number >> 8 & 0xfff;
	c->minor = (number & 0xff) | (number >> 12 & 0xfff00);
}

static bool tell_node(struct visit *v, const sqfs_tree_node_t *n, struct error *err)
{
	const sqfs_inode_generic_t *inode = n->inode;
	struct content c = {.path = v->path.s,
		.mode = inode->base.mode,
		.uid = n->uid,
		.gid = n->gid,
		.mtime = inode->base.mod_time};
	struct text target = TEXT_INIT;
	bool wants = false, ok;
	sqfs_u64 size = 0;

	if (S_ISLNK(c.mode)) {
		text_add(&target, inode->extra, inode->data.slink.target_size);
		c.target = target.s;
	} else if (S_ISCHR(c.mode) || S_ISBLK(c.mode)) {
		set_device(&c, inode);
	} else if (S_ISREG(c.mode)) {
		sqfs_inode_get_file_size(inode, &size);
		c.size = size;
	}
	ok = v->walker->entry(v->walker->ctx, &c, &wants, err) &&
	     (!wants || tell_bytes(v, inode, size, err));
	text_release(&target);
	return ok;
}

static bool tell_tree(struct visit *v, const sqfs_tree_node_t *n, int depth, struct error *err)
{
	size_t len = v->path.len;

	if (depth > DEEPEST)
		return error_set(err, ERROR_STEP, "%s lies too deep", v->path.s);
	if (!tell_node(v, n, err))
		return false;
	for (const sqfs_tree_node_t *child = n->children; child; child = child->next) {
		text_fmt(&v->path, "%s%s", len ? "/" : "", (const char *)child->name);
		if (!tell_tree(v, child, depth + 1, err))
			return false;
		v->path.len = len;
		v->path.s[len] = '\0';
	}
	return true;
}

bool contents_walk_squashfs(const char *path, const struct walker *w, struct error *err)
{
	struct visit v = {.walker = w, .path = TEXT_INIT};
	bool ok = open_image(&v, path, err) && tell_tree(&v, v.top, 0, err);

	close_image(&v);
	return ok;
}
