/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log with anything in it, in whatever pieces: lines that a terminal can be given, and no more than are kept. */
#include "shared/log_lines.h"
#include "base/text.h"
#include "replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = size ? data[0] % size : 0;
	struct log_lines l;

	log_lines_init(&l);
	l.keep = 16;
	log_lines_add(&l, (const char *)data, half);
	log_lines_add(&l, (const char *)data + half, size - half);
	log_lines_flush(&l);
	for (size_t i = 0; i < l.n; i++) {
		for (const char *s = l.at[i]; *s; s++)
			replay_must((unsigned char)*s >= 0x20 && *s != 0x7f);
		log_lines_skip(l.at[i], 10);
	}
	log_lines_release(&l);
	return 0;
}
