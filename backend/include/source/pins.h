/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lock file: which archives a build takes, by exact version and SHA-256. A build leaves one among its results; beside a
 * profile, as NAME.lock, it makes every plan of that profile take the same again.
 *
 *   [source NAME]
 *   version = 1.2.3
 *   sha256  = 64 hex digits
 *   size    = bytes, where it is known
 *   url     = one or more
 */
#ifndef PINS_H
#define PINS_H

#include "choice/profile.h"
#include "source/source.h"

struct pin {
	const char *component, *version, *sha256;
	struct strings urls;
	long size; /* 0: not known */
};

struct pins {
	struct pin *at;
	size_t n, cap;
};

/*
 * Where the lock of a profile belongs: beside it. That of a shipped profile, or of one whose folder cannot be written, is in
 * the folder `locks` beside the folder of the user's own profiles. Empty for a profile that was never saved.
 */
void pins_path(const struct profile *p, const struct place *place, struct text *out);

/* Everything goes to the arena. No path and no such file mean no pins. */
CHECKED bool pins_read(struct pins *p, const char *path, struct arena *a, struct error *err);
const struct pin *pins_find(const struct pins *p, const char *component);

/* The content of a lock file. URLs are those that others can use too, as far as there are any. */
void pins_print(const struct source_choice *sources, size_t n, struct text *out);

#endif
