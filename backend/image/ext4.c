/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Creates the empty file system through libext2fs, and closes it; ext4_fill.c puts the tree in. */
#include "image/ext4_fill.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "image/ext4.h"
#include "tree/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	BLOCK = 4096,
	INODE = 256,
	MIB = 1024 * 1024,
	SMALLEST_MIB = 16,
	RESERVED_INODES = 11,
	JOURNAL_LEAST_MIB = 8, /* the library refuses a journal for smaller ones */
	GROUP_MIB = 128,
	GROUP_INODES = GROUP_MIB * MIB / (4 * BLOCK),
	/* descriptors of 64 groups fit into a block. Adding a group puts all reserved blocks into one transaction, which may use
	 * a quarter of the journal: 256 blocks of the smallest one */
	RESERVED_BLOCKS = 64,
	GROW_MIB = 3, /* that, and the inodes of a whole group */
};

bool ext4_fail(struct ext4_maker *m, const char *path, long code, struct error *err)
{
	errno = (int)code;
	if (code == EXT2_ET_BLOCK_ALLOC_FAIL || code == EXT2_ET_INODE_ALLOC_FAIL ||
		code == EXT2_ET_TOOSMALL || code == EXT2_ET_DIR_NO_SPACE)
		return error_set(err, ERROR_PROFILE,
			"%" PRIu64
			" MiB are too small for the system's files: there is no room for %s; it needs some %" PRIu64
			" MiB: choose image-size = auto or more",
			m->mib, path, m->auto_mib);
	if (code > 0 && code < 4096)
		return error_errno(err, "%s cannot be written to %s", path, m->file);
	return error_set(err, ERROR_INTERNAL, "%s cannot be written to %s: %s", path, m->file,
		error_message(code));
}

/* ---- how large ---- */

/* Blocks for the files' contents, and for the folders by the lengths of the names in them. */
static uint64_t content_blocks(const struct tree *t)
{
	uint64_t blocks = 0, names = 0;

	for (size_t i = 0; i < t->entries.n; i++) {
		const struct tree_entry *e = &t->entries.at[i];

		blocks += (tree_file_bytes(e) + BLOCK - 1) / BLOCK + (e->kind == TREE_FOLDER) +
			  (e->kind == TREE_LINK && strlen(e->target) >= 60);
		names += strlen(tree_name(e)) + 12;
	}
	return blocks + names / (BLOCK / 2) + 1;
}

/* Groups added later get as many inodes as the first ones have. In a small file system inodes take at most an eighth. */
static uint64_t inodes_to_grow(uint64_t mib)
{
	uint64_t groups = (mib + GROUP_MIB - 1) / GROUP_MIB, most = mib * MIB / 8 / INODE;

	return groups * GROUP_INODES < most ? groups * GROUP_INODES : most;
}

static void choose_size(struct ext4_maker *m, uint64_t wanted_mib)
{
	uint64_t blocks = content_blocks(m->tree);
	uint64_t inodes = m->tree->entries.n + RESERVED_INODES;
	uint64_t need = blocks * BLOCK + inodes * INODE;

	/* the same again for what the system will write, and the journal */
	m->auto_mib = (need + need / 4 + (need > 64 * MIB ? 64 * MIB : need)) / MIB + SMALLEST_MIB +
		      (m->grows ? GROW_MIB : 0);
	m->mib = wanted_mib ? wanted_mib : m->auto_mib;
	m->inodes = m->mib * MIB / (4 * BLOCK);
	if (m->inodes < inodes + inodes / 4 + 64)
		m->inodes = inodes + inodes / 4 + 64;
	if (m->grows && m->inodes < inodes_to_grow(m->mib))
		m->inodes = inodes_to_grow(m->mib);
}

/* ---- the empty file system ---- */

static bool make_file(struct ext4_maker *m, struct error *err)
{
	int fd = open(m->file, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	bool ok = fd >= 0 && ftruncate(fd, (off_t)(m->mib * MIB)) == 0;

	if (!ok)
		error_errno(err, "%s cannot be made %" PRIu64 " MiB large", m->file, m->mib);
	if (fd >= 0)
		close(fd);
	return ok;
}

static void set_features(struct ext2_super_block *s)
{
	s->s_rev_level = EXT2_DYNAMIC_REV;
	s->s_log_block_size = 2;
	s->s_log_cluster_size = 2;
	s->s_inode_size = INODE;
	s->s_desc_size = EXT2_MIN_DESC_SIZE_64BIT;
	ext2fs_set_feature_xattr(s);
	ext2fs_set_feature_dir_index(s);
	ext2fs_set_feature_filetype(s);
	ext2fs_set_feature_extents(s);
	ext2fs_set_feature_64bit(s);
	ext2fs_set_feature_flex_bg(s);
	ext2fs_set_feature_sparse_super(s);
	ext2fs_set_feature_large_file(s);
	ext2fs_set_feature_huge_file(s);
	ext2fs_set_feature_dir_nlink(s);
	ext2fs_set_feature_extra_isize(s);
	ext2fs_set_feature_metadata_csum(s);
}

static void hex_bytes(const char *hex, unsigned char *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++)
		bytes[i] = (unsigned char)((strchr(digits, hex[2 * i]) - digits) << 4 |
					   (strchr(digits, hex[2 * i + 1]) - digits));
}

