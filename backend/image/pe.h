/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs in the format of UEFI ("PE Format", Microsoft; UEFI specification 2.10, 2.1.1): copies one with more sections. That is
 * how a unified kernel image (UAPI.5) is made: a small program that starts what is in its sections .linux, .initrd and .cmdline.
 * The output does not depend on time or place.
 */
#ifndef PE_H
#define PE_H

#include "base/error.h"

#include <stddef.h>

struct pe_section {
	const char *name; /* at most 8 bytes */
	const char *file; /* its content */
};

struct pe_sections {
	struct pe_section *at;
	size_t n, cap;
};

/* Makes `path` from the program `stub`. A section name that the stub already has is an error: the new section would hide it. */
CHECKED bool pe_append(
	const char *path, const char *stub, const struct pe_sections *sections, struct error *err);

#endif
