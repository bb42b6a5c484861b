/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One archive from the first of several URLs that gives the right bytes.
 *
 * The bytes go to PATH.part and are hashed as they arrive; only when size and digest are right does the file get its name. What
 * was interrupted goes on where it stopped when the server can prove that its file is still the same, or when the digest will
 * tell (PATH.resume keeps what the server called it). That a transfer went well says nothing: only the digest does. Wrong bytes
 * are moved aside as evidence, and the next URL is tried.
 */
#ifndef FETCH_H
#define FETCH_H

#include "base/error.h"
#include "base/vec.h"
#include <stdint.h>

/* More than any source archive there is: an endless answer of unknown size ends here. */
#define FETCH_LARGEST ((uint64_t)2 << 30)

typedef void fetch_progress(void *ctx, uint64_t done, uint64_t total);
typedef void fetch_note(void *ctx, const char *sentence);

struct fetch {
	const char *path;
	const char *sha256; /* NULL: not known, any bytes are taken */
	uint64_t size;	    /* 0: not known */
	const struct strings *urls;
	const struct strings
		*proxies; /* one for each URL, as in transfer.h; NULL: as the environment says */
	const char *bad;  /* folder for wrong files; NULL: they are removed */
	long stall_s;	  /* with less than 1 KiB/s for so long a transfer is cut; 0: 30 */
	long connect_ms;  /* 0: 15 s */
	long pause_ms;	  /* before the second round; doubled for each further one; 0: 1 s */
	fetch_progress *progress;
	fetch_note *note; /* what happened, for the log */
	void *ctx;
};

CHECKED bool fetch_file(const struct fetch *f, struct error *err);

#endif
