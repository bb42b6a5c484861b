/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run ARGV...: runs a host program in the step's own process group, with the step's environment and nothing else. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/jail_enter.h"
#include "proc/jobserver.h"
#include "proc/proc.h"
#include "step/action.h"
#include "step/confine.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "base/banned.h"

enum { LEAST_ROOM = 64 * 1024 };

/* If a variable is given twice the last counts; programs themselves would use the first. */
static bool is_set_later(const struct strings *env, size_t i)
{
	size_t name = strcspn(env->at[i], "=") + 1;

	for (size_t k = i + 1; k < env->n; k++)
		if (strncmp(env->at[k], env->at[i], name) == 0)
			return true;
	return false;
}

/* Programs report a full disk in words of their own or not at all, so look at the disk, which is still full then. */
static bool is_full(const struct action_context *c)
{
	const char *folder = c->step->cwd	   ? c->step->cwd
			     : c->step->unit->work ? c->step->unit->work
						   : c->place->cache;
	struct statvfs fs;

	return statvfs(folder, &fs) == 0 && fs.f_blocks && fs.f_bavail * fs.f_frsize < LEAST_ROOM;
}

static bool failed(
	const struct action_context *c, const char *program, int status, struct error *err)
{
	struct rlimit most;

	if (proc_exit(status) == 128 + SIGXFSZ && getrlimit(RLIMIT_FSIZE, &most) == 0)
		return error_set(err, ERROR_HOST,
			"%s was ended by the limit of file sizes, which is %llu KiB here; raise it (ulimit -f) and start the build again",
			program, (unsigned long long)most.rlim_cur / 1024);
	if (is_full(c))
		return error_set(err, ERROR_HOST,
			"%s failed (%s) with no space left on the disk of %s; free some space or move the cache with BOOTSMITH_CACHE, then start the build again: it goes on where it stopped",
			program, proc_words(status).s, c->place->cache);
	action_tell(c, "exit %d", proc_exit(status));
	return error_set(err, ERROR_STEP, "%s failed: %s", program, proc_words(status).s);
}

/* The step's variables, and where a sandbox has its own folder for temporary files, that one: a person's is not there. */
static bool collect(
	const struct action_context *c, struct strings *env, struct arena *a, struct error *err)
{
	const struct strings *given = &c->step->env;
	bool own = confine_is_on(c) && !c->power->spaces;
	const char *folder;

	for (size_t i = 0; i < given->n; i++) {
		bool temporary = confine_is_on(c) && strncmp(given->at[i], "TMPDIR=", 7) == 0;

		own = own || temporary;
		if (!temporary && !is_set_later(given, i))
			vec_push_in(a, env, given->at[i]);
	}
	if (own && !confine_temporary(c, &folder, a, err))
		return false;
	if (own)
		vec_push_in(a, env, arena_fmt(a, "TMPDIR=%s", folder));
	/* what runs scripts of a source tree must not leave compiled ones in it */
	vec_push_in(a, env, "PYTHONDONTWRITEBYTECODE=1");
	return true;
}

/* make reads options from here; an unnumbered -j among them would bypass our jobserver */
static void share_jobs(
	const struct action_context *c, struct proc *p, struct strings *env, struct arena *a)
{
	struct text told = TEXT_INIT;
	char *flags, *id;

	jobserver_tell(c->plan->jobs, c->jobs->by_path, &told);
	flags = arena_str(a, told.s);
	text_release(&told);
	vec_push_in(a, env, flags);
	id = strstr(flags, PROC_ID);
	p->own_id = id ? id + 1 : NULL;
	p->keep_fds[0] = JOBSERVER_READ_FD;
	p->keep_fds[1] = JOBSERVER_WRITE_FD;
}

bool action_run(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct proc p = {.cwd = c->step->cwd, .out_fd = 1};
	struct strings argv = {0}, env = {0};
	struct arena a = ARENA_INIT;
	struct jail jail = {.folder = NULL};
	bool ok = collect(c, &env, &a, err);
	int status;

	for (size_t i = 0; i < args->n; i++)
		vec_push_in(&a, &argv, args->at[i]);
	vec_push_in(&a, &argv, NULL);
	if (c->jobs && c->jobs->parallel)
		share_jobs(c, &p, &env, &a);
	vec_push_in(&a, &env, NULL);
	p.argv = argv.at;
	p.env = env.at;
	if (ok && confine_is_on(c)) {
		p.jail = &jail;
		ok = confine_view(c, &jail, &a, err);
	}
	ok = ok && proc_start(&p, err);
	if (ok) {
		proc_wait(&p, -1, &status);
		ok = status == 0 || failed(c, args->at[0], status, err);
	}
	arena_release(&a);
	return ok;
}
