/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts in words: sizes, times, cures. Everything is plain ASCII, except for text from data. */
#ifndef WORDS_H
#define WORDS_H

#include "base/text.h"
#include "choice/pairing.h"
#include "run/event.h"
#include "step/device.h"
#include <stdint.h>

void words_bytes(struct text *out, uint64_t bytes);   /* "144.2 MiB" */
void words_seconds(struct text *out, double seconds); /* "0.4 s", "83 s", "12 min 5 s" */
/* "about 9 to 15 min", "about 40 s", "a few seconds": no finer than it is known. */
void words_about(struct text *out, double least, double most);
void words_short(struct text *out, double seconds); /* "0.4s", "59s", "4m12s", "2h05m" */
void words_clock(struct text *out, double seconds); /* "1:23", "1:02:03" */
void words_progress(struct text *out, uint64_t done, uint64_t total,
	enum progress_unit unit); /* "12 of 144 MiB (8 %)" */
/* "busybox-tc: busybox < 1.39 with linux gets file CONFIG_TC=n, for its command tc ... (bug 15931 of BusyBox)" */
void words_cure(struct text *out, const struct cure *c);

/* "SanDisk Ultra (USB)"; "a device without a name" */
void words_device(struct text *out, const struct device *d);
/* "vfat BACKUP, ext4" or "nothing that is known" */
void words_contents(struct text *out, const struct device *d);

#endif
