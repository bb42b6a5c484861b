/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens, changes and saves the current profile. The recovery file is in recover.c. */
#include "shared/document.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "choice/option.h"
#include "choice/pairing.h"
#include "choice/profile.h"
#include "shared/recover.h"
#include "shared/undo.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT (1 << 20)

const char *document_conflict(struct document *d)
{
	const struct pairing_choices choices = {.profile = &d->now};
	struct error err = {0};

	if (!d->unchecked)
		return d->conflict.len ? d->conflict.s : "";
	d->unchecked = false;
	text_clear(&d->conflict);
	if (!profile_check(&d->now, &err) ||
		(d->pairings && !pairings_allow(d->pairings, &choices, &err)))
		text_str(&d->conflict, err.text);
	return document_conflict(d);
}

/* profile_copy is for a copy under another name; our profile keeps its path. */
static void keep_origin(struct profile *to, const struct profile *from)
{
	to->path = arena_str(&to->arena, from->path);
	to->shipped = from->shipped;
}

static void list_differences(const struct document *d, const struct profile *from,
	const struct profile *to, struct text *out)
{
	const struct option *o;

	for (size_t i = 0; (o = option_at(&d->now.catalog->options, i)); i++) {
		const char *a = document_chosen(from, o), *b = document_chosen(to, o);

		if (strcmp(a, b))
			text_fmt(out, "%s  %s -> %s\n", o->name, document_show_value(o, a),
				document_show_value(o, b));
	}
}

static bool read_file(const struct document *d, struct text *out)
{
	struct error err = {0};

	text_clear(out);
	return d->now.path && text_read_file(out, d->now.path, FILE_LIMIT, &err);
}

static void remember_file(struct document *d)
{
	text_clear(&d->file);
	d->has_file = read_file(d, &d->file);
	d->overwrite = false;
}

bool document_file_changed(const struct document *d, struct text *difference)
{
	struct text now = TEXT_INIT;
	struct profile p = {0};
	struct error err = {0};
	bool changed = d->has_file && read_file(d, &now) && strcmp(now.s, d->file.s) != 0;

	if (changed && difference) {
		if (!profile_open(&p, d->catalog, d->now.path, &err)) {
			text_str(difference, err.text);
		} else {
			size_t before = difference->len;

			list_differences(d, &d->saved, &p, difference);
			if (difference->len == before)
				text_str(difference, "Only its comments or their order.\n");
			profile_release(&p);
		}
	}
	text_release(&now);
	return changed;
}

static void take(struct document *d, struct profile *p)
{
	if (d->open) {
		profile_release(&d->now);
		profile_release(&d->saved);
	}
	undo_release(&d->undo);
	d->open = true;
	d->now = *p;
	profile_copy(&d->saved, &d->now, d->now.name);
	keep_origin(&d->saved, &d->now);
	remember_file(d);
	recover_sit(d->place, &d->seat, d->now.path ? d->now.path : "");
	d->unchecked = true;
}

bool document_open(struct document *d, const char *name_or_path, struct error *err)
{
	struct profile p = {0};

	if (!profile_find(&p, d->catalog, d->place, name_or_path, err))
		return false;
	take(d, &p);
	return true;
}

void document_new(struct document *d, const char *name)
{
	struct profile p;

	profile_init(&p, d->catalog, name);
	take(d, &p);
}

static bool is_taken(const struct document *d, const char *name)
{
	struct profile p = {0};
	struct error err = {0};
	struct text path = TEXT_INIT;
	bool taken;

	text_fmt(&path, "%s/%s.profile", d->place->profiles, name);
	taken = !access(path.s, F_OK);
	text_release(&path);
	if (!taken && profile_find(&p, d->catalog, d->place, name, &err)) {
		profile_release(&p);
		taken = true;
	}
	return taken;
}

/* "first-boot-2" goes on with "first-boot-3", not with "first-boot-2-2". */
static void number_name(const struct document *d, const char *name, struct text *out)
{
	size_t stem = strlen(name);

	while (stem > 1 && name[stem - 1] >= '0' && name[stem - 1] <= '9')
		stem--;
	if (stem < 2 || name[stem - 1] != '-' || !name[stem])
		stem = strlen(name);
	else
		stem--;
	if (stem > 50)
		stem = 50;
	text_clear(out);
	text_fmt(out, "%.*s", (int)stem, name);
	for (int i = 2; i < 1000 && is_taken(d, out->s); i++) {
		text_clear(out);
		text_fmt(out, "%.*s-%d", (int)stem, name, i);
	}
}

