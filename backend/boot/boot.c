/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The front end's side of a test boot: checks everything that can be wrong before a guest runs, in the caller's process, and then
 * starts the daemon.
 */
#include "boot/boot.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/fields.h"
#include "base/hash.h"
#include "base/known.h"
#include "base/place.h"
#include "base/text.h"
#include "boot/check.h"
#include "boot/diagnose.h"
#include "boot/drivers.h"
#include "boot/machine.h"
#include "boot/run_boot.h"
#include "cache/results.h"
#include "choice/facts.h"
#include "choice/profile.h"
#include "plan/plan.h"
#include "proc/proc.h"
#include "run/journal.h"
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum { LIMIT_S = 60 };

/* ---- the results of the build ---- */

/* What a word may consist of to stand for itself in a shell. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._:+@%-"

static bool no_results(const char *folder, const char *profile, const char *what, struct error *err)
{
	return error_set(err, ERROR_USAGE, "there is no %s in %s; build first: bootsmith build %s",
		what, folder, profile);
}

static bool find_output(
	struct boot_job *job, const struct profile *p, const char *wanted, struct error *err)
{
	const char *relative = results_folder(&job->arena, p->name, wanted);
	char *real = realpath(relative, NULL);

	if (!real)
		return no_results(relative, p->name, "build", err);
	job->output = arena_str(&job->arena, real);
	free(real);
	return true;
}

/* A fact of several words; "" if there are none. */
static void set_list(struct boot_job *job, const char *name, const struct strings *words)
{
	struct text list = TEXT_INIT;

	for (size_t i = 0; words && i < words->n; i++)
		text_fmt(&list, i ? " %s" : "%s", words->at[i]);
	facts_set(&job->facts, name, "%s", list.s ? list.s : "");
	text_release(&list);
}

/* The stage of the component that made the kernel has its configuration, and its symbols if it contains the file that the machine
 * names. */
static void look_into_stage(struct boot_job *job, const char *component, const char *key)
{
	const char *stage, *file;

	if (!key || !hash_is_hex(key) || strchr(component, '/'))
		return;
	stage = plan_stage(&job->arena, job->place->cache, component, key);
	drivers_read(&job->machine, stage, &job->facts);
	if (!job->machine.symbols)
		return;
	file = arena_fmt(&job->arena, "%s/%s", stage, job->machine.symbols);
	if (access(file, R_OK) == 0)
		job->symbols = file;
}

/* The versions in the manifest become facts: {version.NAME} is what was built. */
static void take_components(struct boot_job *job, const struct results *r)
{
	for (size_t i = 0; i < r->components.n; i++) {
		const struct results_component *c = &r->components.at[i];

		facts_set(&job->facts, arena_fmt(&job->arena, "version.%s", c->name), "%s",
			c->version);
		look_into_stage(job, c->name, c->key);
	}
}

/* {set-id}: PATH:MODE of each program in the images that gives others' rights away, as the manifest lists them. */
static void take_set_id(struct boot_job *job, const struct results *r)
{
	struct text words = TEXT_INIT;
	const json_t *image, *o;
	size_t i, k;

	json_array_foreach(json_object_get(r->manifest, "sizes"), i, image)
	{
		json_array_foreach(json_object_get(image, "set_id"), k, o)
		{
			const char *word =
				arena_fmt(&job->arena, "%s:%s", field_text(o, "path", &job->arena),
					field_text(o, "mode", &job->arena));

			/* typed into a shell; and several images hold the same */
			if (strspn(word, PLAIN) == strlen(word) && !strstr(words.s, word))
				text_fmt(&words, "%s%s", words.len ? " " : "", word);
		}
	}
	facts_set(&job->facts, "set-id", "%s", words.s);
	text_release(&words);
}

/* A file of the results folder; its size is added to *bytes. */
static bool is_there(const struct boot_job *job, const char *file, uint64_t *bytes)
{
	struct text path = TEXT_INIT;
	struct stat st;
	bool ok;

	text_fmt(&path, "%s/%s", job->output, file);
	ok = stat(path.s, &st) == 0 && S_ISREG(st.st_mode);
	*bytes += ok ? (uint64_t)st.st_size : 0;
	text_release(&path);
	return ok;
}

/* Sets the fact `name` to the file of that format. */
static bool need_image(struct boot_job *job, const struct profile *p, const struct results *r,
	const char *name, const char *format, uint64_t *bytes, struct error *err)
{
	const char *file = results_image(r, format);

	if (!file || !is_there(job, file, bytes))
		return no_results(
			job->output, p->name, arena_fmt(&job->arena, "image %s", format), err);
	facts_set(&job->facts, name, "%s", file);
	return true;
}

/* Made of several words, so that no two cells share a log. */
static const char *log_of(struct boot_job *job, const struct boot_cell *c)
{
	const char *end = c->medium && c->file ? strrchr(c->file, '.') : NULL;

	if (!job->grid)
		return arena_fmt(&job->arena, "%s/serial.log", job->output);
	return arena_fmt(&job->arena, "%s/grid/%s-%s%s%s.log", job->output, loader_word(c->loader),
		cell_medium(c), end ? "-" : "", end ? end + 1 : "");
}

