/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which source packages the binary packages come from, by the Binary fields of the package index that was read last. */
#include "source/source.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "source/debian.h"
#include "source/debian_apt.h"
#include "source/index_lines.h"
#include "source/origin.h"

#include <string.h>

#include "base/banned.h"

struct finder {
	struct arena *arena;
	const struct strings *binaries;
	struct strings *packages; /* "" while unknown */
	struct text package;
	bool in_list;
};

static void take_names(struct finder *f, const char *s)
{
	while (*(s += strspn(s, " \t,"))) {
		size_t n = strcspn(s, " \t,");

		for (size_t i = 0; i < f->binaries->n; i++)
			if (!*f->packages->at[i] && strlen(f->binaries->at[i]) == n &&
				memcmp(f->binaries->at[i], s, n) == 0)
				f->packages->at[i] = arena_str(f->arena, f->package.s);
		s += n;
	}
}

static void take_field(void *ctx, const char *line)
{
	struct finder *f = ctx;

	if (*line == ' ' || *line == '\t') {
		if (f->in_list)
			take_names(f, line);
		return;
	}
	f->in_list = strncmp(line, "Binary:", 7) == 0;
	if (f->in_list)
		take_names(f, line + 7);
	if (strncmp(line, "Package:", 8) != 0)
		return;
	text_clear(&f->package);
	text_str(&f->package, line + 8 + strspn(line + 8, " \t"));
}

bool debian_find_packages(const char *index, const struct strings *binaries, struct arena *a,
	struct strings *packages, struct error *err)
{
	struct finder f = {
		.arena = a, .binaries = binaries, .packages = packages, .package = TEXT_INIT};
	bool ok;

	while (packages->n < binaries->n)
		vec_push_in(a, packages, "");
	ok = index_lines(index, take_field, &f, err);
	text_release(&f.package);
	return ok;
}

bool sources_of_binaries(struct sources *s, const struct strings *binaries,
	struct strings *packages, struct error *err)
{
	struct suites suites = {0};

	if (!debian_suites(&suites, s->catalog->place, &s->arena, err))
		return false;
	for (size_t i = 0; i < suites.n; i++) {
		const char *folder =
			sources_path(s, arena_fmt(&s->arena, "apt/%s", suites.at[i].name));
		struct strings files = {0};

		if (!apt_index_files(folder, &s->arena, &files, err))
			return false;
		for (size_t k = 0; k < files.n; k++)
			if (!debian_find_packages(files.at[k], binaries, &s->arena, packages, err))
				return false;
	}
	while (packages->n < binaries->n)
		vec_push_in(&s->arena, packages, "");
	return true;
}
