/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a squashfs through libsquashfs, see squash.h. First all contents, which become compressed blocks; then the inodes, each
 * folder's after those of what lies in it, for a folder's list says where they are.
 */
#include "image/squash.h"

#include "base/error.h"
#include "base/text.h"
#include "tree/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqfs/block_processor.h>
#include <sqfs/block_writer.h>
#include <sqfs/compressor.h>
#include <sqfs/dir_writer.h>
#include <sqfs/error.h>
#include <sqfs/frag_table.h>
#include <sqfs/id_table.h>
#include <sqfs/inode.h>
#include <sqfs/io.h>
#include <sqfs/meta_writer.h>
#include <sqfs/super.h>

#include "base/banned.h"

enum { BLOCK = 128 * 1024, PAD = 4096, BACKLOG = 10, WORKERS_MOST = 8 };

/* What is known of an entry; the last one stands for / itself. */
struct node {
	sqfs_inode_generic_t *inode; /* of a file, between its content and its being written */
	sqfs_u64 place;		     /* of the written inode */
	size_t first, next;	     /* of the list of what lies in it; NONE: the end */
};

#define NONE ((size_t)-1)

struct squasher {
	const struct tree *tree;
	const char *path;
	time_t epoch;
	struct node *nodes;
	tree_progress *tell;
	void *ctx;
	uint64_t done, total;
	sqfs_super_t super;
	sqfs_file_t *file;
	sqfs_compressor_t *pack, *unpack;
	sqfs_block_writer_t *blocks;
	sqfs_frag_table_t *fragments;
	sqfs_block_processor_t *data;
	sqfs_id_table_t *ids;
	sqfs_meta_writer_t *inodes, *folders;
	sqfs_dir_writer_t *names;
	char buffer[BLOCK];
};

static bool fail(const struct squasher *s, const char *what, int code, struct error *err)
{
	if (code == SQFS_ERROR_IO && errno)
		return error_errno(err, "%s cannot be written to %s", what, s->path);
	return error_set(err, ERROR_INTERNAL, "%s cannot be written to %s: libsquashfs says %d",
		what, s->path, code);
}

/* ---- compression ---- */

/*
 * libsquashfs 1.2's lz4 hands out blocks that became larger, which readers refuse: this stands before the library's compressor
 * and says of those what all others say, that they are better left as they are.
 */
struct packer {
	sqfs_compressor_t base;
	sqfs_compressor_t *inner;
};

static sqfs_compressor_t *inner_of(const void *packer)
{
	return ((const struct packer *)packer)->inner;
}

static void packer_destroy(sqfs_object_t *o)
{
	sqfs_destroy(inner_of(o));
	free(o);
}

static void packer_configuration(const sqfs_compressor_t *c, sqfs_compressor_config_t *config)
{
	inner_of(c)->get_configuration(inner_of(c), config);
}

static int packer_write_options(sqfs_compressor_t *c, sqfs_file_t *file)
{
	return inner_of(c)->write_options(inner_of(c), file);
}

static int packer_read_options(sqfs_compressor_t *c, sqfs_file_t *file)
{
	return inner_of(c)->read_options(inner_of(c), file);
}

static sqfs_s32 packer_do_block(
	sqfs_compressor_t *c, const sqfs_u8 *in, sqfs_u32 size, sqfs_u8 *out, sqfs_u32 room)
{
	sqfs_s32 n = inner_of(c)->do_block(inner_of(c), in, size, out, room);

	return n > 0 && (sqfs_u32)n >= size ? 0 : n;
}

static sqfs_object_t *packer_copy(const sqfs_object_t *o)
{
	struct packer *copy = xmalloc(sizeof *copy);

	*copy = *(const struct packer *)(const void *)o;
	copy->inner = sqfs_copy(copy->inner);
	if (copy->inner)
		return &copy->base.base;
	free(copy);
	return NULL;
}

static sqfs_compressor_t *packer_new(sqfs_compressor_t *inner)
{
	struct packer *p = xmalloc(sizeof *p);

	*p = (struct packer){.base = {.base = {packer_destroy, packer_copy},
				     .get_configuration = packer_configuration,
				     .write_options = packer_write_options,
				     .read_options = packer_read_options,
				     .do_block = packer_do_block},
		.inner = inner};
	return &p->base;
}

