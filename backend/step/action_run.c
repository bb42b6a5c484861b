/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run ARGV...: runs a host program in the step's own process group, with the step's environment and nothing else. */
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/jobserver.h"
#include "proc/proc.h"
#include "step/action.h"

#include <string.h>

#include "base/banned.h"

/* If a variable is given twice the last counts; programs themselves would use the first. */
static bool is_set_later(const struct strings *env, size_t i)
{
	size_t name = strcspn(env->at[i], "=") + 1;

	for (size_t k = i + 1; k < env->n; k++)
		if (strncmp(env->at[k], env->at[i], name) == 0)
			return true;
	return false;
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
	if (!ok) {
		action_tell(c, "exit %d", proc_exit(status));
		error_set(err, ERROR_STEP, "%s failed: %s", args->at[0], proc_words(status).s);
	}
out:
	text_release(&flags);
	vec_release(&argv);
	vec_release(&env);
	return ok;
}
