/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the maps of a user name space. */
#include "proc/identity.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

static bool write_file(pid_t pid, const char *name, const char *s)
{
	char path[64] = "/proc/self";
	int fd;
	bool ok;

	if (pid)
		snprintf(path, sizeof path, "/proc/%ld", (long)pid);
	snprintf(path + strlen(path), sizeof path - strlen(path), "/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ok = fd >= 0 && write(fd, s, strlen(s)) == (ssize_t)strlen(s);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool identity_map(pid_t pid, unsigned uid_inside, unsigned uid, unsigned gid_inside, unsigned gid)
{
	char line[48];

	if (!write_file(pid, "setgroups", "deny"))
		return false;
	snprintf(line, sizeof line, "%u %u 1", uid_inside, uid);
	if (!write_file(pid, "uid_map", line))
		return false;
	snprintf(line, sizeof line, "%u %u 1", gid_inside, gid);
	return write_file(pid, "gid_map", line);
}