static bool find_kernel(struct boot_job *job, const struct profile *p, const struct results *r,
	struct boot_cell *c, struct error *err)
{
	const struct machine *m = &job->machine;
	const char *root = machine_root(m, &job->facts);
	uint64_t on_disk = 0;

	c->log = log_of(job, c);
	if (c->why)
		return true;
	if (!is_there(job, m->kernel, &c->bytes))
		return no_results(job->output, p->name, m->kernel, err);
	facts_set(&job->facts, "kernel-file", "%s", m->kernel);
	return need_image(job, p, r, "initramfs-file", m->initramfs, &c->bytes, err) &&
	       (!root || need_image(job, p, r, "root-file", root, &on_disk, err));
}

static bool find_medium(struct boot_job *job, const struct profile *p, const struct results *r,
	struct boot_cell *c, struct error *err)
{
	const char *file = c->format ? results_image(r, c->format->name) : NULL;

	if (file && is_there(job, file, &c->bytes))
		c->file = arena_str(&job->arena, file);
	c->log = log_of(job, c);
	return c->file || c->why ||
	       no_results(job->output, p->name, arena_fmt(&job->arena, "image %s", c->format->name),
		       err);
}

/* What was built; before the cells are chosen, for which of them can start depends on the kernel. Where there is nothing,
 * find_images says so. */
static void look_at_results(struct boot_job *job, const struct profile *p, const char *wanted)
{
	struct error ignored;
	struct results r;

	if (!find_output(job, p, wanted, &ignored) || !results_load(&r, job->output, &ignored))
		return;
	take_components(job, &r);
	take_set_id(job, &r);
	set_list(job, "replaced", &r.replaced);
	results_release(&r);
	drivers_ask(&job->machine, &job->facts);
	drivers_fit(&job->machine, &job->facts);
}

static bool find_images(struct boot_job *job, const struct profile *p, struct error *err)
{
	struct results r;
	bool ok = true;

	if (!results_load(&r, job->output, err))
		return no_results(job->output, p->name, "readable manifest.json", err);
	for (size_t i = 0; i < r.images.n; i++)
		facts_set_doubled(&job->facts,
			arena_fmt(&job->arena, "file.%s", r.images.at[i].format),
			r.images.at[i].file);
	for (size_t i = 0; ok && i < job->cells.n; i++)
		ok = (job->cells.at[i].medium ? find_medium : find_kernel)(
			job, p, &r, &job->cells.at[i], err);
	results_release(&r);
	return ok;
}

/* ---- the machine ---- */

