/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A settled tree as an archive: cpio in the "newc" format for an initramfs, the only one the kernel unpacks, or tar (POSIX.1-1988
 * ustar, with the pax headers of POSIX.1-2001 where a name or number does not fit). Numbers that would differ between machines
 * are replaced: inodes count from 1, every date is `epoch`, every link count fits its kind, owners have no names.
 *
 * The kernel unpacks several newc archives in one file, one after the other. Each is filled up to 512 bytes, the block of cpio
 * programs, so that these can be called again for the next one.
 */
#ifndef PACK_H
#define PACK_H

#include "tree/tree.h"

#include <time.h>

enum pack_format { PACK_CPIO, PACK_TAR };

/* Receives the archive's bytes, piece by piece. */
typedef bool pack_sink(void *ctx, const void *bytes, size_t len, struct error *err);

struct pack_options {
	enum pack_format format;
	time_t epoch;
	const struct tree *
		before; /* in an archive before this one: what it holds is left out; NULL: there is none */
	bool no_devices; /* leave device nodes out: unpacking may not be allowed to create them, and containers bring their own */
	pack_sink *sink;
	void *sink_ctx;
	tree_progress *tell;
	void *tell_ctx;
};

CHECKED bool pack_write(const struct tree *t, const struct pack_options *o, struct error *err);

#endif
