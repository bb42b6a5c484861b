/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the build needs from this machine: tools and libraries (share/host/needs), and how to install each here
 * (share/host/NAME.packages, chosen by os-release). For `doctor`, `check` and the failure messages.
 */
#ifndef HOST_H
#define HOST_H

#include "base/place.h"

struct host_need {
	const char *tool;    /* "flex", or "library libelf" */
	const char *purpose; /* "the kernel's configuration" */
	const char *package; /* package of this distribution, "" if unknown */
	bool present;
	bool required;	   /* optional: something else works less well without it */
	const char *found; /* path, "" */
};

struct host_report {
	struct arena arena;
	const char *distribution; /* "Debian GNU/Linux 12 (bookworm)" */
	VEC(struct host_need) needs;
	/* the command line that installs everything missing, "" if nothing is or the system is unknown; the same without sudo; a
	 * side effect of it worth mentioning, mostly "" */
	const char *install, *as_root, *warning;
	/* the same as commands, to run in order; no packages: there is nothing to install, or no permission */
	struct strings refresh_argv, install_argv, packages;
	struct strings quickly; /* arguments that limit the waiting when no server answers */
	bool sudo;		/* the commands need sudo */
	bool kvm;		/* /dev/kvm can be opened; only booting shows whether guests run */
};

CHECKED bool host_inspect(struct host_report *r, const struct place *p, struct error *err);
void host_report_release(struct host_report *r);

/* Runs the report's commands, their output to out_fd; call host_inspect afterwards to see the result. A package that this release
 * lacks does not prevent the others. Sudo asks once. */
CHECKED bool host_install(const struct host_report *r, int out_fd, struct error *err);

#endif
