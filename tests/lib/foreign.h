/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of a fuzzer as a file: most readers take a path. The file lies in memory and is written anew for each run, which costs a
 * few microseconds; a folder with links to such files stands for the folders of a person. It is removed when the program ends.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "base/place.h"
#include <stddef.h>

/* The path of a file of that name in the folder, with these bytes now. A name can have slashes; the path stays the same. */
const char *foreign_put(const char *name, const void *bytes, size_t len);

/* Everything that there is, is in the folder: data, cache, state; the settings are its file "config". */
const struct place *foreign_place(void);

#endif
