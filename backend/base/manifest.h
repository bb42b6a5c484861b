/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record of what a folder held when it was published, so that whoever uses it later can tell whether it still does. It is a
 * file at a place of its own, out of reach for what works with the folder. It tells file by file: mode, size, SHA-256, and when
 * the kernel last saw a change (ctime, which nobody can set). Large source trees, which can be unpacked from their archives
 * again, get one digest over the same without the content, so that publishing them is quick.
 */
#ifndef MANIFEST_H
#define MANIFEST_H

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include <stdint.h>

struct manifest_total {
	uint64_t files, bytes;
};

/* Writes the record of a folder; of a path that is no folder none is made, which is fine. The folder may be renamed
 * afterwards. `source`: what is large gets one digest. */
CHECKED bool manifest_record(
	const char *folder, const char *record, bool source, struct error *err);

/* What is compared beside names, modes and sizes: the content where a file was touched since, or of all files. */
enum manifest_depth { MANIFEST_TOUCHED, MANIFEST_CONTENT };
enum manifest_verdict { MANIFEST_SAME, MANIFEST_DIFFERS, MANIFEST_MISSING };

/* Compares; `reason` gets the first difference in words. After a restart of the machine content is compared once, whatever the
 * depth: what was written before may not have reached the disk. False only when the record cannot be read. */
CHECKED bool manifest_check(const char *folder, const char *record, enum manifest_depth depth,
	enum manifest_verdict *verdict, struct text *reason, struct error *err);

/* What a record says of names, modes and contents, without the times, as one hash: two folders with the same hold the same.
 * False if there is no such record, or not of every file. */
CHECKED bool manifest_content(const char *record, char hex[HASH_HEX]);

/* The totals from the record, or counted now when there is none (or it is NULL); a file counts as one. */
struct manifest_total manifest_measure(const char *path, const char *record);

#endif