/* A disk's file for the emulator. */
static bool add_disk(struct boot_job *job, size_t number, const char *file, struct error *err)
{
	char *real = realpath(file, NULL);
	struct stat st;
	bool ok = real && stat(real, &st) == 0 && access(real, R_OK | W_OK) == 0;

	if (ok && !S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	if (!ok || !(S_ISREG(st.st_mode) || S_ISBLK(st.st_mode)))
		ok = error_set(err, ERROR_USAGE,
			"--disk %s: %s; it must be a file that can be written to, such as `truncate -s 64M FILE` makes",
			file, strerror(errno));
	if (ok && drivers_has_no_disk(&job->facts))
		ok = error_set(err, ERROR_USAGE,
			"--disk %s: the kernel was built without a driver for any disk of the test machine and would not see it; it needs %s",
			file, facts_get(&job->facts, "disks-lack"));
	if (ok)
		facts_set_doubled(&job->facts, arena_fmt(&job->arena, "disk-%zu", number), real);
	free(real);
	return ok;
}

/* What the caller wants besides the machine file: more disks, more words. */
static bool add_wishes(struct boot_job *job, const struct boot_options *o, struct error *err)
{
	struct strings names = {0};

	if (!boot_add_extras(job, o, err))
		return false;
	for (size_t i = 0; o->disks && i < o->disks->n; i++)
		if (!add_disk(job, i + 1, o->disks->at[i], err))
			return false;
	for (size_t i = 0; o->append && i < o->append->n; i++)
		vec_push_in(&job->arena, &names,
			arena_strn(&job->arena, o->append->at[i], strcspn(o->append->at[i], "= ")));
	set_list(job, "words", o->append);
	set_list(job, "appended", &names);
	return true;
}

static bool can_use_kvm(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool choose_accel(struct boot_job *job, const struct boot_options *o, struct error *err)
{
	if (o->accel == ACCEL_KVM && !can_use_kvm())
		return error_set(err, ERROR_HOST,
			"/dev/kvm cannot be opened (%s); use --accel tcg, or see whether virtualisation is on and you may use it",
			strerror(errno));
	/* a guest that waits for its debugger is silent, as under a broken KVM */
	job->may_fall_back = o->accel == ACCEL_AUTO && can_use_kvm() && !o->gdb &&
			     !boot_kvm_is_bad(job->place, job->machine.program);
	job->accel = job->may_fall_back ? ACCEL_KVM : o->accel == ACCEL_AUTO ? ACCEL_TCG : o->accel;
	return true;
}

static bool find_program(const struct boot_job *job, struct error *err)
{
	struct text path = TEXT_INIT;
	bool ok = proc_find(job->machine.program, NULL, &path);

	text_release(&path);
	return ok ||
	       error_set(err, ERROR_HOST,
		       "%s is not installed, and a test boot needs it; `bootsmith doctor --install` installs it",
		       job->machine.program);
}

bool boot_open_log(struct boot_job *job, struct error *err)
{
	if (job->log_fd >= 0)
		close(job->log_fd);
	job->log_fd = open(job->log, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
	return job->log_fd >= 0 || error_errno(err, "%s cannot be written", job->log);
}

static bool can_be_started(struct boot_job *job, const struct profile *p, struct error *err)
{
	const char *why = machine_refusal(&job->machine, &job->facts);

	return !why || error_set(err, ERROR_USAGE, "%s: %s", p->name, why);
}

/* Checks that the logs can be written; the daemon opens them again. */
static bool try_log(struct boot_job *job, struct error *err)
{
	if (job->grid && !place_make_folder(arena_fmt(&job->arena, "%s/grid", job->output), err))
		return false;
	job->log = job->cells.at[0].log;
	if (!boot_open_log(job, err))
		return false;
	close(job->log_fd);
	job->log_fd = -1;
	return true;
}

/* `built`: the results are to be started; else this is what does not depend on them. */
static bool choose(struct boot_job *job, const struct profile *p, const struct boot_options *o,
	bool built, struct error *err)
{
	*job = (struct boot_job){.place = p->catalog->place,
		.log_fd = -1,
		.memory_mib = o->memory_mib,
		.limit_s = o->timeout_s > 0 ? o->timeout_s : LIMIT_S,
		.interactive = o->interactive,
		.tap = -1,
		.facts = {.profile = p}};
	if (!machine_load(&job->machine, p->catalog, profile_get(p, "arch"), err) ||
		!can_be_started(job, p, err) || !find_program(job, err))
		return false;
	if (built)
		look_at_results(job, p, o->output);
	return boot_choose_cells(job, p, o, err) && add_wishes(job, o, err) &&
	       choose_accel(job, o, err);
}

static bool prepare(struct boot_job *job, const struct profile *p, const struct boot_options *o,
	struct error *err)
{
	if (!choose(job, p, o, true, err) || !find_output(job, p, o->output, err) ||
		!find_images(job, p, err))
		return false;
	facts_set(&job->facts, "symbols", job->symbols ? "yes" : "no");
	facts_set(&job->facts, "symbols-file", "%s", job->symbols ? job->symbols : "");
	if (job->screenshot)
		unlink(job->screenshot); /* of an earlier boot */
	return diagnose_load(&job->known, job->place, &job->facts, err) &&
	       check_load(&job->checks, p->catalog, err) &&
	       check_add_packages(&job->checks, p, &job->facts, err) && try_log(job, err);
}

void boot_job_release(struct boot_job *job)
{
	if (job->log_fd >= 0)
		close(job->log_fd);
	machine_release(&job->machine);
	facts_release(&job->facts);
	known_release(&job->known);
	check_release(&job->checks);
	arena_release(&job->arena);
}

bool run_boot_check(const struct profile *p, const struct boot_options *o, struct error *err)
{
	struct boot_job job;
	bool ok = choose(&job, p, o, false, err);

	boot_job_release(&job);
	return ok;
}

void run_boot_foresee(
	const struct profile *p, const struct plan *plan, source_note *tell, void *ctx)
{
	struct boot_job job = {.log_fd = -1, .facts = {.profile = p}};
	struct strings sentences = {0};
	struct error ignored;

	if (machine_load(&job.machine, p->catalog, profile_get(p, "arch"), &ignored) &&
		drivers_foresee(&job.machine, plan, &job.facts)) {
		drivers_ask(&job.machine, &job.facts);
		drivers_fit(&job.machine, &job.facts);
		if (machine_forebodings(&job.machine, &job.facts, &job.arena, &sentences, &ignored))
			for (size_t i = 0; i < sentences.n; i++)
				tell(ctx, sentences.at[i]);
	}
	boot_job_release(&job);
}

bool run_boot(struct run **out, const struct profile *p, const struct settings *s,
	const struct boot_options *o, struct error *err)
{
	struct boot_job job;
	bool ok = prepare(&job, p, o, err) &&
		  journal_spawn(out, job.place, p->name, o->grid ? RUN_GRID : RUN_BOOT,
			  boot_session, boot_after, &job, err);

	(void)s;
	boot_job_release(&job);
	return ok;
}
