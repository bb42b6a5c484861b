/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run ARGV...: a program of the host in the step's own process group, with the step's environment and nothing else. */
#include "action.h"
#include "proc.h"

#include "banned.h"

bool action_run(const struct action_context *c, const struct strings *args, struct error *err)
{
	struct proc p = {.cwd = c->step->cwd, .out_fd = 1};
	struct strings argv = {0}, env = {0};
	bool ok = false;
	int status;

	for (size_t i = 0; i < args->n; i++)
		vec_push(&argv, args->at[i]);
	vec_push(&argv, NULL);
	for (size_t i = 0; i < c->step->env.n; i++)
		vec_push(&env, c->step->env.at[i]);
	vec_push(&env, NULL);
	p.argv = argv.at;
	p.env = env.at;
	if (!proc_start(&p, err))
		goto out;
	proc_wait(&p, -1, &status);
	ok = status == 0;
	if (!ok) {
		action_tell(c, "exit %d", proc_exit(status));
		error_set(err, ERROR_STEP, "%s ended with %s", args->at[0], proc_words(status).s);
	}
out:
	vec_release(&argv);
	vec_release(&env);
	return ok;
}
