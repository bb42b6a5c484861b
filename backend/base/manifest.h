/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a published folder held when it was published, in a file beside it (FOLDER.manifest), so that `cache verify` can tell
 * whether it still does. A small folder is listed file by file with SHA-256; of one with tens of thousands of files (a source
 * tree, which can be unpacked again from its verified archive) only number and bytes are kept, so that publishing stays quick.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include "base/error.h"
#include "base/text.h"
#include <stdint.h>

struct manifest_total {
	uint64_t files, bytes;
};

/* Writes the record of a folder; a path that is no folder is fine and gets none. */
CHECKED bool manifest_record(const char *folder, struct error *err);

enum manifest_verdict { MANIFEST_SAME, MANIFEST_DIFFERS, MANIFEST_MISSING };

/* Compares; `reason` gets the first difference in words. False only when it could not look. */
CHECKED bool manifest_check(
	const char *folder, enum manifest_verdict *verdict, struct text *reason, struct error *err);

/* The totals from the record, or counted now when there is none; a file counts as one. */
struct manifest_total manifest_measure(const char *path);

#endif
