/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Applies Debian's series and other patches to an unpacked tree, one after another, by the program patch. */
#include "source/unpack_patch.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/inflate.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"
#include "source/kept_dates.h"
#include "source/patches.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum { TALK_LIMIT = 16 << 20, SERIES_LIMIT = 1 << 20 };

struct patching {
	const struct unpack *unpack;
	const char *tree;
	struct arena arena;
	struct strings env;
	const char *set; /* "number 3 of 51 of Debian's patches"; NULL: it stands alone */
	bool debian;
	struct error *err;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool unpack_is_diff(const char *file)
{
	size_t len = strlen(file);

	return len > 8 && strcmp(file + len - 8, ".diff.gz") == 0;
}

static void say(const struct patching *p, const char *sentence)
{
	if (p->unpack->log_fd)
		dprintf(p->unpack->log_fd, "%s\n", sentence);
}

/* Variables of ours would be those of the person; temporary files have their place in the tree, for nothing else is writable. */
static void prepare(struct patching *p)
{
	struct strings usual = {0};

	proc_environment(&usual, &p->arena);
	for (size_t i = 0; i < usual.n; i++)
		if (strncmp(usual.at[i], "TMPDIR=", 7) != 0)
			vec_push_in(&p->arena, &p->env, usual.at[i]);
	vec_push_in(&p->arena, &p->env, arena_fmt(&p->arena, "TMPDIR=%s", p->tree));
	vec_push_in(&p->arena, &p->env, NULL);
}

static bool start_patch(struct patching *p, const char *file, const struct patch_facts *facts,
	int strip, bool try_back, struct text *said, int *status)
{
	const char *argv[] = {"patch", arena_fmt(&p->arena, "-p%d", strip),
		facts->kind == PATCH_CONTEXT ? "--context" : "--unified",
		/* in a batch, what was to be taken back and is not there is applied instead, and that is a success */
		try_back ? "--force" : "--batch", "--fuzz=0", "--no-backup-if-mismatch",
		"--reject-file=-", "-i", file, try_back ? "--reverse" : "--forward",
		try_back ? "--dry-run" : NULL, NULL};

	return proc_capture(argv, p->env.at, p->tree, TALK_LIMIT, said, status, p->err) ||
	       error_in(p->err, "%s needs patches", p->unpack->archive);
}

/* Which patch, what of it, what it was made for, and what a person can do. */
static bool does_not_fit(struct patching *p, const char *file, const struct patch_facts *facts,
	const char *said, int status)
{
	struct arena *a = &p->arena;
	const char *why = patch_complaint(said, a);
	const char *made_for = facts->made_for ? arena_fmt(a, "it was made for %s", facts->made_for)
					       : "it does not say which version it was made for";
	const char *remedy =
		"Adapt it to this version, choose the version that it was made for, or take it out";

	if (p->debian) {
		const char *name =
			arena_strn(a, p->unpack->revision, strcspn(p->unpack->revision, " "));

		made_for = arena_fmt(a, "it was made for %s", p->unpack->revision);
		remedy = arena_fmt(a,
			"Choose another version, or build without Debian's patches: patches = %s=none",
			name);
	}
	return error_set(p->err, ERROR_STEP, "the patch %s%s%s%s does not fit %s: %s; %s. %s",
		p->debian ? base_name(file) : file, p->set ? " (" : "", p->set ? p->set : "",
		p->set ? ")" : "", base_name(p->unpack->archive),
		why ? why : arena_fmt(a, "patch ended with %s", proc_words(status).s), made_for,
		remedy);
}

/* With Debian's patches a cure of ours may be there already. */
static bool is_there(struct patching *p, const char *file, const struct patch_facts *facts,
	int strip, bool *there)
{
	struct text said = TEXT_INIT;
	int status = 1;
	bool ok = start_patch(p, file, facts, strip, true, &said, &status);

	*there = ok && status == 0;
	text_release(&said);
	return ok;
}

static bool apply(struct patching *p, const char *file, int strip)
{
	struct text bytes = TEXT_INIT, said = TEXT_INIT;
	struct patch_facts facts;
	int status = 0;
	bool there = false, ok;

	say(p, arena_fmt(&p->arena, "patch %s%s%s", base_name(file), p->set ? ", " : "",
		       p->set ? p->set : ""));
	ok = text_read_file(&bytes, file, PATCHES_FILE_BYTES, p->err) &&
	     (patch_check(bytes.s, bytes.len, strip, &facts, &p->arena, p->err) ||
		     error_in(p->err, "the patch %s is refused", file));
	text_release(&bytes);
	if (!ok)
		return false;
	if (facts.kind == PATCH_NOTHING) {
		say(p, "it changes nothing");
		return true;
	}
	if (p->unpack->debian && !p->debian && !is_there(p, file, &facts, strip, &there))
		return false;
	if (there) {
		say(p, "Debian's patches made this change already");
		return true;
	}
	ok = start_patch(p, file, &facts, strip, false, &said, &status);
	if (ok && said.len)
		say(p, said.s);
	ok = ok && (status == 0 || does_not_fit(p, file, &facts, said.s, status));
	text_release(&said);
	return ok;
}

/* ---- Debian's ---- */

static bool write_bytes(
	void *ctx, const void *bytes, size_t len, uint64_t consumed, struct error *err)
{
	struct text *out = ctx;

	(void)consumed;
	if (out->len + len > PATCHES_FILE_BYTES)
		return error_set(err, ERROR_SOURCE, "it is larger than any patch");
	text_add(out, bytes, len);
	return true;
}

/* Old packages have one difference, which also makes the folder debian/ with further patches. */
static bool apply_diff(struct patching *p)
{
	const char *file = arena_fmt(&p->arena, "%s/.debian.diff", p->tree);
	struct text bytes = TEXT_INIT;
	bool ok = (inflate_file(p->unpack->debian, write_bytes, &bytes, p->err) ||
			  error_in(p->err, "%s is refused", p->unpack->debian)) &&
		  place_write_file(file, bytes.s, bytes.len, p->err);

	text_release(&bytes);
	ok = ok && apply(p, file, 1);
	unlink(file);
	return ok;
}

static bool read_series(struct patching *p, struct patch_series *series)
{
	static const char *const names[] = {"debian.series", "series"};
	struct text text = TEXT_INIT;
	const char *path = NULL;
	bool ok;

	for (size_t i = 0; i < sizeof names / sizeof *names && !path; i++) {
		path = arena_fmt(&p->arena, "%s/debian/patches/%s", p->tree, names[i]);
		if (access(path, F_OK) != 0)
			path = NULL;
	}
	if (!path)
		return true;
	ok = text_read_file(&text, path, SERIES_LIMIT, p->err) &&
	     (patch_series_read(series, text.s, &p->arena, p->err) ||
		     error_in(p->err, "debian/patches of %s is refused", p->unpack->debian));
	text_release(&text);
	return ok;
}

static bool apply_debian(struct patching *p)
{
	struct patch_series series = {0};
	bool ok;

	p->debian = true;
	ok = (!unpack_is_diff(p->unpack->debian) || apply_diff(p)) && read_series(p, &series);
	for (size_t i = 0; ok && i < series.n; i++) {
		p->set = arena_fmt(
			&p->arena, "number %zu of %zu of Debian's patches", i + 1, series.n);
		ok = apply(p,
			arena_fmt(&p->arena, "%s/debian/patches/%s", p->tree, series.at[i].file),
			series.at[i].strip);
	}
	if (ok && !series.n)
		say(p, "Debian has no series of patches for it");
	p->debian = false;
	p->set = NULL;
	return ok;
}

bool unpack_patches(const struct unpack *u, const char *tree, struct error *err)
{
	struct patching p = {.unpack = u, .tree = tree, .arena = ARENA_INIT, .err = err};
	struct kept_dates dates = {0};
	bool ok;

	prepare(&p);
	ok = kept_dates_read(&dates, tree, &p.arena, err) && (!u->debian || apply_debian(&p));
	for (size_t i = 0; ok && i < u->patches.n; i++)
		ok = apply(&p, u->patches.at[i].file, u->patches.at[i].strip);
	kept_dates_restore(&dates);
	arena_release(&p.arena);
	return ok;
}
