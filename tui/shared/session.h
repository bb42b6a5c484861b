/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The run that is shown, on the screen or on the command line: a build, the boot or the writing of a stick after it, or a run
 * found running. The builder is another process; releasing a session does not end it, except for a test boot whose guest is kept
 * for typing: nobody else would end it.
 */
#ifndef SESSION_H
#define SESSION_H

#include "choice/profile.h"
#include "choice/settings.h"
#include "run/run.h"
#include "shared/model.h"
#include "step/device.h"

struct session {
	struct run *run; /* NULL: none */
	struct model model;
	bool is_boot;
	bool is_write;
	bool boot_next;	      /* a boot follows if this build succeeds */
	bool may_type;	      /* to the guest, although it is somebody else's: the person said so */
	bool kept_guest;      /* the guest stays after the verdict until we end it */
	size_t unsaved;	      /* so many choices of this build are in no file */
	bool shown;	      /* it was on the screen, so that its end is worth a word afterwards */
	double began;	      /* by clock_now */
	struct error problem; /* ERROR_NONE, or a broken log: why nothing more is shown */
	event_sink *also;     /* called with each event once the model has it; NULL: none */
	void *also_ctx;
};

/* Takes over a run that was started or found; releases the previous one. */
void session_begin(struct session *s, struct run *run);

/* Would there be anything to boot once it is built? */
CHECKED bool session_may_boot(const struct profile *p, struct error *err);

CHECKED bool session_build(struct session *s, const struct profile *p,
	const struct settings *settings, bool boot_next, struct error *err);
CHECKED bool session_boot(struct session *s, const struct profile *p,
	const struct settings *settings, struct error *err);
CHECKED bool session_grid(struct session *s, const struct profile *p,
	const struct settings *settings, struct error *err);
CHECKED bool session_write(
	struct session *s, const struct profile *p, const struct device *d, struct error *err);
CHECKED bool session_attach(
	struct session *s, const struct place *place, const char *profile, struct error *err);
/* One of run_living; a guest that is kept for typing in the run that was shown stays on. */
CHECKED bool session_switch(struct session *s, const char *folder, struct error *err);
void session_close(struct session *s);

bool session_pump(struct session *s); /* true when there was news */
bool session_is_alive(const struct session *s);
double session_elapsed(const struct session *s); /* seconds since the run began, or its duration */
/* To the guest's console. */
void session_send(const struct session *s, const char *bytes, size_t len);

const char *session_noun(const struct session *s); /* "build", "boot", "writing" */

/* What to print on the normal screen about how it ended; nothing while it runs, or if it succeeded without a result to name. */
/* ", of USER" when somebody else started it. */
void session_print_owner(const struct session *s, struct text *out);
void session_farewell(const struct session *s, struct text *out);

#endif
