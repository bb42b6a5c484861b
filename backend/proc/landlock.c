/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls Landlock, which glibc has no functions for. */
#include "proc/landlock.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/banned.h"

enum { KNOWS_REFER = 2, KNOWS_TRUNCATE = 3, KNOWS_SCOPES = 6 };
#define REFER	 (UINT64_C(1) << 13)
#define TRUNCATE (UINT64_C(1) << 14)
#define SCOPES	 UINT64_C(3) /* abstract sockets, signals */
/* What can be allowed for something that is no folder. */
#define OF_FILES (LANDLOCK_FILE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE)

/* Newer than some headers. */
struct attributes {
	uint64_t files, network, scopes;
};

long landlock_version(void)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	return version < 0 ? 0 : version;
}

bool landlock_begin(struct landlock *l, uint64_t rights, bool apart)
{
	long version = landlock_version();
	struct attributes attr = {.files = rights};
	size_t size = offsetof(struct attributes, network);

	*l = (struct landlock){.ruleset = -1};
	if (version < 1)
		return false;
	if (version < KNOWS_REFER)
		attr.files &= ~REFER;
	if (version < KNOWS_TRUNCATE)
		attr.files &= ~TRUNCATE;
	if (apart && version >= KNOWS_SCOPES) {
		attr.scopes = SCOPES;
		size = sizeof attr;
	}
	l->handled = attr.files;
	l->ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	return l->ruleset >= 0;
}

void landlock_allow(const struct landlock *l, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = rights & l->handled};
	struct stat st;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= OF_FILES;
	syscall(SYS_landlock_add_rule, l->ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

bool landlock_restrict(struct landlock *l)
{
	bool ok = syscall(SYS_landlock_restrict_self, l->ruleset, 0) == 0;

	close(l->ruleset);
	l->ruleset = -1;
	return ok;
}
