/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an entry of a source archive may be: a folder, a file, a link inside the tree. Everything is judged by the listing alone,
 * before anything is written, and the set of what came before is part of it: no entry may go through a link, replace another
 * or be a second name of anything but a file.
 */
#ifndef UNPACK_RULES_H
#define UNPACK_RULES_H

#include "base/text.h"
#include <stdint.h>

enum entry_kind { ENTRY_FOLDER, ENTRY_FILE, ENTRY_LINK, ENTRY_HARD_LINK, ENTRY_OTHER };

struct entry {
	const char *path;   /* as in the archive; NULL: it could not be read */
	const char *target; /* of links */
	enum entry_kind kind;
	unsigned mode;
	uint64_t size;
};

struct rules {
	uint64_t most_entries, most_bytes, most_file_bytes;
	struct text top; /* name of the folder at the top, once it is known */
	uint64_t entries, bytes;
	uint64_t *
		seen; /* open addressing: digest of a path with its kind in the lowest two bits, 0: free */
	size_t n_seen, room;
	struct text path,
		target; /* of the entry judged last, below the top; the path is "" for the top itself */
};

/* Fails with a sentence that names the entry; the archive is then to be refused as a whole. */
CHECKED bool rules_judge(struct rules *r, const struct entry *e, struct error *err);
void rules_release(struct rules *r);

#endif
