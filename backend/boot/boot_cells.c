/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Works out which boots are asked for: one, with the requested or best firmware and medium, or the grid of all. What cannot be
 * started stays in the list with its reason. See boot.h.
 */
#include "boot/boot.h"

#include "base/arena.h"
#include "base/copy.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/drivers.h"
#include "boot/machine.h"
#include "choice/facts.h"
#include "choice/format.h"
#include "choice/profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { MIB = 1024 * 1024 };

static const char kernel_alone[] = "kernel";

const char *cell_medium(const struct boot_cell *cell)
{
	return cell->medium ? cell->medium->name : kernel_alone;
}

const char *cell_title(const struct boot_cell *cell)
{
	if (!cell->medium)
		return "kernel, no medium";
	return cell->medium->title ? cell->medium->title : cell->medium->name;
}

/* ---- what there is ---- */

static const char *loader_refusal(struct boot_job *job, const struct profile *p, enum loader loader)
{
	const char *made_for = profile_get(p, "firmware");

	if (strcmp(made_for, "both") != 0 && strcmp(made_for, loader_word(loader)) != 0)
		return arena_fmt(&job->arena, "the profile says firmware = %s", made_for);
	if (loader == LOADER_UEFI && !job->machine.uefi.n)
		return "this virtual machine has no UEFI firmware; use --firmware bios";
	return NULL;
}

static const char *root_out_of_reach(struct boot_job *job, const struct machine_medium *medium)
{
	const char *lack = drivers_medium_lack(medium, &job->facts, &job->arena);

	return lack ? arena_fmt(&job->arena,
			      "the kernel was built without %s and would not find its root on it",
			      lack)
		    : NULL;
}

/* The format is NULL if the choices make none that could be this medium. */
static void add_cell(struct boot_job *job, const struct profile *p,
	const struct machine_medium *medium, enum loader loader, const struct format *format)
{
	struct boot_cell cell = {.loader = loader, .medium = medium, .format = format};

	cell.why = loader_refusal(job, p, loader);
	if (format) {
		cell.why = cell.why ? cell.why : medium_refusal(medium, &job->facts);
		cell.why = cell.why ? cell.why : root_out_of_reach(job, medium);
	} else {
		cell.why = arena_fmt(&job->arena, "no image of this profile can be one%s%s",
			medium->lack ? "; " : "", medium->lack ? medium->lack : "");
	}
	vec_push_in(&job->arena, &job->cells, cell);
}

static void add_medium(
	struct boot_job *job, const struct profile *p, const struct machine_medium *medium)
{
	facts_set(&job->facts, "medium", "%s", medium->name);
	for (enum loader loader = LOADER_BIOS; loader <= LOADER_UEFI; loader++) {
		struct strings formats = {0};

		facts_set(&job->facts, "loader", "%s", loader_word(loader));
		medium_formats(medium, &job->facts, &job->arena, &formats);
		for (size_t j = 0; j < formats.n; j++)
			add_cell(job, p, medium, loader, format_find(p->catalog, formats.at[j]));
		if (!formats.n)
			add_cell(job, p, medium, loader, NULL);
	}
}

static void list_cells(struct boot_job *job, const struct profile *p)
{
	struct boot_cell kernel = {.loader = LOADER_DIRECT, .file = job->machine.kernel};

	if (!format_chosen(job->machine.initramfs, facts_lookup, &job->facts))
		kernel.why = arena_fmt(&job->arena,
			"there is no %s beside the kernel; add %s to its image",
			job->machine.initramfs, job->machine.initramfs);
	else if (machine_root(&job->machine, &job->facts) && drivers_has_no_disk(&job->facts))
		kernel.why = arena_fmt(&job->arena,
			"the kernel was built without a driver for any disk of the test machine and would not find its root; it needs %s",
			facts_get(&job->facts, "disks-lack"));
	vec_push_in(&job->arena, &job->cells, kernel);
	for (size_t i = 0; i < job->machine.media.n; i++)
		add_medium(job, p, &job->machine.media.at[i]);
}

/* ---- what is requested ---- */

/* The medium's name; NULL: any. */
struct wish {
	enum loader firmware;
	const char *medium;
};

static bool fits(const struct boot_cell *cell, const struct wish *w)
{
	return (w->firmware == LOADER_AUTO || w->firmware == cell->loader) &&
	       (!w->medium || strcmp(w->medium, cell_medium(cell)) == 0);
}

