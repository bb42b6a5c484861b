/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run ARGV...: runs a host program in the step's own process group, with the step's environment and nothing else. */
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/jobserver.h"
#include "proc/proc.h"
#include "step/action.h"

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

bool action_run(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct proc p = {.cwd = c->step->cwd, .out_fd = 1};
	struct strings argv = {0}, env = {0};
	struct text flags = TEXT_INIT;
	bool ok = false;
	int status;

	for (size_t i = 0; i < args->n; i++)
		vec_push(&argv, args->at[i]);
	vec_push(&argv, NULL);
	for (size_t i = 0; i < c->step->env.n; i++)
		if (!is_set_later(&c->step->env, i))
			vec_push(&env, c->step->env.at[i]);
	if (c->jobs && c->jobs->parallel) {
		/* make reads options from here; an unnumbered -j among them would bypass our jobserver */
		jobserver_tell(c->plan->jobs, c->jobs->by_path, &flags);
		vec_push(&env, flags.s);
		p.keep_fds[0] = JOBSERVER_READ_FD;
		p.keep_fds[1] = JOBSERVER_WRITE_FD;
	}
	/* what runs scripts of a source tree must not leave compiled ones in it */
	vec_push(&env, "PYTHONDONTWRITEBYTECODE=1");
	vec_push(&env, NULL);
	p.argv = argv.at;
	p.env = env.at;
	if (!proc_start(&p, err))
		goto out;
	proc_wait(&p, -1, &status);
	ok = status == 0;
	if (!ok)
		failed(c, args->at[0], status, err);
out:
	text_release(&flags);
	vec_release(&argv);
	vec_release(&env);
	return ok;
}