/* ---- begin and end ---- */

static bool make_compressors(struct squasher *s, const char *method, struct error *err)
{
	sqfs_compressor_config_t config;
	int id = sqfs_compressor_id_from_name(method), code;

	if (id < 0)
		return error_set(err, ERROR_INTERNAL, "squashfs knows no compression '%s'", method);
	code = sqfs_compressor_config_init(&config, (SQFS_COMPRESSOR)id, BLOCK, 0);
	code = code ? code : sqfs_compressor_create(&config, &s->pack);
	if (!code)
		s->pack = packer_new(s->pack);
	config.flags |= SQFS_COMP_FLAG_UNCOMPRESS;
	code = code ? code : sqfs_compressor_create(&config, &s->unpack);
	if (code)
		return error_set(err, ERROR_HOST,
			"this machine's libsquashfs cannot compress with %s; choose another "
			"compression",
			method);
	code = sqfs_super_init(&s->super, BLOCK, (sqfs_u32)s->epoch, (SQFS_COMPRESSOR)id);
	return !code || fail(s, "the head", code, err);
}

static bool make_processor(struct squasher *s, struct error *err)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	sqfs_u32 workers = processors < 1	       ? 1
			   : processors > WORKERS_MOST ? WORKERS_MOST
						       : (sqfs_u32)processors;
	sqfs_block_processor_desc_t d = {.size = sizeof d,
		.max_block_size = BLOCK,
		.num_workers = workers,
		.max_backlog = BACKLOG * workers,
		.cmp = s->pack,
		.wr = s->blocks,
		.tbl = s->fragments,
		.file = s->file,
		.uncmp = s->unpack};
	int code = sqfs_block_processor_create_ex(&d, &s->data);

	return !code || fail(s, "the contents", code, err);
}

static bool begin(struct squasher *s, const struct squash_options *o, struct error *err)
{
	int code;

	if (!make_compressors(s, o->method, err))
		return false;
	s->file = sqfs_open_file(s->path, SQFS_FILE_OPEN_OVERWRITE);
	if (!s->file)
		return error_errno(err, "%s cannot be written", s->path);
	code = sqfs_super_write(&s->super, s->file);
	code = code ? code : s->pack->write_options(s->pack, s->file);
	if (code < 0)
		return fail(s, "the head", code, err);
	if (code > 0)
		s->super.flags |= SQFS_FLAG_COMPRESSOR_OPTIONS;
	s->blocks = sqfs_block_writer_create(s->file, PAD, 0);
	s->fragments = sqfs_frag_table_create(0);
	s->ids = sqfs_id_table_create(0);
	s->inodes = sqfs_meta_writer_create(s->file, s->pack, 0);
	s->folders = sqfs_meta_writer_create(s->file, s->pack, SQFS_META_WRITER_KEEP_IN_MEMORY);
	if (!s->blocks || !s->fragments || !s->ids || !s->inodes || !s->folders)
		abort(); /* out of memory */
	s->names = sqfs_dir_writer_create(s->folders, 0);
	if (!s->names)
		abort();
	return make_processor(s, err);
}

static void release(struct squasher *s)
{
	void *const objects[] = {s->names, s->folders, s->inodes, s->ids, s->data, s->fragments,
		s->blocks, s->unpack, s->pack, s->file};

	for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
		sqfs_destroy(objects[i]);
	for (size_t i = 0; i <= s->tree->entries.n; i++)
		sqfs_free(s->nodes[i].inode);
	free(s->nodes);
	free(s);
}

/* ---- contents ---- */

static bool pack_content(struct squasher *s, struct tree_reader *r, struct error *err)
{
	size_t n;
	int code;

	for (;;) {
		if (!tree_read(r, s->buffer, sizeof s->buffer, &n, err))
			return false;
		if (!n)
			return true;
		code = sqfs_block_processor_append(s->data, s->buffer, n);
		if (code)
			return fail(s, r->entry->path, code, err);
		s->done += n;
		if (s->tell)
			s->tell(s->ctx, s->done, s->total);
	}
}

