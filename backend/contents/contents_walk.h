/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between contents.c and its readers, one for each kind of container. */
#ifndef CONTENTS_WALK_H
#define CONTENTS_WALK_H

#include "contents/contents.h"

#define CONTENTS_MOST 2000000 /* entries; our systems have not a hundredth of that */

/* Any file may yield this many bytes; a larger one at most this many times its own size. An empty disk of 2 GiB has half a
 * megabyte when it is compressed. */
#define CONTENTS_BYTES ((uint64_t)64 << 20)
#define CONTENTS_RATIO 4000

/* A reader reports every entry, then its bytes if requested. Strings need to last only for the call. */
struct walker {
	bool (*entry)(void *ctx, const struct content *e, bool *wants_bytes, struct error *err);
	bool (*bytes)(void *ctx, const void *bytes, size_t len, struct error *err);
	void *ctx;
};

typedef bool contents_walk(const char *path, const struct walker *w, struct error *err);
contents_walk contents_walk_archive, contents_walk_ext4, contents_walk_listing, contents_walk_disk,
	contents_walk_folder, contents_walk_pe;

/* Reports the bytes of a range of an open file; `what` names it in errors. */
CHECKED bool contents_tell_range(int fd, uint64_t start, uint64_t size, const char *what,
	const struct walker *w, struct error *err);

/* Would the reader find anything? */
bool contents_is_archive(const char *path);
bool contents_is_disk(const char *path);
bool contents_is_pe(const char *path);

#endif
