/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the origin `debian`: the distribution (share/origins/debian), where this machine gets its packages from, and what
 * is extracted from the package index. Debian's source packages carry upstream's archive as NAME_VERSION.orig.
 */
#ifndef DEBIAN_H
#define DEBIAN_H

#include "proc/os_release.h"
#include "source/origin.h"

/* A word of a recipe's `debian` line: the name of a package, where {series} matches any series. */
struct package_wish {
	const char *component, *pattern;
};
struct package_wishes {
	struct package_wish *at;
	size_t n, cap;
};

/* One suite of one archive. */
struct suite {
	const char *name;
	const char *uri;     /* of the repository, ends with a slash */
	const char *keyring; /* NULL: the keys apt trusts by default */
	const char *components;
};
struct suites {
	struct suite *at;
	size_t n, cap;
};

/* Finds out which suites to ask, and where. Strings live in the arena. ERROR_SOURCE says why there are none. */
CHECKED bool debian_suites(
	struct suites *out, const struct place *place, struct arena *a, struct error *err);

/* The same from what apt says: lines URI|RELEASE|COMPONENT|ORIGIN|KEYRING, or, where there are none, of `--print-uris`. */
CHECKED bool debian_suites_said(struct suites *out, const struct place *place,
	const struct os_release *release, const char *targets, const char *uris, struct arena *a,
	struct error *err);

/* Adds to `out` every archive of a wanted package listed in a Sources file, and what belongs to it. It may be compressed. */
CHECKED bool debian_read_index(const char *path, const struct suite *suite,
	const struct package_wishes *wishes, struct arena *a, struct archive_list *out,
	struct error *err);

/* The same of a Packages file. A wish there is NAME, for any architecture, or NAME:ARCHITECTURE. */
CHECKED bool debian_read_binaries(const char *path, const struct suite *suite,
	const struct package_wishes *wishes, struct arena *a, struct archive_list *out,
	struct error *err);

/* Does a source package's name match the pattern? */
bool debian_package_fits(const char *pattern, const char *name);

/* The order of package versions, epochs included (deb-version(7)): negative, 0, positive. */
int debian_version_compare(const char *a, const char *b);

/* "1:6.12.107-1~bpo12+1" -> "6.12.107", "7.1~rc3-1~exp1" -> "7.1-rc3" */
void debian_upstream_version(const char *version, struct text *out);

/* The same of one Sources file: sets those of `packages` that are "" as yet. */
CHECKED bool debian_find_packages(const char *index, const struct strings *binaries,
	struct arena *a, struct strings *packages, struct error *err);

#endif
