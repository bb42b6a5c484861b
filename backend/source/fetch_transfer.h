/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One transfer from one URL into a part, and how it ended. */
#ifndef FETCH_TRANSFER_H
#define FETCH_TRANSFER_H

#include "source/fetch.h"
#include "source/fetch_part.h"

enum fetch_end {
	FETCH_WHOLE,   /* the server says this is all, and the size matches */
	FETCH_LATER,   /* another attempt may work */
	FETCH_AGAIN,   /* the part was useless and has been emptied: ask once more at once */
	FETCH_GONE,    /* this URL will not deliver the file */
	FETCH_CRASHED, /* a failure on our side, see `err` */
};

/* `reason` gets a few words unless it is whole; `retry_after_s` is what the server asked for, 0: nothing. */
enum fetch_end fetch_transfer(const struct fetch *f, struct part *p, const char *proxy,
	struct text *reason, long *retry_after_s, struct error *err);

#endif
