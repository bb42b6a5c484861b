/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a profile can write to a device: an image whose description (share/images) says so. The writing itself is a run (run_write
 * in run.h).
 */
#ifndef STICK_H
#define STICK_H

#include "choice/profile.h"
#include <stdint.h>

struct stick_image {
	const char *name; /* of the format: "disk" */
	const char *path; /* of the file, in the results folder */
	const char *file; /* its last part */
	uint64_t bytes;
};

/* The format that would be written: `wanted`, or with NULL the profile's first that can be. Nothing needs to be built for
 * that. */
CHECKED bool stick_format(const struct profile *p, const char *wanted, struct arena *a,
	const char **name, struct error *err);

/* Its file in the folder with a build's results (NULL: out/PROFILE). */
CHECKED bool stick_find(const struct profile *p, const char *wanted, const char *output,
	struct arena *a, struct stick_image *image, struct error *err);

#endif
