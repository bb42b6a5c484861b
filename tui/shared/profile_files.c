/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies, renames, deletes and compares profile files for the list of profiles. */
#include "shared/profile_files.h"

#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/profile.h"
#include "shared/document.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The file for a new profile of the user's; refuses a bad name and an existing one. */
static bool new_path(
	const struct place *place, const char *name, struct text *path, struct error *err)
{
	if (!profile_name_ok(name))
		return error_set(err, ERROR_USAGE,
			"A name is letters, digits and . _ + -, a letter or digit first, at most 64.");
	text_fmt(path, "%s/%s.profile", place->profiles, name);
	if (!access(path->s, F_OK))
		return error_set(err, ERROR_USAGE,
			"You already have a profile named %s. Choose another name.", name);
	return place_make_folder(place->profiles, err);
}

bool profile_files_new(
	const struct catalog *c, const struct place *place, const char *name, struct error *err)
{
	struct text path = TEXT_INIT;
	struct profile p;
	bool ok = new_path(place, name, &path, err);

	if (ok) {
		profile_init(&p, c, name);
		ok = profile_save(&p, path.s, err);
		profile_release(&p);
	}
	text_release(&path);
	return ok;
}

bool profile_files_copy(const struct catalog *c, const struct place *place, const char *from,
	const char *name, struct error *err)
{
	struct text path = TEXT_INIT;
	struct profile p = {0}, copy;
	bool ok = new_path(place, name, &path, err) && profile_open(&p, c, from, err);

	if (ok) {
		profile_copy(&copy, &p, name);
		profile_keep_files(&copy, p.path, path.s);
		ok = profile_save(&copy, path.s, err);
		profile_release(&copy);
		profile_release(&p);
	}
	text_release(&path);
	return ok;
}

bool profile_files_rename(
	const struct place *place, const char *from, const char *name, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = new_path(place, name, &path, err);

	if (ok && rename(from, path.s))
		ok = error_errno(err, "cannot rename %s to %s", from, path.s);
	text_release(&path);
	return ok;
}

bool profile_files_delete(const char *path, struct error *err)
{
	struct text old = TEXT_INIT;
	bool ok;

	text_fmt(&old, "%s.old", path);
	ok = !rename(path, old.s) || error_errno(err, "cannot delete %s", path);
	text_release(&old);
	return ok;
}

void profile_files_diff(const struct profile *a, const struct profile *b, struct text *out)
{
	const struct option_table *t = &a->catalog->options;

	for (size_t i = 0; i < t->options.n; i++) {
		const struct option *o = &t->options.at[i];
		const char *x = profile_get(a, o->name), *y = profile_get(b, o->name);

		if (strcmp(x, y))
			text_fmt(out, "%-18s %s -> %s\n", o->name, document_show_value(o, x),
				document_show_value(o, y));
	}
}
