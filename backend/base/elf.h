/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program or shared library asks for before it can run, read from its ELF headers and never by running it: its loader
 * (PT_INTERP) and the libraries it names (DT_NEEDED); and what a section holds. The bytes may come from anybody.
 */
#ifndef ELF_H
#define ELF_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

struct elf {
	unsigned bits;	       /* 32 or 64 */
	unsigned machine;      /* e_machine: which processor */
	const char *loader;    /* NULL: needs none */
	struct strings needed; /* names as they stand there; release with vec_release */
};

bool elf_is(const void *bytes, size_t len); /* it begins as an ELF file does */

/* Names go to the arena. False: the headers contradict themselves or the file's size; the sentence says how, not which file. */
CHECKED bool elf_read(
	struct elf *e, const void *bytes, size_t len, struct arena *a, struct error *err);

/* The bytes of the first section of this name, within the given ones; *at is NULL when there is none. */
CHECKED bool elf_section(const void *bytes, size_t len, const char *name, const char **at,
	size_t *size, struct error *err);

#endif
