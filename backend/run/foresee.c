/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a build would take, without beginning it. */
#include "base/error.h"
#include "plan/plan.h"
#include "run/run.h"

#include "base/banned.h"

bool run_foresee(struct run_costs *f, const struct profile *p, const struct settings *s,
	const char *output, struct error *err)
{
	const struct plan_options options = {.output = output, .offline = true};
	struct plan plan;

	if (!plan_make(&plan, p, s, &options, err))
		return false;
	*f = (struct run_costs){plan.forecast.least, plan.forecast.most,
		plan.forecast.download_bytes, plan.forecast.disk_bytes, plan.forecast.unknown};
	plan_release(&plan);
	return true;
}
