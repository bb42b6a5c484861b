/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The fields of an answer's header that a download needs (RFC 9110). A server may send anything: what is kept is of bounded
 * length and printable, and numbers that make no sense count as not stated.
 */
#ifndef FETCH_HEAD_H
#define FETCH_HEAD_H

#include "base/text.h"
#include <stdint.h>

enum { HEAD_LONGEST_VALIDATOR = 200 };

/* After redirects the fields of the last answer count. */
struct head {
	struct text etag, modified; /* strong ones only; "" for none */
	bool has_range;
	uint64_t range_start, range_total; /* total 0: not stated */
	uint64_t length;		   /* 0: not stated */
};

#define HEAD_INIT                                        \
	{                                                \
		.etag = TEXT_INIT, .modified = TEXT_INIT \
	}

/* One line, which need not end in a zero; a status line begins a new answer. */
void head_take(struct head *h, const char *line, size_t n);
void head_release(struct head *h);

#endif
