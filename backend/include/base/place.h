/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where things are on this machine (contract, "Where things are"). Strings belong to the struct until place_release.
 *
 * Data (share/, templates/, profiles/) is searched along `data`: the folders of $BOOTSMITH_PATH, then the checkout the program
 * was started from, else the installed folder. The first hit wins, so that a user's folder overrides a shipped file.
 */
#ifndef PLACE_H
#define PLACE_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

struct place {
	struct arena arena;
	struct strings data;  /* folders, absolute, in search order */
	const char *cache;    /* absolute; need not exist yet */
	const char *config;   /* settings file */
	const char *profiles; /* the user's own profiles */
	const char *state;    /* history and recovery files */
	const char *program;  /* absolute path of this executable */
	const char *
		machine; /* prefix of /sys, /proc and /dev for this machine's disks: "" except in tests */
};

CHECKED bool place_load(struct place *p, struct error *err);
void place_release(struct place *p);

/* Finds `relative` ("share/styles/kconfig.style") along the data path; false without an error if it does not exist. */
bool place_find(const struct place *p, const char *relative, struct text *path);

/* Calls `each` for every regular file below `folder` whose name ends in `suffix`, sorted by path relative to the data folder; of
 * files with the same relative path only the first along the data path is seen. A suffix "/NAME" means the files NAME of the
 * folders in `folder`, and no deeper ones. Returns false if `each` does. */
typedef bool place_each_fn(void *ctx, const char *relative, const char *path, struct error *err);
CHECKED bool place_each(const struct place *p, const char *folder, const char *suffix,
	place_each_fn *each, void *ctx, struct error *err);

/* A path as people write it, absolute: "~/" is the home folder, all else begins in `folder` (NULL: the current one). */
const char *place_path(struct arena *a, const char *folder, const char *path);

/* Is the path that folder, or below it? By their letters alone. */
bool place_within(const char *path, const char *folder);

/* mkdir -p with mode 0777 & ~umask. */
CHECKED bool place_make_folder(const char *path, struct error *err);

/* Could that be done for an absolute path, and files written there? Tries it with a folder that is gone at once; ERROR_HOST names
 * what is in the way. */
CHECKED bool place_can_write_below(const char *path, struct error *err);

/* Writes a file atomically: as PATH.new, fsync, rename, fsync of the folder. What a killed writer left is taken over. */
CHECKED bool place_write_file(const char *path, const void *bytes, size_t len, struct error *err);
/* The same, but after a power cut the file may be empty or the old one: for what is synced later, or what nothing depends on. */
CHECKED bool place_write_soon(const char *path, const void *bytes, size_t len, struct error *err);

/* Removes a file or a whole folder without following links, even read-only folders. A missing path is not an error. */
CHECKED bool place_remove(const char *path, struct error *err);

#endif