/* A file that was begun is ended in any case: the library loses the piece in the making otherwise. */
static bool pack_file(struct squasher *s, size_t i, struct error *err)
{
	const struct tree_entry *e = &s->tree->entries.at[i];
	struct tree_reader r;
	int code = sqfs_block_processor_begin_file(s->data, &s->nodes[i].inode, NULL, 0);
	bool ok;

	if (code)
		return fail(s, e->path, code, err);
	ok = tree_open(&r, e, err) && pack_content(s, &r, err);
	tree_close(&r);
	code = sqfs_block_processor_end_file(s->data);
	return ok && (!code || fail(s, e->path, code, err));
}

static bool pack_files(struct squasher *s, struct error *err)
{
	int code;

	for (size_t i = 0; i < s->tree->entries.n; i++)
		if (s->tree->entries.at[i].kind == TREE_FILE && !pack_file(s, i, err))
			return false;
	code = sqfs_block_processor_finish(s->data);
	return !code || fail(s, "the contents", code, err);
}

/* ---- inodes ---- */

static const struct {
	sqfs_u16 type, mode;
} kinds[] = {
	[TREE_FOLDER] = {SQFS_INODE_DIR, SQFS_INODE_MODE_DIR},
	[TREE_FILE] = {SQFS_INODE_FILE, SQFS_INODE_MODE_REG},
	[TREE_LINK] = {SQFS_INODE_SLINK, SQFS_INODE_MODE_LNK},
	[TREE_CHARACTER] = {SQFS_INODE_CDEV, SQFS_INODE_MODE_CHR},
	[TREE_BLOCK] = {SQFS_INODE_BDEV, SQFS_INODE_MODE_BLK},
};

static const struct tree_entry top = {.path = "/", .kind = TREE_FOLDER, .mode = 0755};

static const struct tree_entry *entry_of(const struct squasher *s, size_t i)
{
	return i == s->tree->entries.n ? &top : &s->tree->entries.at[i];
}

static sqfs_u32 number_of(size_t i)
{
	return (sqfs_u32)(i + 1);
}

static sqfs_u16 mode_of(const struct tree_entry *e)
{
	return (sqfs_u16)(kinds[e->kind].mode | e->mode);
}

static size_t parent_of(const struct squasher *s, size_t i)
{
	size_t parent = tree_parent(s->tree, i);

	return parent == TREE_TOP ? s->tree->entries.n : parent;
}

/* From the end, so that each list is in the order of the names. */
static void list_folders(struct squasher *s)
{
	size_t n = s->tree->entries.n;

	for (size_t i = 0; i <= n; i++)
		s->nodes[i].first = s->nodes[i].next = NONE;
	for (size_t i = n; i-- > 0;) {
		struct node *parent = &s->nodes[parent_of(s, i)];

		s->nodes[i].next = parent->first;
		parent->first = i;
	}
}

static sqfs_inode_generic_t *special_inode(const struct tree_entry *e)
{
	size_t extra = e->kind == TREE_LINK ? strlen(e->target) : 0;
	sqfs_inode_generic_t *inode = calloc(1, sizeof *inode + extra);

	if (!inode)
		abort();
	inode->base.type = kinds[e->kind].type;
	if (e->kind == TREE_LINK) {
		inode->data.slink.nlink = 1;
		inode->data.slink.target_size = (sqfs_u32)extra;
		memcpy(inode->extra, e->target, extra);
	} else {
		inode->data.dev.nlink = 1;
		/* as the kernel's new_encode_dev */
		inode->data.dev.devno =
			(e->minor & 0xff) | e->major << 8 | (e->minor & ~0xffu) << 12;
	}
	return inode;
}

static int folder_inode(struct squasher *s, size_t i, sqfs_inode_generic_t **out)
{
	sqfs_u32 links = 2;
	int code = sqfs_dir_writer_begin(s->names, 0);

	for (size_t k = s->nodes[i].first; !code && k != NONE; k = s->nodes[k].next) {
		const struct tree_entry *e = &s->tree->entries.at[k];

		links += e->kind == TREE_FOLDER;
		code = sqfs_dir_writer_add_entry(
			s->names, tree_name(e), number_of(k), s->nodes[k].place, mode_of(e));
	}
	code = code ? code : sqfs_dir_writer_end(s->names);
	if (code)
		return code;
	*out = sqfs_dir_writer_create_inode(
		s->names, 0, 0xffffffff, i == s->tree->entries.n ? 0 : number_of(parent_of(s, i)));
	if (!*out)
		abort();
	if ((*out)->base.type == SQFS_INODE_DIR)
		(*out)->data.dir.nlink = links;
	else
		(*out)->data.dir_ext.nlink = links;
	return 0;
}

