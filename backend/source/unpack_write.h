/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writing half of unpacking: a tar stream becomes files below the current folder. */
#ifndef UNPACK_WRITE_H
#define UNPACK_WRITE_H

#include "source/unpack.h"

/* Reads the stream to its end. ERROR_SOURCE: an entry was refused or the stream is damaged. */
CHECKED bool unpack_write(
	int stream, const struct unpack *u, uint64_t packed, time_t *newest, struct error *err);

#endif
