/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts a test boot of what was built, or a grid of them: a run like any other (run.h), followed and ended in the same way. */
#ifndef RUN_BOOT_H
#define RUN_BOOT_H

#include "base/error.h"
#include "base/text.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "plan/plan.h"
#include "run/run.h"

#include <stdbool.h>

/* In the order of their words on the command line. */
enum accel { ACCEL_AUTO, ACCEL_KVM, ACCEL_TCG };
enum loader { LOADER_AUTO, LOADER_BIOS, LOADER_UEFI, LOADER_DIRECT /* a kernel alone */ };
/* AUTO: a window if one can be shown */
enum display { DISPLAY_NONE, DISPLAY_AUTO, DISPLAY_WINDOW, DISPLAY_VNC };

struct boot_options {
	enum accel accel;
	enum loader firmware; /* in a grid: only this one */
	const char *medium;   /* NULL or "auto", else a medium's name; in a grid: only this one */
	bool grid;	      /* every combination of firmware and medium, one after another */
	long memory_mib;      /* 0: from the profile */
	/* what the profile's options of these names would say; NULL: what it says */
	const char *cpus, *cpu, *cards;
	bool glance; /* run_boot_check asks no program: quick enough for each drawing of a screen */
	double timeout_s; /* 0: 60 */
	/* After the verdict keep the guest until it powers off or the run is cancelled: the run stays alive, the guest's output
	 * keeps growing in the boot-start event's `log`, and bytes written to its `console` reach the guest. */
	bool interactive;
	const char *output; /* folder with the results of the build, NULL: out/PROFILE */
	const struct strings *
		disks; /* files that the guest gets as additional disks and may write to; NULL: none */
	bool gdb; /* the guest waits for a debugger before its first instruction; no time limit unless timeout_s */
	enum display display;
	const char *
		screenshot; /* file for a picture (PNG) of the guest's display at its end, NULL: none */
	/* NULL: a network for this run; "new": a bridge made for it; else a bridge's name */
	const char *bridge;
	const struct strings *
		forwards; /* HOST:GUEST, ports of this machine that lead to the guest's; NULL: none */
	const struct strings *append; /* more words for the kernel's command line; NULL: none */
};

/* Boots in the background. ERROR_HOST if a run of the same profile is still alive. */
CHECKED bool run_boot(struct run **out, const struct profile *p, const struct settings *s,
	const struct boot_options *o, struct error *err);

/* What run_boot would refuse whatever the build makes: call it before a build that a boot will follow. */
CHECKED bool run_boot_check(
	const struct profile *p, const struct boot_options *o, struct error *err);

/* What a test boot of a plan could not test, or not find: a sentence for each, before anything is built. */
void run_boot_foresee(
	const struct profile *p, const struct plan *plan, source_note *note, void *ctx);

#endif
