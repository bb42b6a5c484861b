/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an entry of a source archive may be: a folder, a file, a link inside the tree. Everything is decided from the listing
 * alone, before anything is written, and depends on the entries before it: no entry may pass through a link, replace another or
 * be a hard link to anything but a file. Archives have one folder at the top; of those that have not (`flat`) a link to an
 * absolute path means one in the tree. A further archive of a source package (`further`) may begin with a file, and then has no
 * such folder either (dpkg-source(1), format 3.0).
 *
 * Entries cost time by their number, not by their bytes: the emptier they are the sooner there are too many. Folders that an
 * entry makes on its way count like entries.
 */
#ifndef UNPACK_RULES_H
#define UNPACK_RULES_H

#include "base/text.h"
#include <stdint.h>

/* Real archives take 800 bytes and more for an entry (measured: BusyBox 841, Linux 1638, packed). Fewer than these are believed
 * only as long as the entries are few. */
enum { RULES_ENTRY_BYTES = 64, RULES_FEW_ENTRIES = 20000 };

enum entry_kind { ENTRY_FOLDER, ENTRY_FILE, ENTRY_LINK, ENTRY_HARD_LINK, ENTRY_OTHER };

struct entry {
	const char *path;   /* as in the archive; NULL: unreadable */
	const char *target; /* of links */
	enum entry_kind kind;
	unsigned mode;
	uint64_t size;
};

struct rules {
	uint64_t most_entries, most_bytes, most_file_bytes;
	uint64_t packed; /* bytes of the archive, 0: not known */
	bool flat, further;
	bool bare;	 /* the first entry said so: there is no top folder */
	struct text top; /* name of the top folder, once known */
	uint64_t entries, bytes;
	uint64_t *
		seen; /* open addressing: digest of a path, its kind in the lowest two bits; 0: free */
	size_t n_seen, room;
	struct text path,
		target; /* of the last entry, below the top folder; "" for the top folder itself */
};

/* Fails with a sentence that names the entry; the whole archive must then be refused. */
CHECKED bool rules_judge(struct rules *r, const struct entry *e, struct error *err);
void rules_release(struct rules *r);

#endif
