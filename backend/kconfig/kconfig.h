/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations of programs that use the kernel's Kconfig language: what fragments ask for, and whether they got it.
 *
 * A fragment is a list of lines, each a wish:
 *   CONFIG_X=y                      a value; numbers and "texts" as in .config
 *   # CONFIG_X is not set           it must not be set
 *   CONFIG_A=y | CONFIG_B=y         the first of these that this version of the program has
 *   CONFIG_X=y ?                    only if this version has it
 * Other lines that start with '#' are comments. A later wish about the same symbol takes the place of an earlier one.
 */
#ifndef KCONFIG_H
#define KCONFIG_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

enum { KCONFIG_EITHER = 4 }; /* maximum alternatives on one line */

struct kconfig_line {
	const char *symbol; /* without CONFIG_ */
	const char *value;  /* "n" for "is not set" */
};

struct kconfig_wish {
	struct kconfig_line either[KCONFIG_EITHER];
	size_t n;
	bool optional;
	const char *where; /* "linux/00-base.config:12" */
};

struct kconfig_wishes {
	struct kconfig_wish *at;
	size_t n, cap;
};

/* The lines of a .config, sorted by symbol. `family` is the word after the slash in its headline ("x86"), "" if there is none. */
struct kconfig_result {
	struct arena arena;
	struct kconfig_line *at;
	size_t n, cap;
	const char *family;
};

/* Adds the wishes of a fragment: a path, or a literal line. Strings live in the arena. */
CHECKED bool kconfig_wish(
	struct kconfig_wishes *w, struct arena *a, const char *fragment, struct error *err);

/* `source` without the lines of all wished symbols, followed by the wishes. */
void kconfig_merge(const struct kconfig_wishes *w, const char *source, struct text *out);

CHECKED bool kconfig_result_read(struct kconfig_result *r, const char *path, struct error *err);
void kconfig_result_release(struct kconfig_result *r);
/* NULL: the configuration does not mention the symbol. */
const char *kconfig_result_find(const struct kconfig_result *r, const char *symbol);

/* Explains each wish that was not granted, one sentence a line; appends nothing if all were. The program's own Kconfig files (in
 * `source`, or generated ones in `build`) are read only if needed for that. */
CHECKED bool kconfig_verify(const struct kconfig_wishes *w, const struct kconfig_result *r,
	const char *source, const char *build, struct text *out, size_t *refused,
	struct error *err);

#endif