static int make_inode(struct squasher *s, size_t i, sqfs_inode_generic_t **out)
{
	const struct tree_entry *e = entry_of(s, i);

	if (e->kind == TREE_FOLDER)
		return folder_inode(s, i, out);
	if (e->kind != TREE_FILE) {
		*out = special_inode(e);
		return 0;
	}
	*out = s->nodes[i].inode;
	s->nodes[i].inode = NULL;
	if ((*out)->base.type == SQFS_INODE_EXT_FILE)
		(*out)->data.file_ext.nlink = 1;
	return 0;
}

static bool write_inode(struct squasher *s, size_t i, struct error *err)
{
	const struct tree_entry *e = entry_of(s, i);
	sqfs_inode_generic_t *inode = NULL;
	sqfs_u64 block;
	sqfs_u32 offset;
	int code = make_inode(s, i, &inode);

	if (!code) {
		inode->base.mode = mode_of(e);
		inode->base.mod_time = (sqfs_u32)s->epoch;
		inode->base.inode_number = number_of(i);
		code = sqfs_id_table_id_to_index(s->ids, e->uid, &inode->base.uid_idx);
	}
	code = code ? code : sqfs_id_table_id_to_index(s->ids, e->gid, &inode->base.gid_idx);
	if (!code) {
		sqfs_meta_writer_get_position(s->inodes, &block, &offset);
		s->nodes[i].place = block << 16 | offset;
		code = sqfs_meta_writer_write_inode(s->inodes, inode);
	}
	sqfs_free(inode);
	return !code || fail(s, e->path, code, err);
}

static int write_tables(struct squasher *s)
{
	int code = sqfs_meta_writer_flush(s->inodes);

	code = code ? code : sqfs_meta_writer_flush(s->folders);
	s->super.root_inode_ref = s->nodes[s->tree->entries.n].place;
	s->super.directory_table_start = s->file->get_size(s->file);
	code = code ? code : sqfs_meta_write_write_to_file(s->folders);
	code = code ? code : sqfs_frag_table_write(s->fragments, s->file, &s->super, s->pack);
	code = code ? code : sqfs_id_table_write(s->ids, s->file, &s->super, s->pack);
	s->super.inode_count = number_of(s->tree->entries.n);
	s->super.bytes_used = s->file->get_size(s->file);
	return code ? code : sqfs_super_write(&s->super, s->file);
}

static bool write_inodes(struct squasher *s, uint64_t *size, struct error *err)
{
	static const char zeros[PAD];
	size_t n = s->tree->entries.n;
	int code;

	list_folders(s);
	s->super.inode_table_start = s->file->get_size(s->file);
	for (size_t i = n; i-- > 0;)
		if (!write_inode(s, i, err))
			return false;
	if (!write_inode(s, n, err))
		return false;
	code = write_tables(s);
	*size = s->file->get_size(s->file);
	if (!code && *size % PAD) /* as block devices want it */
		code = s->file->write_at(s->file, *size, zeros, PAD - *size % PAD);
	*size = s->file->get_size(s->file);
	return !code || fail(s, "the listing", code, err);
}

bool squash_write(const struct tree *t, const char *path, const struct squash_options *o,
	uint64_t *size, tree_progress *tell, void *ctx, struct error *err)
{
	struct squasher *s = xmalloc(sizeof *s);
	bool ok;

	*s = (struct squasher){.tree = t,
		.path = path,
		.epoch = o->epoch,
		.tell = tell,
		.ctx = ctx,
		.total = tree_bytes(t)};
	s->nodes = calloc(t->entries.n + 1, sizeof *s->nodes);
	if (!s->nodes)
		abort();
	errno = 0;
	ok = begin(s, o, err) && pack_files(s, err) && write_inodes(s, size, err);
	if (!ok && s->data && sqfs_block_processor_finish(s->data) != 0)
		errno = 0; /* pieces on their way are lost otherwise; what went wrong is known already */
	if (!ok && s->file)
		unlink(path);
	release(s);
	return ok;
}
