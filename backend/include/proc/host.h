/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the build needs from this machine: tools and libraries (share/host/needs), and how each is installed here
 * (share/host/NAME.packages, chosen by os-release). For `doctor`, `check` and the failure messages.
 */
#ifndef HOST_H
#define HOST_H

#include "base/place.h"

struct host_need {
	const char *tool;    /* "flex", or "library libelf" */
	const char *purpose; /* "the kernel's configuration" */
	const char *package; /* package of this distribution, "" when not known */
	bool present;
	bool required;	   /* else something works less well without it */
	const char *found; /* path, "" */
};

struct host_report {
	struct arena arena;
	const char *distribution; /* "Debian GNU/Linux 12 (bookworm)" */
	VEC(struct host_need) needs;
	/* what to type to install all that is missing, "" when nothing is or the system is unknown; the same without sudo; and
	 * what else that does, "" mostly */
	const char *install, *as_root, *warning;
	/* the same as commands, one after the other; no packages: there is nothing to install, or no right to */
	struct strings refresh_argv, install_argv, packages;
	struct strings quickly; /* words that keep them short where no server answers */
	bool sudo;		/* the commands need it */
	bool kvm; /* /dev/kvm can be opened; whether guests run is found out by booting */
};

CHECKED bool host_inspect(struct host_report *r, const struct place *p, struct error *err);
void host_report_release(struct host_report *r);

/* Runs the report's commands, their output to out_fd; then host_inspect tells what is there now. A package that this release
 * does not have keeps no other away. Sudo is asked once. */
CHECKED bool host_install(const struct host_report *r, int out_fd, struct error *err);

#endif
