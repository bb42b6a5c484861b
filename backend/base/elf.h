/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a program or shared library needs before it can run, read from its ELF headers without running it: its loader (PT_INTERP)
 * and its libraries (DT_NEEDED); also the contents of a section. The input is untrusted.
 */
#ifndef ELF_H
#define ELF_H

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

struct elf {
	unsigned bits;	       /* 32 or 64 */
	unsigned machine;      /* e_machine: the processor */
	const char *loader;    /* NULL: needs none */
	struct strings needed; /* names as the file has them */
};

bool elf_is(const void *bytes, size_t len); /* starts like an ELF file */

/* Names, and the vector of them, live in the arena. False: the headers contradict themselves or the file's size; the error says
 * how, but does not name the file. */
CHECKED bool elf_read(
	struct elf *e, const void *bytes, size_t len, struct arena *a, struct error *err);

/* Has it relocations of this type, whose numbers depend on the processor? Read from its table of sections; false without. */
bool elf_has_relocation(const void *bytes, size_t len, unsigned long type);

/* The bytes of the first section of this name, within the given ones; *at is NULL if there is none. */
CHECKED bool elf_section(const void *bytes, size_t len, const char *name, const char **at,
	size_t *size, struct error *err);

#endif