/* UUID and the seed of the folders' hashes, made from everything that goes in: RFC 9562, version 8. */
static bool set_identity(struct ext4_maker *m, const struct ext4_options *o, struct error *err)
{
	struct ext2_super_block *s = m->fs->super;
	struct text listing = TEXT_INIT;
	unsigned char bytes[32];
	char hex[HASH_HEX];
	bool ok;

	text_fmt(&listing, "ext4 %s\n", o->label);
	ok = tree_print(m->tree, &listing, err);
	if (ok) {
		hash_bytes(listing.s, listing.len, hex);
		hex_bytes(hex, bytes, sizeof bytes);
		bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x80);
		bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
		memcpy(s->s_uuid, bytes, 16);
		memcpy(s->s_hash_seed, bytes + 16, 16);
	}
	text_release(&listing);
	return ok;
}

static void set_details(struct ext4_maker *m, const struct ext4_options *o)
{
	struct ext2_super_block *s = m->fs->super;

	m->fs->now = o->epoch;
	s->s_mkfs_time = s->s_lastcheck = s->s_wtime = (__u32)o->epoch;
	s->s_max_mnt_count = -1;
	s->s_checkinterval = 0;
	s->s_def_hash_version = EXT2_HASH_HALF_MD4;
	s->s_flags |= EXT2_FLAGS_SIGNED_HASH;
	s->s_checksum_type = EXT2_CRC32C_CHKSUM;
	s->s_default_mount_opts = EXT2_DEFM_XATTR_USER | EXT2_DEFM_ACL;
	s->s_min_extra_isize = s->s_want_extra_isize =
		sizeof(struct ext2_inode_large) - EXT2_GOOD_OLD_INODE_SIZE;
	memcpy(s->s_volume_name, o->label, strlen(o->label));
	ext2fs_init_csum_seed(m->fs);
}

/* What every ext4 has: its tables, the reserved inodes, /, lost+found with some blocks, and the journal. */
static long make_skeleton(struct ext4_maker *m)
{
	ext2_filsys fs = m->fs;
	ext2_ino_t lost;
	long code = ext2fs_allocate_tables(fs);

	/* the file is new and reads as zeros: no need to write them */
	for (dgrp_t i = 0; i < fs->group_desc_count; i++)
		ext2fs_bg_flags_set(fs, i, EXT2_BG_INODE_ZEROED);
	code = code ? code : ext2fs_mkdir(fs, EXT2_ROOT_INO, EXT2_ROOT_INO, NULL);
	if (!code) {
		ext2fs_inode_alloc_stats2(fs, EXT2_BAD_INO, +1, 0);
		for (ext2_ino_t i = EXT2_ROOT_INO + 1; i < EXT2_FIRST_INODE(fs->super); i++)
			ext2fs_inode_alloc_stats2(fs, i, +1, 0);
		code = ext2fs_update_bb_inode(fs, NULL);
	}
	if (!code && m->grows)
		code = ext2fs_create_resize_inode(fs);
	code = code ? code : ext2fs_mkdir(fs, EXT2_ROOT_INO, 0, "lost+found");
	code = code ? code : ext2fs_lookup(fs, EXT2_ROOT_INO, "lost+found", 10, NULL, &lost);
	for (int i = 0; !code && i < 3; i++)
		code = ext2fs_expand_dir(fs, lost);
	if (!code && m->mib >= JOURNAL_LEAST_MIB)
		code = ext2fs_add_journal_inode(fs,
			(blk_t)ext2fs_default_journal_size(ext2fs_blocks_count(fs->super)),
			EXT2_MKJOURNAL_LAZYINIT);
	m->lost = code ? 0 : lost;
	return code;
}

static bool begin(struct ext4_maker *m, const struct ext4_options *o, struct error *err)
{
	struct ext2_super_block wish = {0};
	long code;

	set_features(&wish);
	if (m->grows) {
		ext2fs_set_feature_resize_inode(&wish);
		wish.s_reserved_gdt_blocks = RESERVED_BLOCKS;
	}
	wish.s_inodes_count = (__u32)m->inodes;
	ext2fs_blocks_count_set(&wish, m->mib * MIB / BLOCK);
	code = ext2fs_initialize(m->file, EXT2_FLAG_64BITS, &wish, unix_io_manager, &m->fs);
	if (code)
		return ext4_fail(m, "a file system", code, err);
	if (!set_identity(m, o, err))
		return false;
	set_details(m, o);
	code = make_skeleton(m);
	return !code || ext4_fail(m, "the file system's own tables", code, err);
}

static bool finish(struct ext4_maker *m, struct error *err)
{
	long code = ext2fs_set_gdt_csum(m->fs);

	/* publishing syncs it to disk */
	code = code ? code : ext2fs_close2(m->fs, EXT2_FLAG_FLUSH_NO_SYNC);
	if (!code)
		m->fs = NULL;
	return !code || ext4_fail(m, "the file system's own tables", code, err);
}

bool ext4_write(const struct tree *t, const char *path, const struct ext4_options *o,
	uint64_t *size, tree_progress *tell, void *ctx, struct error *err)
{
	struct ext4_maker m = {.tree = t,
		.file = path,
		.epoch = o->epoch,
		.grows = o->grows,
		.tell = tell,
		.ctx = ctx};
	bool ok;

	if (strlen(o->label) > EXT2_LABEL_LEN)
		return error_set(err, ERROR_PROFILE,
			"'%s' is too long for the label of a file system: 16 bytes at most",
			o->label);
	add_error_table(&et_ext2_error_table);
	choose_size(&m, o->mib);
	ok = make_file(&m, err) && begin(&m, o, err) && ext4_fill(&m, err) && finish(&m, err);
	if (m.fs)
		ext2fs_free(m.fs);
	remove_error_table(&et_ext2_error_table);
	if (!ok)
		unlink(path);
	*size = m.mib * MIB;
	return ok;
}
