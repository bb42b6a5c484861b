/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Removes from a guest's output what the terminal emulator cannot handle safely: the "repeat character" sequence (CSI n b),
 * control characters encoded as two bytes of UTF-8, and sequences longer than any real one. Works however the stream is split.
 */
#ifndef GUEST_FILTER_H
#define GUEST_FILTER_H

#include "base/text.h"

struct guest_filter {
	enum { FILTER_GROUND, FILTER_ESCAPE, FILTER_CSI, FILTER_C2 } state;
	char held[64]; /* the sequence so far */
	size_t n;
};

void guest_filter(struct guest_filter *f, const char *bytes, size_t len, struct text *out);

#endif
