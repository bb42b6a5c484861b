/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks the backend about this machine (in a child process, screen/asked.h). */
#include "screen/host_check.h"

#include "base/printable.h"
#include "base/text.h"
#include "proc/host.h"
#include "screen/app.h"

#include <string.h>

static void report(const struct host_report *r, struct text *out)
{
	size_t missing = 0;

	for (size_t i = 0; i < r->needs.n; i++) {
		const struct host_need *n = &r->needs.at[i];

		if (n->present || !n->required)
			continue;
		text_fmt(out, "%s%s", missing ? ", " : "missing: ", n->tool);
		missing++;
	}
	if (missing)
		text_str(out, ". 'bootsmith doctor --install' gets what is missing.");
	else
		text_str(out, "all tools present");
	if (!r->kvm)
		text_str(out,
			missing ? " No KVM: boots are slower." : ", no KVM (boots are slower)");
}

void host_check(const struct app *app, struct text *out)
{
	struct host_report r = {0};
	struct error err = {0};

	if (host_inspect(&r, app->place, &err))
		report(&r, out);
	else
		printable(out, err.text, strlen(err.text));
}
