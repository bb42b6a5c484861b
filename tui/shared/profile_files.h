/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies, renames, deletes and compares the files of profiles. Existing files are never overwritten. No curses. */
#ifndef PROFILE_FILES_H
#define PROFILE_FILES_H

#include "choice/profile.h"

CHECKED bool profile_files_new(
	const struct catalog *c, const struct place *place, const char *name, struct error *err);
CHECKED bool profile_files_copy(const struct catalog *c, const struct place *place,
	const char *path, const char *name, struct error *err);
CHECKED bool profile_files_rename(
	const struct place *place, const char *path, const char *name, struct error *err);
CHECKED bool profile_files_delete(const char *path, struct error *err); /* keeps it as PATH.old */

/* The choices in which two profiles differ, one line each. */
void profile_files_diff(const struct profile *a, const struct profile *b, struct text *out);

#endif
