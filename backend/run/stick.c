/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes a stick: everything that can be wrong beforehand is checked in the caller's process; then a run of two steps writes the
 * image and reads it back. The run's process keeps the device open exclusively all the time, so that nothing mounts it in
 * between.
 */
#include "run/stick.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "cache/results.h"
#include "choice/format.h"
#include "choice/profile.h"
#include "plan/plan.h"
#include "plan/plan_steps.h"
#include "run/builder.h"
#include "run/journal.h"
#include "run/run.h"
#include "step/device.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <grp.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

/* ---- which image ---- */

/* The formats that can be written, for the message. The last ones fit most systems: not every system can run from a CD. */
static void offer_all(const struct catalog *c, struct text *names)
{
	for (size_t i = c->formats.n; i-- > 0;)
		if (format_has(c->formats.at[i], FORMAT_STICK))
			text_fmt(names, "%s%s", names->len ? " or " : "", c->formats.at[i]->name);
}

static bool no_format(const struct profile *p, const char *wanted, struct error *err)
{
	const char *images = profile_get(p, FORMAT_CHOICE);
	struct text names = TEXT_INIT;

	offer_all(p->catalog, &names);
	if (wanted)
		error_set(err, ERROR_USAGE,
			"%s cannot be written to a device as %s: it makes %s, of which %s can be",
			p->name, wanted, images, names.s);
	else
		error_set(err, ERROR_PROFILE,
			"%s makes nothing that can be written to a device (image = %s); add %s: bootsmith set %s image=\"%s %.*s\"",
			p->name, images, names.s, p->name, images, (int)strcspn(names.s, " "),
			names.s);
	text_release(&names);
	return false;
}

bool stick_format(const struct profile *p, const char *wanted, struct arena *a, const char **name,
	struct error *err)
{
	struct strings words = {0};
	bool fits = false, ok = conf_words(profile_get(p, FORMAT_CHOICE), a, &words, err);

	for (size_t i = 0; ok && !fits && i < words.n; i++) {
		const struct format *f = format_find(p->catalog, words.at[i]);

		*name = words.at[i];
		fits = f && format_has(f, FORMAT_STICK) && (!wanted || strcmp(wanted, *name) == 0);
	}
	return ok && (fits || no_format(p, wanted, err));
}

/* ---- its file ---- */

static bool no_results(const struct profile *p, const char *folder, struct error *err)
{
	return error_set(err, ERROR_USAGE,
		"there is no such image of %s in %s; build first: bootsmith build %s", p->name,
		folder, p->name);
}

bool stick_find(const struct profile *p, const char *wanted, const char *output, struct arena *a,
	struct stick_image *image, struct error *err)
{
	const char *relative = results_folder(a, p->name, output);
	char *folder;
	struct results r;
	const char *file;
	struct stat st;
	bool ok;

