/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the root folder of a sandbox from copies of mounts. All are taken, and get their rights, before the new root covers
 * anything, so that paths and links lead where they lead outside. The root itself is a small file system in memory, read-only in
 * the end: what a program writes outside its folders fails instead of vanishing.
 */
#include "proc/jail_enter.h"

#include "base/arena.h"
#include "base/vec.h"
#include "proc/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

/* A copy of a mount on its way from here to there. */
struct piece {
	const char *path;
	int fd;		    /* -1: nothing to mount */
	const char *target; /* of a link to make instead, or NULL */
	bool folder, cover;
};

struct root {
	struct arena arena;
	VEC(struct piece) pieces;
	int owners; /* a user name space, for id-mapped mounts; -1: owners stay */
};

static const char *const devices[] = {"null", "zero", "full", "random", "urandom"};

static int take(const struct root *r, const char *path, enum jail_kind kind, bool device)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_NOSUID};
	int fd = (int)syscall(
		SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (fd < 0)
		return -1;
	if (!device)
		attr.attr_set |= MOUNT_ATTR_NODEV;
	if (kind != JAIL_WRITE)
		attr.attr_set |= MOUNT_ATTR_RDONLY;
	if (r->owners >= 0 && kind != JAIL_SYSTEM) {
		attr.attr_set |= MOUNT_ATTR_IDMAP;
		attr.userns_fd = (uint64_t)r->owners;
	}
	if (syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr) ==
		0)
		return fd;
	close(fd);
	return -1;
}

static bool add_link(struct root *r, struct piece *p)
{
	char target[4096];
	ssize_t len = readlink(p->path, target, sizeof target - 1);

	if (len <= 0)
		return false;
	p->target = arena_strn(&r->arena, target, (size_t)len);
	vec_push_in(&r->arena, &r->pieces, *p);
	return true;
}

static bool add(struct root *r, const struct jail_view *v, bool device)
{
	struct piece p = {.path = v->path, .fd = -1, .cover = v->kind == JAIL_COVER};
	struct stat st;

	if (lstat(v->path, &st) != 0)
		return v->kind != JAIL_WRITE; /* what we cannot see, they need not see */
	if (S_ISLNK(st.st_mode) && v->kind == JAIL_SYSTEM)
		return add_link(r, &p);
	if (stat(v->path, &st) != 0)
		return v->kind != JAIL_WRITE;
	p.folder = S_ISDIR(st.st_mode);
	if (!p.cover && (p.fd = take(r, v->path, v->kind, device)) < 0)
		return false;
	vec_push_in(&r->arena, &r->pieces, p);
	return true;
}

static bool add_all(struct root *r, const struct jail *j, const char **doing)
{
	for (size_t i = 0; i < j->views.n; i++) {
		*doing = j->views.at[i].path;
		if (!add(r, &j->views.at[i], false))
			return false;
	}
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
		*doing = arena_fmt(&r->arena, "/dev/%s", devices[i]);
		if (!add(r, &(struct jail_view){JAIL_SYSTEM, *doing}, true))
			return false;
	}
	return j->power.processes || add(r, &(struct jail_view){JAIL_SYSTEM, "/proc"}, false);
}