static bool check_medium(const struct boot_job *job, const char *medium, struct error *err)
{
	struct text names = TEXT_INIT;
	bool ok = !medium || strcmp(medium, kernel_alone) == 0 ||
		  machine_medium(&job->machine, medium);

	for (size_t i = 0; !ok && i < job->machine.media.n; i++)
		text_fmt(&names, ", %s", job->machine.media.at[i].name);
	if (!ok)
		error_set(err, ERROR_USAGE, "--medium is auto, %s%s, not '%s'", kernel_alone,
			names.s ? names.s : "", medium);
	text_release(&names);
	return ok;
}

static bool has_medium(const struct boot_job *job)
{
	for (size_t i = 0; i < job->cells.n; i++)
		if (job->cells.at[i].format)
			return true;
	return false;
}

/* What to add if no image is a medium: the first format that could be one. */
static const char *any_medium(const struct catalog *c)
{
	for (size_t i = 0; i < c->formats.n; i++)
		if (format_has(c->formats.at[i], FORMAT_MEDIUM))
			return c->formats.at[i]->name;
	return "a medium";
}

/* Nothing fits: the reason of the closest one. */
static bool tell_why(const struct boot_job *job, const struct profile *p, const struct wish *w,
	struct error *err)
{
	const struct boot_cell *near = NULL;

	if (w->firmware != LOADER_AUTO && !w->medium && !has_medium(job))
		return error_set(err, ERROR_USAGE,
			"--firmware %s needs a medium; a kernel with an initramfs is started directly, use --firmware auto, or add %s to the profile's image",
			loader_word(w->firmware), any_medium(p->catalog));
	for (size_t i = 0; i < job->cells.n; i++) {
		const struct boot_cell *c = &job->cells.at[i];

		if (fits(c, w) && (!near || (!near->format && c->format)))
			near = c;
	}
	if (!near)
		return error_set(err, ERROR_USAGE,
			"--firmware %s and --medium %s do not go together: without a medium no firmware is at work",
			loader_word(w->firmware), w->medium ? w->medium : "auto");
	return error_set(err, ERROR_USAGE, "%s cannot be started by %s from this medium (%s): %s",
		p->name, loader_word(near->loader), cell_title(near), near->why);
}

/* Without a request a kernel with an initramfs is started directly, and a medium with the firmware it is made for. */
static const struct boot_cell *best_cell(const struct boot_job *job, const struct wish *w)
{
	const struct boot_cell *best = NULL;

	for (size_t i = 0; i < job->cells.n; i++) {
		const struct boot_cell *c = &job->cells.at[i];

		if (c->why || !fits(c, w))
			continue;
		if (!c->medium)
			return c;
		/* of several files for one medium the last one is preferred */
		if (!best || (best->medium == c->medium && best->loader == c->loader))
			best = c;
	}
	return best;
}

static void keep_fitting(struct boot_job *job, const struct wish *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < job->cells.n; i++)
		if (fits(&job->cells.at[i], w))
			job->cells.at[kept++] = job->cells.at[i];
	job->cells.n = kept;
}

/* One of them is to be started with it. */
static bool find_uefi(struct boot_job *job, struct error *err)
{
	bool wanted = false;

	for (size_t i = 0; i < job->cells.n; i++)
		wanted =
			wanted || (!job->cells.at[i].why && job->cells.at[i].loader == LOADER_UEFI);
	for (size_t i = 0; wanted && i < job->machine.uefi.n; i++) {
		if (access(job->machine.uefi.at[i], R_OK) != 0)
			continue;
		facts_set(&job->facts, "firmware-file", "%s", job->machine.uefi.at[i]);
		return true;
	}
	return !wanted ||
	       error_set(err, ERROR_HOST,
		       "no UEFI firmware for virtual machines is installed; `bootsmith doctor --install` installs it, --firmware bios does without");
}

bool boot_choose_cells(struct boot_job *job, const struct profile *p, const struct boot_options *o,
	struct error *err)
{
	struct wish w = {
		o->firmware, o->medium && strcmp(o->medium, "auto") != 0 ? o->medium : NULL};
	const struct boot_cell *best;

	if (!check_medium(job, w.medium, err))
		return false;
	job->grid = o->grid;
	list_cells(job, p);
	best = best_cell(job, &w);
	if (!best)
		return tell_why(job, p, &w, err);
	if (o->grid) {
		keep_fitting(job, &w);
	} else {
		job->cells.at[0] = *best;
		job->cells.n = 1;
	}
	return find_uefi(job, err);
}

