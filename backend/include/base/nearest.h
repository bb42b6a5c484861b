/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "Did you mean": suggestions for misspelt options, flags, verbs and steps. */
#ifndef NEAREST_H
#define NEAREST_H

#include <stddef.h>

/* The name nearest to `word` among `names`, NULL if none is close (edit distance of at most a third of its length). */
const char *conf_nearest(const char *word, const char *const *names, size_t n);

#endif
