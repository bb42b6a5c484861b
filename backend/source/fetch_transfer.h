/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One transfer from one URL into a part, and what to make of its end. */
#ifndef FETCH_TRANSFER_H
#define FETCH_TRANSFER_H

#include "source/fetch.h"
#include "source/fetch_part.h"

enum fetch_end {
	FETCH_WHOLE,   /* the server says that this is all, and the size fits */
	FETCH_LATER,   /* it may go better on another attempt */
	FETCH_AGAIN,   /* the part was of no use and has been emptied: ask once more at once */
	FETCH_GONE,    /* this URL will not give the file */
	FETCH_CRASHED, /* something here failed, `err` says what */
};

/* `reason` gets a few words unless it is whole; `retry_after_s` what the server asked for, 0: nothing. */
enum fetch_end fetch_transfer(const struct fetch *f, struct part *p, const char *proxy,
	struct text *reason, long *retry_after_s, struct error *err);

#endif
