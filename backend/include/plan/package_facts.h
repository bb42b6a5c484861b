/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of packages before they are built: measured by somebody's builds, and scaled to this machine. What is not known
 * is said to be unknown, never made up. Times come from share/measured/NAME.steps; the rest from share/measured/NAME.packages,
 * written by tools, with lines
 *
 *   size[GUARD] = PACKAGE BYTES FILES              installed, of the package alone
 *   tried = PACKAGE LIBC LINKAGE VERSION DATE      built, booted and its check passed
 *
 * Of several sizes of a package the last counts whose guard holds.
 */
#ifndef PACKAGE_FACTS_H
#define PACKAGE_FACTS_H

#include "choice/package.h"
#include "choice/settings.h"
#include "plan/plan.h"

#include <stdint.h>

struct package_size {
	const char *package;
	uint64_t bytes, files;
	bool holds;
};

struct package_tried {
	const char *package, *libc, *linkage, *version, *date;
};

struct package_version {
	const char *component, *newest; /* NULL: none is known */
};

struct package_facts {
	struct arena arena;
	struct figures figures;
	VEC(struct package_size) sizes;
	VEC(struct package_tried) tried;
	double ratio,
		cores; /* of this machine: seconds here for a measured one, programs at once */
	struct sources *sources; /* opened when a version is first asked for */
	bool no_sources;
	VEC(struct package_version) versions; /* that were asked for */
};

/* Of some packages together. */
struct package_sum {
	uint64_t bytes, files;
	double seconds;		/* to compile and install on this machine, without downloads */
	size_t sized, timed, n; /* of how many of all n it is known */
};

CHECKED bool package_facts_load(struct package_facts *f, const struct profile *p,
	const struct settings *s, struct error *err);
void package_facts_release(struct package_facts *f);

struct package_sum package_facts_sum(const struct package_facts *f, const struct strings *names);

/* Tried with this C library and linkage, or (both NULL) at all; NULL: not. */
const struct package_tried *package_facts_tried(
	const struct package_facts *f, const char *name, const char *libc, const char *linkage);

/* The newest version that is known here, without asking the network: "2.47.3, debian trixie"; NULL: none is. */
const char *package_facts_version(struct package_facts *f, const struct profile *p,
	const struct settings *s, const struct package *k);

#endif