	if (!stick_format(p, wanted, a, &image->name, err))
		return false;
	folder = realpath(relative, NULL);
	if (!folder || !results_load(&r, folder, err)) {
		free(folder);
		return no_results(p, relative, err);
	}
	file = results_image(&r, image->name);
	image->file = arena_str(a, file ? file : "");
	image->path = arena_fmt(a, "%s/%s", folder, image->file);
	ok = (file && stat(image->path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) ||
	     no_results(p, relative, err);
	image->bytes = ok ? (uint64_t)st.st_size : 0;
	results_release(&r);
	free(folder);
	return ok;
}

/* ---- the device ---- */

static bool no_right(const struct device *d, struct error *err)
{
	const struct group *g = NULL;
	struct stat st;

	if (stat(d->node, &st) == 0 && (st.st_mode & 0060) == 0060)
		g = getgrgid(st.st_gid);
	if (g)
		return error_set(err, ERROR_HOST,
			"you may not write to %s; that is for members of the group %s (as root: usermod -aG %s NAME, then log in anew) and for root",
			d->path, g->gr_name, g->gr_name);
	return error_set(
		err, ERROR_HOST, "you may not write to %s; that is for root alone", d->path);
}

/* Opens it exclusively: the kernel refuses if it is mounted or otherwise in use, even where we cannot see that. With the lock
 * udev leaves it alone, so that nothing tries to mount it while it is written. */
static bool claim(const struct device *d, const struct place *p, int *fd, struct error *err)
{
	*fd = -1;
	if (access(d->node, R_OK | W_OK) != 0 && (errno == EACCES || errno == EPERM))
		return no_right(d, err);
	*fd = open(d->node, O_RDONLY | O_EXCL | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0 && errno == EBUSY)
		return error_set(err, ERROR_HOST,
			"%s is in use (mounted somewhere else, or taken by a program); end that first",
			d->path);
	if (*fd < 0)
		return error_errno(err, "%s cannot be opened", d->path);
	if (!device_is_open(d, *fd, p))
		error_set(err, ERROR_HOST,
			"%s is not the device that the kernel knows by this name; nothing is written",
			d->path);
	else if (flock(*fd, LOCK_EX | LOCK_NB) != 0)
		error_set(err, ERROR_HOST, "%s is being written by another program; wait for it",
			d->path);
	else
		return true;
	close(*fd);
	*fd = -1;
	return false;
}

/* ---- the run ---- */

struct stick_job {
	struct arena arena;
	struct device_list devices;
	const struct device *device;
	const struct place *place;
	struct stick_image image;
	const char *profile;
};

/* The stick may be exchanged between the confirmation and the writing. */
static bool is_same(const struct device *d, const char *identity, struct error *err)
{
	return !identity || strcmp(identity, d->identity) == 0 ||
	       error_set(err, ERROR_HOST,
		       "%s is not the device any more that was confirmed; nothing is written",
		       d->path);
}

static bool find_device(
	struct stick_job *job, const char *word, const char *identity, struct error *err)
{
	return device_list_load(&job->devices, job->place, err) &&
	       device_find(&job->devices, word, &job->device, err) &&
	       device_check(job->device, job->image.bytes, err) &&
	       is_same(job->device, identity, err);
}

/* Once claimed it cannot change: check again now, this is the one that is written. */
static bool claim_same(const struct stick_job *job, int *fd, struct error *err)
{
	const struct device *now = NULL;
	struct device_list list;
	bool ok;

	if (!claim(job->device, job->place, fd, err))
		return false;
	ok = device_list_load(&list, job->place, err);
	if (ok) {
		ok = device_find(&list, job->device->path, &now, err) &&
		     is_same(now, job->device->identity, err);
		device_list_release(&list);
	}
	if (!ok)
		close(*fd);
	return ok;
}

static void make_plan(struct plan *p, const struct stick_job *job)
{
	static const struct {
		const char *id, *title;
		enum action_verb verb;
	} rows[] = {
		{"stick.write", "write", ACTION_burn},
		{"stick.verify", "read back", ACTION_reread},
	};
	struct unit *u = plan_unit(p, "stick", NULL, NULL);
	struct step *before = NULL;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct step *s = plan_step(p, u, rows[i].id, rows[i].title);
		struct strings args = {0};

		vec_push_in(&p->arena, &args, job->image.path);
		vec_push_in(&p->arena, &args, job->device->node);
		plan_action(p, s, rows[i].verb, &args);
		s->why = "it was asked for";
		if (before)
			plan_needs(p, s, before);
		before = s;
	}
	before->last = true;
}

static void conclude(struct journal *j, const struct stick_job *job, struct outcome *o)
{
	struct text sentence = TEXT_INIT;

	if (o->status == 0) {
		text_fmt(&sentence, "%s is on %s (%.1f MiB), verified; you may unplug it",
			job->image.file, job->device->path, (double)job->image.bytes / 1048576);
		journal_note(j, sentence.s);
	} else {
		text_fmt(&sentence,
			"%s; %s holds half an image or a bad one now and starts nothing until it is written again",
			o->sentence ? o->sentence : "it failed", job->device->path);
		o->sentence = arena_str(&o->arena, sentence.s);
	}
	text_release(&sentence);
	builder_emit_finished(j, o, NULL);
}

static void refuse(struct journal *j, const struct error *err)
{
	struct outcome o = {.arena = ARENA_INIT, .status = (int)err->kind, .sentence = err->text};

	builder_emit_finished(j, &o, NULL);
	outcome_release(&o);
}

static int write_body(struct journal *j, void *ctx)
{
	struct stick_job *job = ctx;
	struct plan plan = {.arena = ARENA_INIT,
		.profile = job->profile,
		.cache = job->place->cache,
		.jobs = 1};
	struct error err = {0};
	struct outcome o;
	int fd, status;

	/* we are in our own process by now: the caller's claim is gone */
	if (!claim_same(job, &fd, &err)) {
		refuse(j, &err);
		return (int)err.kind;
	}
	make_plan(&plan, job);
	builder_emit_plan(j, &plan);
	builder_execute(&o, j, &plan, job->place, (struct builder_rules){0});
	/* tell the kernel about the new partitions; if that needs a privilege, udev does it */
	ioctl(fd, BLKRRPART);
	close(fd);
	conclude(j, job, &o);
	status = o.status;
	outcome_release(&o);
	plan_release(&plan);
	return status;
}

bool run_write(
	struct run **out, const struct profile *p, const struct write_options *o, struct error *err)
{
	struct stick_job job = {.place = p->catalog->place, .profile = p->name};
	int fd = -1;
	bool ok = stick_find(p, o->image, o->output, &job.arena, &job.image, err) &&
		  find_device(&job, o->device, o->identity, err) &&
		  claim(job.device, job.place, &fd, err);

	if (fd >= 0)
		close(fd);
	ok = ok && journal_spawn(out, job.place, p->name, RUN_WRITE, write_body, NULL, &job, err);
	device_list_release(&job.devices);
	arena_release(&job.arena);
	return ok;
}
