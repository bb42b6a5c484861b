/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting a test boot, or a grid of them, of what was built: a run like any other (run.h), followed and ended in the same
 * way.
 */
#ifndef RUN_BOOT_H
#define RUN_BOOT_H

#include "base/error.h"
#include "base/text.h"
#include "choice/profile.h"
#include "choice/settings.h"
#include "run/run.h"

#include <stdbool.h>

/* In the order of the words that the command line has for them. */
enum accel { ACCEL_AUTO, ACCEL_KVM, ACCEL_TCG };
enum loader { LOADER_AUTO, LOADER_BIOS, LOADER_UEFI, LOADER_DIRECT /* a kernel alone */ };
/* AUTO: a window where there is a place for one */
enum display { DISPLAY_NONE, DISPLAY_AUTO, DISPLAY_WINDOW, DISPLAY_VNC };

struct boot_options {
	enum accel accel;
	enum loader firmware; /* in a grid: only this one */
	const char *medium;   /* NULL or "auto", else a medium's name; in a grid: only this one */
	bool grid;	      /* all that firmware and media allow, one after the other */
	long memory_mib;      /* 0: the profile's */
	double timeout_s;     /* 0: 60 */
	/* After the verdict keep the guest until it powers off or the run is cancelled: the run stays alive, what the guest
	 * prints goes on growing in the boot-start event's `log`, and bytes written to its `console` reach the guest. */
	bool interactive;
	const char *output; /* folder with the results of the build, NULL: out/PROFILE */
	const struct strings *
		disks; /* files that the guest gets as further disks and may write to; NULL: none */
	bool gdb; /* the guest waits for a debugger before its first instruction; no time limit unless timeout_s */
	enum display display;
	const char *
		screenshot; /* file for a picture (PNG) of the guest's display at its end, NULL: none */
	/* NULL: a network of the run's own; "new": a bridge made for it; else a bridge's name */
	const char *bridge;
	const struct strings *
		forwards; /* HOST:GUEST, ports of this machine that lead to the guest's; NULL: none */
	const struct strings *append; /* further words for the kernel's command line; NULL: none */
};

/* Boots in the background. A run of the same profile that is still alive is ERROR_HOST. */
CHECKED bool run_boot(struct run **out, const struct profile *p, const struct settings *s,
	const struct boot_options *o, struct error *err);

/* What run_boot would refuse whatever the build makes: to be asked before a build that a boot is to follow. */
CHECKED bool run_boot_check(
	const struct profile *p, const struct boot_options *o, struct error *err);

#endif
