/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The initramfs: a settled tree as a cpio archive in the "newc" format, the only one the kernel unpacks. Numbers that would
 * differ from machine to machine are made up: inodes count from 1, every date is `epoch`, every link count fits its kind.
 */
#ifndef CPIO_H
#define CPIO_H

#include "compress.h"
#include "tree.h"

#include <time.h>

CHECKED bool cpio_write(const struct tree *t, struct compress *to, time_t epoch,
	tree_progress *tell, void *ctx, struct error *err);

#endif
