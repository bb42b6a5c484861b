/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs apt-get with a private state folder, one suite at a time. */
#ifndef DEBIAN_APT_H
#define DEBIAN_APT_H

#include "source/debian.h"

enum apt_result {
	APT_READ,      /* fetched, or still current; and verified */
	APT_MISSING,   /* the archive has no such suite */
	APT_UNTRUSTED, /* a signature or digest does not match: nothing of it may be used */
	APT_UNREACHED, /* a network error */
	APT_HOST,      /* a fault of this machine, not of the archive: a full disk */
	APT_BROKEN,    /* apt-get cannot run here */
};

/* Updates the suite's index of that kind in `folder`. Sets the error unless the result is APT_READ. */
enum apt_result apt_update(
	const char *folder, const struct suite *suite, enum packaged_kind kind, struct error *err);

/* Paths of the existing index files, in the arena. */
CHECKED bool apt_index_files(
	const char *folder, struct arena *a, struct strings *files, struct error *err);

/* Parts of the two: what became of an update that said this and ended so; and the paths that a listing has. */
enum apt_result apt_judge(
	const char *talk, int status, const struct suite *suite, struct error *err);
void apt_take_files(const char *listing, struct arena *a, struct strings *files);

#endif
