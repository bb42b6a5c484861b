/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contents of a published folder at the time of publishing, in a file beside it (FOLDER.manifest), so that `cache verify` can
 * detect changes. A small folder is listed file by file with SHA-256. For one with tens of thousands of files (a source tree,
 * which can be unpacked again from its verified archive) only the number of files and bytes is recorded, so that publishing stays
 * fast.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include "base/error.h"
#include "base/text.h"
#include <stdint.h>

struct manifest_total {
	uint64_t files, bytes;
};

/* Writes the record of a folder; a path that is not a folder gets none, without an error. */
CHECKED bool manifest_record(const char *folder, struct error *err);

enum manifest_verdict { MANIFEST_SAME, MANIFEST_DIFFERS, MANIFEST_MISSING };

/* Compares; `reason` describes the first difference. False only if the comparison itself failed. */
CHECKED bool manifest_check(
	const char *folder, enum manifest_verdict *verdict, struct text *reason, struct error *err);

/* The totals from the record, or counted now if there is none; a single file counts as one. */
struct manifest_total manifest_measure(const char *path);

#endif
