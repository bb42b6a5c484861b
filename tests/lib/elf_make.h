/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes small ELF files for tests: a header, three segments, a list of names. */
#ifndef ELF_MAKE_H
#define ELF_MAKE_H

#include "base/text.h"

struct elf_made {
	unsigned bits; /* 32 or 64 */
	bool big;      /* byte order */
	unsigned machine;
	const char *loader;	   /* NULL: none */
	const char *const *needed; /* ended by NULL; may be NULL */
};

/* Replaces what is in `out`. */
void elf_make(struct text *out, const struct elf_made *e);

/* The same with one section of this name and these bytes. */
void elf_make_section(struct text *out, const struct elf_made *e, const char *name,
	const char *bytes, size_t len);

#endif
