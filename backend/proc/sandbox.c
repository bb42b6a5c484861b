/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restricts this process: no_new_privs, limits, and Landlock if the kernel has it. */
#include "proc/sandbox.h"

#include "proc/landlock.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/banned.h"

#define MEMORY_BYTES ((rlim_t)1 << 30) /* the largest dictionary of xz and zstd, and some room */

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SHADOW_MEMORY 1
#endif
#endif
#ifndef HAS_SHADOW_MEMORY
#define HAS_SHADOW_MEMORY 0
#endif

static void limit(int what, rlim_t most)
{
	struct rlimit now;

	if (getrlimit((__rlimit_resource_t)what, &now) != 0)
		return;
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most)
		most = now.rlim_max;
	now = (struct rlimit){most, most};
	setrlimit((__rlimit_resource_t)what, &now);
}

static void confine(const char *writable)
{
	struct landlock l;

	if (!landlock_begin(&l, LANDLOCK_CHANGES, false))
		return;
	landlock_allow(&l, "/dev/null", LANDLOCK_FILE);
	if (writable)
		landlock_allow(&l, writable, LANDLOCK_CHANGES);
	landlock_restrict(&l);
}

void sandbox_enter(const char *writable, uint64_t file_bytes)
{
	signal(SIGXFSZ, SIG_IGN); /* so that the write fails instead */
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_NOFILE, 64);
	limit(RLIMIT_FSIZE, (rlim_t)file_bytes);
	if (!HAS_SHADOW_MEMORY)
		limit(RLIMIT_AS, MEMORY_BYTES);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	confine(writable);
}
