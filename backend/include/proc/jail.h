/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sandbox of build steps. The programs of a step come from strangers: they see the machine's tools (share/host/sandbox) and
 * what the step needs, read-only; they can write in the step's work folder and in folders for temporary files that only they see;
 * there is no home folder, no network, and no process but theirs.
 *
 * It is made from what the kernel offers, which jail_probe finds out by doing it:
 *
 *   name spaces   a root folder made of mounts, an empty network, processes of its own (namespaces(7)). An ordinary user makes a
 *                 user name space first; root needs none, and its programs run as the user nobody, whose files, through id-mapped
 *                 mounts, are root's on the disk. Where that is impossible they stay root, without any of root's rights.
 *   Landlock      what may be read and written, once more (landlock(7)), and signals from version 6
 *   seccomp       the kernel's store of keys; without name spaces sockets, too
 *
 * bubblewrap would do the first part, but is one more program to install, and to run for each of a step's, knows no id-mapped
 * mounts, no Landlock, and cannot tell what was wrong in words of ours; what is needed of it is the few calls in jail_root.c.
 */
#ifndef JAIL_H
#define JAIL_H

#include "base/text.h"
#include "base/vec.h"

/* What a person's settings say: what there is, or no build without a whole one, or none. */
enum jail_wish { JAIL_AUTO, JAIL_REQUIRE, JAIL_OFF, JAIL_WISHES };
const char *jail_wish_word(enum jail_wish wish);

struct jail_rules {
	enum jail_wish wish;
	struct strings read, write; /* folders that steps see besides, absolute */
};

/* What there is of it here. All false: steps are not confined. */
struct jail_power {
	bool spaces;
	bool processes; /* and theirs are the only ones they see; else they see this machine's /proc */
	bool nobody;	/* they run as another user than root */
	bool landlock, signals; /* ... and nothing outside can be signalled */
	bool filter;
	char lacks[200]; /* why it is less than it could be; "": it is whole */
};

/* `folder`: where the steps' folders are or will be, for not every file system can be mounted for another user. */
void jail_probe(struct jail_power *p, const char *folder);

bool jail_is_whole(const struct jail_power *p);
/* "name spaces, Landlock, seccomp"; "" if there is nothing. */
void jail_words(const struct jail_power *p, struct text *out);
/* What a confined step may use up without end here: "the memory of a step's processes together". */
void jail_unbounded(const struct jail_power *p, struct text *out);
/* The same as jail_words for programs: "namespaces", "processes", "user", "landlock", "seccomp". The words are static, the vector heap. */
void jail_marks(const struct jail_power *p, struct strings *out);

#endif