/* The folders above a path, which begins with a slash and means the new root. */
static bool make_parents(struct root *r, const char *path)
{
	char *s = arena_str(&r->arena, path + 1);

	for (char *at = s; (at = strchr(at, '/')); at++) {
		*at = '\0';
		if (*s && mkdir(s, 0755) != 0 && errno != EEXIST && errno != EROFS)
			return false;
		*at = '/';
	}
	return true;
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static bool make_memory(const char *path, const char *options)
{
	if (!is_there(path) && mkdir(path, 0755) != 0)
		return false;
	return mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

static bool put(struct root *r, struct piece *p)
{
	const char *at = p->path + 1;
	int fd;

	if (p->cover) {
		p->cover = is_there(at);
		return !p->cover || make_memory(at, "mode=0755,size=64k");
	}
	if (!make_parents(r, p->path))
		return false;
	if (p->target)
		return is_there(at) || symlink(p->target, at) == 0;
	if (p->folder && !is_there(at) && mkdir(at, 0755) != 0)
		return false;
	if (!p->folder && !is_there(at)) {
		fd = open(at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0)
			return false;
		close(fd);
	}
	return syscall(SYS_move_mount, p->fd, "", AT_FDCWD, at, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

static bool protect(const char *path)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};

	return syscall(SYS_mount_setattr, AT_FDCWD, path, 0, &attr, sizeof attr) == 0;
}

static bool put_all(struct root *r, const char **doing)
{
	for (size_t i = 0; i < r->pieces.n; i++) {
		*doing = r->pieces.at[i].path;
		if (!put(r, &r->pieces.at[i]))
			return false;
	}
	for (size_t i = 0; i < r->pieces.n; i++)
		if (r->pieces.at[i].cover && !protect(r->pieces.at[i].path + 1))
			return false;
	return true;
}

static bool put_common(const struct jail *j, const char **doing)
{
	static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"},
		{"/proc/self/fd/0", "dev/stdin"}, {"/proc/self/fd/1", "dev/stdout"},
		{"/proc/self/fd/2", "dev/stderr"}, {"../tmp", "var/tmp"}};

	char memory[64] = "mode=1777";

	if (j->bounds.temporary > 0)
		snprintf(memory, sizeof memory, "mode=1777,size=%ld%%", j->bounds.temporary);
	*doing = "folders for temporary files";
	if ((mkdir("dev", 0755) != 0 && errno != EEXIST) ||
		(mkdir("var", 0755) != 0 && errno != EEXIST) || !make_memory("tmp", memory) ||
		!make_memory("dev/shm", memory))
		return false;
	*doing = "/dev";
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		if (symlink(links[i][0], links[i][1]) != 0 && errno != EEXIST)
			return false;
	*doing = "/proc of its own processes";
	if (!j->power.processes)
		return true;
	if (mkdir("proc", 0755) != 0 && errno != EEXIST)
		return false;
	return mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL) ==
	       0;
}

/* The old root goes; where it cannot, because it is itself no mount, as in a chroot, it stays out of reach for a program without
 * rights. */
static bool enter(void)
{
	if (syscall(SYS_pivot_root, ".", ".") == 0)
		return umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
	return errno == EINVAL && chroot(".") == 0 && chdir("/") == 0;
}

/* The name space is that of a process that only waits for its end. */
int jail_owners(void)
{
	char path[64];
	int go[2], made[2], fd = -1;
	char byte;
	pid_t pid;

	if (pipe2(go, O_CLOEXEC) < 0 || pipe2(made, O_CLOEXEC) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (unshare(CLONE_NEWUSER) != 0 || write(made[1], "", 1) != 1)
			_exit(1);
		_exit(read(go[0], &byte, 1) == 0 ? 0 : 1);
	}
	close(made[1]);
	if (pid > 0 && read(made[0], &byte, 1) == 1 &&
		identity_map(pid, 0, JAIL_NOBODY, 0, JAIL_NOBODY)) {
		snprintf(path, sizeof path, "/proc/%ld/ns/user", (long)pid);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		errno = EPERM; /* what failed, failed in the child */
	close(made[0]);
	close(go[0]);
	close(go[1]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return fd;
}

bool jail_root(const struct jail *j, int owners, const char **doing)
{
	struct root r = {.arena = ARENA_INIT, .owners = owners};
	bool ok = false;

	*doing = "mounts of its own";
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return false;
	if (!add_all(&r, j, doing))
		goto out;
	*doing = "a root folder in memory";
	ok = mount("tmpfs", j->folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=1m") == 0 &&
	     chdir(j->folder) == 0 && put_common(j, doing) && put_all(&r, doing);
	if (ok) {
		*doing = "a root folder in memory";
		ok = protect(".") && enter();
	}
out:
	/* errno is the message; what is open is closed by exec */
	return ok;
}