/* ---- starting one ---- */

static void set_memory(struct boot_job *job, uint64_t image_bytes)
{
	const char *chosen = facts_get(&job->facts, "memory");
	long mib = job->memory_mib;

	if (mib <= 0)
		mib = chosen ? strtol(chosen, NULL, 10) : 0; /* "auto" is 0 */
	if (mib <= 0) {
		/* an initramfs unpacks to about four times its size, and may use half of the memory */
		long needed = (long)(image_bytes / MIB) * 10;

		mib = job->machine.memory > needed ? job->machine.memory : needed;
	}
	facts_set(&job->facts, "memory-mib", "%ld", mib);
}

static const char *copy_of(struct boot_job *job, const char *folder)
{
	return arena_fmt(&job->arena, "%s/medium", folder);
}

/* The size of a copy of `bytes`, by the rule `how`; 0: unknown rule. */
static off_t size_of_copy(const char *how, off_t bytes)
{
	off_t size = MIB;
	char *end;
	long more;

	if (*how == '+') {
		more = strtol(how + 1, &end, 10);
		return more > 0 && more <= MIB && !*end ? bytes + (off_t)more * MIB : 0;
	}
	if (strcmp(how, "power-of-two") != 0)
		return 0;
	while (size < bytes)
		size *= 2;
	return size;
}

/* A copy of the medium in another size; the added part is a hole. */
static const char *resized(struct boot_job *job, const struct boot_cell *cell, const char *how,
	const char *folder, struct error *err)
{
	const char *from = arena_fmt(&job->arena, "%s/%s", job->output, cell->file);
	const char *copy = copy_of(job, folder);
	struct stat st;
	off_t size;

	unlink(copy);
	if (!copy_file(from, copy, false, err))
		return NULL;
	size = stat(copy, &st) == 0 ? size_of_copy(how, st.st_size) : 0;
	if (!size) {
		error_set(err, ERROR_PROFILE, "the medium %s has the unknown size '%s'",
			cell->medium->name, how);
		return NULL;
	}
	if (chmod(copy, 0600) == 0 && truncate(copy, size) == 0)
		return copy;
	error_errno(err, "%s cannot get the size of a medium", copy);
	return NULL;
}

/* A folder in which the medium's file has the required path. */
static const char *laid_out(
	struct boot_job *job, const struct boot_cell *cell, const char *folder, struct error *err)
{
	char *real = realpath(arena_fmt(&job->arena, "%s/%s", job->output, cell->file), NULL);
	const char *shown = copy_of(job, folder);
	char *link = arena_fmt(&job->arena, "%s/%s", shown, cell->medium->path);
	const char *above = arena_strn(&job->arena, link, (size_t)(strrchr(link, '/') - link));
	bool ok = real || error_errno(err, "%s cannot be found", cell->file);

	ok = ok && place_remove(shown, err) && place_make_folder(above, err) &&
	     (symlink(real, link) == 0 || error_errno(err, "%s cannot be made", link));
	free(real);
	return ok ? shown : NULL;
}

static bool enter_medium(
	struct boot_job *job, const struct boot_cell *cell, const char *folder, struct error *err)
{
	const char *file = cell->file, *size;

	facts_set(&job->facts, "medium-format", "%s", cell->format->drive);
	size = medium_size(cell->medium, &job->facts);
	if (size)
		file = resized(job, cell, size, folder, err);
	else if (cell->medium->path)
		file = laid_out(job, cell, folder, err);
	if (!file)
		return false;
	facts_set_doubled(&job->facts, "medium-file", file);
	return true;
}

bool boot_enter(struct boot_job *job, size_t number, const char *folder, struct error *err)
{
	const struct boot_cell *cell = &job->cells.at[number];

	job->cell = number;
	job->log = cell->log;
	facts_set(&job->facts, "loader", "%s", loader_word(cell->loader));
	facts_set(&job->facts, "medium", "%s", cell_medium(cell));
	set_memory(job, cell->bytes);
	return !cell->medium || enter_medium(job, cell, folder, err);
}

void boot_leave(const char *folder)
{
	struct text copy = TEXT_INIT;

	struct error ignored;

	text_fmt(&copy, "%s/medium", folder);
	if (!place_remove(copy.s, &ignored))
		unlink(copy.s);
	text_release(&copy);
}
