/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lock file: which archives a build uses, by exact version and SHA-256. A build writes one to its results; beside a profile, as
 * NAME.lock, it makes every plan of that profile use the same archives again.
 *
 *   [source NAME]
 *   version = 1.2.3
 *   sha256  = 64 hex digits
 *   size    = bytes, if known
 *   url     = one or more
 */
#ifndef PINS_H
#define PINS_H

#include "choice/profile.h"
#include "source/source.h"

struct pin {
	const char *component, *version, *sha256;
	struct strings urls;
	long size; /* 0: unknown */
};

struct pins {
	struct pin *at;
	size_t n, cap;
};

/*
 * Where the lock of a profile belongs: beside it. For a shipped profile, or one in a read-only folder, it is in the folder
 * `locks` beside the folder of the user's own profiles. Empty for a profile that was never saved.
 */
void pins_path(const struct profile *p, const struct place *place, struct text *out);

/* Everything lives in the arena. With path NULL or no such file there are no pins. */
CHECKED bool pins_read(struct pins *p, const char *path, struct arena *a, struct error *err);
const struct pin *pins_find(const struct pins *p, const char *component);

/* The content of a lock file, with URLs that others can use too, where there are any. */
void pins_print(const struct source_choice *sources, size_t n, struct text *out);

#endif
