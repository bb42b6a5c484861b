/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Unpacks an archive, or copies a folder, into a patched source tree, which appears by rename or not at all.
 *
 * One process decompresses and another writes, joined by a pipe. Both are children of the caller, may write only below the
 * unfinished folder, and have limits on everything an archive can ask for. One refused entry refuses the whole archive
 * (ERROR_SOURCE naming archive and entry). The single folder at the top of the archive is stripped. Further archives replace the
 * folders that they are called after. Patches are applied by the host's patch program, without fuzz, confined like the other two:
 * Debian's first, then the others in their order. The folder debian/ of Debian's archive stays in the tree.
 *
 * Of a binary package (deb(5)) the files are taken, at their places in a system, and never what it would run when it is
 * installed; it is refused if there are programs or libraries among them.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include "base/error.h"
#include "base/vec.h"
#include <stdint.h>
#include <time.h>

/* Caps and their reasons: the largest source archive we know (a kernel) has some 95,000 entries, 1.6 GB in all, no file above 30
 * MB and compresses to a tenth. Anything far beyond that is no source archive. */
#define UNPACK_ENTRIES	  400000
#define UNPACK_BYTES	  ((uint64_t)16 << 30)
#define UNPACK_FILE_BYTES ((uint64_t)2 << 30)
#define UNPACK_RATIO	  200		       /* of unpacked to packed bytes ... */
#define UNPACK_RATIO_FROM ((uint64_t)16 << 20) /* ... from this size on */

typedef void unpack_progress(
	void *ctx, uint64_t done, uint64_t total); /* bytes of the archive; called in a child */

struct unpack_part {
	const char *archive, *folder; /* a single name */
};

struct unpack_patch {
	const char *file;
	int strip;
};

struct unpack {
	const char *archive, *result;
	VEC(struct unpack_part) parts;
	VEC(struct unpack_patch) patches;
	bool package;	    /* it is a binary package */
	bool further;	    /* it is one of the parts */
	struct strings elf; /* patterns of its files that may be machine code all the same */
	const char *debian; /* archive with Debian's patches: debian.tar, or diff.gz; NULL: none */
	const char *revision; /* of those: "curl 7.88.1-10+deb12u15" */
	const char *
		only; /* folder below the top one: nothing else of the archive is wanted; NULL: all is */
	int log_fd; /* where the output of patch goes; 0: nowhere */
	uint64_t most_entries, most_bytes, most_file_bytes; /* 0: the caps above */
	unpack_progress *progress;
	void *ctx;
	const char *
		cache; /* where the record of the tree is kept, see cache_record; NULL: none is made */
	time_t *newest; /* receives the date of the newest file, see dates.h; NULL: not wanted */
};

CHECKED bool unpack_tree(const struct unpack *u, struct error *err);

#endif
