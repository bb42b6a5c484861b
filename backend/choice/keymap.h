/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keyboard of the screen's console: a table of layouts (share/tables/keymaps explains the format) becomes the binary map that
 * BusyBox' loadkmap reads: "bkeymap", 256 bytes that say which combinations of modifiers have a table, and then those tables,
 * each 128 keysyms of 16 bits, little-endian. The kernel keeps its own table for every other combination.
 */
#ifndef KEYMAP_H
#define KEYMAP_H

#include "base/error.h"
#include "base/text.h"

/* Appends the map of one layout of the file. */
CHECKED bool keymap_print(
	const char *path, const char *layout, struct text *out, struct error *err);

#endif
