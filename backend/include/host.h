/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the build needs from this machine: tools and libraries (share/host/needs), and how each is installed here
 * (share/host/NAME.packages, chosen by os-release). For `doctor`, `check` and the failure messages.
 */
#ifndef HOST_H
#define HOST_H

#include "place.h"

struct host_need {
	const char *tool;    /* "flex", or "library libelf" */
	const char *purpose; /* "the kernel's configuration" */
	const char *package; /* package of this distribution, "" when not known */
	bool present;
	bool required;       /* else something works less well without it */
	const char *found;   /* path, "" */
};

struct host_report {
	struct arena arena;
	const char *distribution; /* "Debian GNU/Linux 12 (bookworm)" */
	VEC(struct host_need) needs;
	const char *install;      /* the command that installs all that is missing, "" when nothing is or the system is unknown */
	struct strings install_argv;
	bool kvm;                 /* /dev/kvm can be opened; whether guests run is found out by booting */
};

CHECKED bool host_inspect(struct host_report *r, const struct place *p, struct error *err);
void host_report_release(struct host_report *r);

#endif