bool document_name_is_free(const struct document *d, const char *name)
{
	return !is_taken(d, name);
}

void document_free_name(const struct document *d, struct text *out)
{
	number_name(d, d->now.name, out);
}

void document_from(struct document *d, const char *base, const char *name)
{
	struct text free_name = TEXT_INIT;
	struct profile p = {0};
	struct error missing = {0};

	if (!profile_find(&p, d->catalog, d->place, base, &missing))
		profile_init(&p, d->catalog, base);
	if (is_taken(d, name))
		number_name(d, name, &free_name);
	else
		text_str(&free_name, name);
	p.name = arena_str(&p.arena, free_name.s);
	profile_keep_files(
		&p, p.path, arena_fmt(&p.arena, "%s/%s.profile", d->place->profiles, p.name));
	p.path = NULL;
	p.shipped = false;
	take(d, &p);
	d->saved.name = arena_str(&d->saved.arena, base);
	text_release(&free_name);
}

void document_release(struct document *d)
{
	if (d->open) {
		profile_release(&d->now);
		profile_release(&d->saved);
	}
	undo_release(&d->undo);
	text_release(&d->conflict);
	text_release(&d->file);
	recover_stand(d->place, &d->seat);
	d->open = false;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static void remember(const struct document *d)
{
	if (document_is_dirty(d))
		recover_write(d->place, &d->now);
	else
		recover_forget(d->place, d->now.name);
}

bool document_set(struct document *d, const char *name, const char *value, struct error *err)
{
	const struct option *o = option_find(&d->catalog->options, name);
	const char *before = profile_chosen(&d->now, name);
	char *old = before ? xstrdup(before) : NULL;
	bool ok;

	if (value && o && !strcmp(value, o->fallback))
		value = NULL;
	ok = profile_set(&d->now, name, value, err);
	if (ok && !same(old, value)) {
		undo_push(&d->undo, name, old, value);
		d->unchecked = true;
		remember(d);
	}
	free(old);
	return ok;
}

/* Values in the undo list were accepted before, so setting them again cannot fail. */
static void restore(struct document *d, const struct change *c, const char *value)
{
	struct error err = {0};

	if (!profile_set(&d->now, c->name, value, &err))
		return;
	d->unchecked = true;
	remember(d);
}

const struct change *document_undo(struct document *d)
{
	const struct change *c = undo_back(&d->undo);

	if (c)
		restore(d, c, c->before);
	return c;
}

const struct change *document_redo(struct document *d)
{
	const struct change *c = undo_forward(&d->undo);

	if (c)
		restore(d, c, c->after);
	return c;
}

const char *document_chosen(const struct profile *p, const struct option *o)
{
	const char *chosen = profile_chosen(p, o->name);

	return chosen ? chosen : o->fallback;
}

bool document_is_changed(const struct document *d, const char *name)
{
	const struct option *o = option_find(&d->now.catalog->options, name);

	return o && !same(document_chosen(&d->now, o), document_chosen(&d->saved, o));
}

size_t document_count_changes(const struct document *d)
{
	const struct option *o;
	size_t n = 0;

	for (size_t i = 0; (o = option_at(&d->now.catalog->options, i)); i++)
		n += document_is_changed(d, o->name);
	return n;
}

bool document_is_dirty(const struct document *d)
{
	return d->open && document_count_changes(d) > 0;
}

bool document_may_save(const struct document *d)
{
	return document_is_dirty(d) || !d->now.path;
}

const char *document_show_value(const struct option *o, const char *value)
{
	if (!value || !*value)
		return "(not set)";
	if (o->type != OPTION_HASH)
		return value;
	for (size_t i = 0; i < o->values.n; i++) {
		if (!strcmp(o->values.at[i].name, value))
			return value;
	}
	return "(a password)";
}

void document_list_changes(const struct document *d, struct text *out)
{
	list_differences(d, &d->saved, &d->now, out);
}

static void last_path(const struct place *place, struct text *out)
{
	text_fmt(out, "%s/last-profile", place->state);
}

void document_work_on(const struct document *d)
{
	char *real = d->now.path ? realpath(d->now.path, NULL) : NULL;
	struct text path = TEXT_INIT;
	struct error ignored;

	last_path(d->place, &path);
	/* Only a convenience of the next start. */
	if (real && (!place_make_folder(d->place->state, &ignored) ||
			    !place_write_file(path.s, real, strlen(real), &ignored)))
		unlink(path.s);
	free(real);
	text_release(&path);
}

bool document_last(const struct place *place, struct text *profile, time_t *when)
{
	struct text path = TEXT_INIT;
	struct error ignored;
	struct stat st;
	bool ok;

	text_clear(profile);
	last_path(place, &path);
	ok = !stat(path.s, &st) && text_read_file(profile, path.s, 4096, &ignored) &&
	     !access(profile->s, R_OK);
	if (ok)
		*when = st.st_mtime;
	text_release(&path);
	return ok;
}

bool document_can_save_in_place(const struct document *d)
{
	return d->now.path && !d->now.shipped;
}

static bool own_path(
	const struct document *d, const char *name, struct text *path, struct error *err)
{
	if (!profile_name_ok(name))
		return error_set(err, ERROR_USAGE,
			"'%.70s' cannot be a profile's name; use letters, digits and . _ + - (at most 64, a letter or digit first)",
			name);
	text_fmt(path, "%s/%s.profile", d->place->profiles, name);
	if (!access(path->s, F_OK) && (!d->now.path || strcmp(d->now.path, path->s)))
		return error_set(err, ERROR_USAGE,
			"You already have a profile named %s. Choose another name.", name);
	return true;
}

bool document_save(struct document *d, const char *name, struct error *err)
{
	struct text path = TEXT_INIT;
	char *before = xstrdup(d->now.name);
	bool ok = false;

	if (!name)
		text_str(&path, d->now.path);
	else if (!own_path(d, name, &path, err) || !place_make_folder(d->place->profiles, err))
		goto out;
	if (!name && !d->overwrite && document_file_changed(d, NULL)) {
		error_set(err, ERROR_USAGE,
			"%s was changed by another program since it was read. Save it in the option tree, which shows the difference.",
			d->now.path);
		goto out;
	}
	profile_keep_files(&d->now, d->now.path, path.s);
	/* Also what cannot be built: its file and line say why as soon as it is asked for, and nobody loses a choice. */
	if (!profile_save(&d->now, path.s, err))
		goto out;
	recover_forget(d->place, before);
	/* Read back what was written, so that lines, comments and the name match the file. */
	struct undo undo = d->undo;

	d->undo = (struct undo){0};
	ok = document_open(d, path.s, err);
	undo_release(&d->undo);
	d->undo = undo;
	document_work_on(d);
out:
	free(before);
	text_release(&path);
	return ok;
}

long document_other_session(const struct document *d)
{
	return d->now.path ? recover_other(d->place, d->now.path) : 0;
}

bool document_find_recovery(const struct place *place, struct text *name)
{
	return recover_find(place, name);
}

void document_drop_recovery(const struct place *place, const char *name)
{
	recover_drop(place, name);
}

void document_forget_recovery(const struct place *place, const char *name)
{
	recover_forget(place, name);
}

bool document_recover(struct document *d, const char *name, struct error *err)
{
	struct profile kept = {0};
	struct error missing = {0};
	const struct option *o;

	if (!recover_read(&kept, d->catalog, d->place, name, err))
		return false;
	if (!document_open(d, name, &missing))
		document_new(d, name);
	for (size_t i = 0; (o = option_at(&d->now.catalog->options, i)); i++) {
		const char *option = o->name;

		if (!same(profile_chosen(&kept, option), profile_chosen(&d->now, option)) &&
			!document_set(d, option, profile_chosen(&kept, option), err)) {
			profile_release(&kept);
			return false;
		}
	}
	profile_release(&kept);
	recover_drop(d->place, name);
	return true;
}
