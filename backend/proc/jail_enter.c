/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Enters a sandbox. With processes of its own there are three: ours becomes a messenger, which tells how the program ended, its
 * child is the first process of the new space, which receives orphans and whose end is that of all the others, and its child the
 * program. The first two ignore what ends programs: the program is told, too, and has its time.
 */
#include "proc/jail_enter.h"

#include "base/arena.h"
#include "base/conf.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/filter.h"
#include "proc/identity.h"
#include "proc/landlock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/banned.h"

/* ---- what is seen ---- */

struct shown {
	struct strings see, whole;
	struct jail_bounds bounds;
};

static bool take_shown(void *ctx, const struct conf_line *line, struct error *err)
{
	static const struct conf_field fields[] = {
		{"see", CONF_WORDS, offsetof(struct shown, see)},
		{"whole", CONF_WORDS, offsetof(struct shown, whole)},
		{"processes", CONF_NUMBER, offsetof(struct shown, bounds.processes)},
		{"memory", CONF_NUMBER, offsetof(struct shown, bounds.memory)},
		{"temporary", CONF_NUMBER, offsetof(struct shown, bounds.temporary)},
		{"first", CONF_NUMBER, offsetof(struct shown, bounds.first)},
		{NULL, CONF_TEXT, 0},
	};
	struct arena *a = ((void **)ctx)[1];

	return conf_in(line, "", err) && conf_store(fields, line, ((void **)ctx)[0], a, err);
}

static bool is_listed(const struct strings *names, const char *name, size_t len)
{
	for (size_t i = 0; i < names->n; i++)
		if (strlen(names->at[i]) == len && memcmp(names->at[i], name, len) == 0)
			return true;
	return false;
}

/* A folder of PATH, and with it the one above that holds what its programs need. */
static void add_searched(
	struct jail *j, struct arena *a, const struct strings *whole, const char *dir, size_t len)
{
	jail_add(j, a, JAIL_READ, arena_strn(a, dir, len));
	for (size_t at = 0; at < len;) {
		size_t name = 0;

		while (at + name < len && dir[at + name] != '/')
			name++;
		if (is_listed(whole, dir + at, name)) {
			jail_add(j, a, JAIL_READ, arena_strn(a, dir, at + name));
			return;
		}
		at += name + 1;
	}
}

void jail_add(struct jail *j, struct arena *a, enum jail_kind kind, const char *path)
{
	size_t len = strlen(path);

	while (len > 1 && path[len - 1] == '/')
		len--;
	if (path[0] == '/' && len > 1)
		vec_push_in(a, &j->views, (struct jail_view){kind, arena_strn(a, path, len)});
	if (kind == JAIL_WRITE && !j->folder)
		j->folder = j->views.at[j->views.n - 1].path;
}

bool jail_open(struct jail *j, const struct jail_power *power, const struct place *p,
	const char *search, struct arena *a, struct error *err)
{
	struct shown shown = {0};
	void *ctx[] = {&shown, a};

	*j = (struct jail){.power = *power};
	if (!conf_find(p, "share/host/sandbox", "what build steps may see is not known", NULL, a,
		    take_shown, ctx, err))
		return false;
	j->bounds = shown.bounds;
	for (size_t i = 0; i < shown.see.n; i++)
		jail_add(j, a, JAIL_SYSTEM, shown.see.at[i]);
	for (const char *dir = search ? search : ""; *dir;) {
		size_t len = strcspn(dir, ":");

		add_searched(j, a, &shown.whole, dir, len);
		dir += len + (dir[len] == ':');
	}
	for (size_t i = 0; i < p->data.n; i++) {
		jail_add(j, a, JAIL_READ, arena_fmt(a, "%s/share", p->data.at[i]));
		jail_add(j, a, JAIL_READ, arena_fmt(a, "%s/templates", p->data.at[i]));
	}
	return true;
}

static int by_path(const void *a, const void *b)
{
	const struct jail_view *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : (int)y->kind - (int)x->kind;
}

/* Of two views of a path the later kind counts; and what the machine shows anyway keeps its owners. */
void jail_sort(struct jail *j)
{
	const char *shown = NULL;
	size_t n = 0;

	qsort(j->views.at, j->views.n, sizeof *j->views.at, by_path);
	for (size_t i = 0; i < j->views.n; i++) {
		const struct jail_view v = j->views.at[i];

		if (n > 0 && strcmp(j->views.at[n - 1].path, v.path) == 0)
			continue;
		if (v.kind == JAIL_READ && shown && place_within(v.path, shown))
			continue;
		if (!shown || !place_within(v.path, shown) || v.kind == JAIL_COVER)
			shown = v.kind == JAIL_SYSTEM ? v.path : NULL;
		j->views.at[n++] = v;
	}
	j->views.n = n;
}

/* ---- the processes ---- */

static bool make_spaces(const struct jail_power *p)
{
	int spaces = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | (p->processes ? CLONE_NEWPID : 0);
	unsigned uid = geteuid(), gid = getegid();

	if (unshare(spaces) == 0)
		return true;
	return !p->nobody && unshare(spaces | CLONE_NEWUSER) == 0 &&
	       identity_map(0, uid, uid, gid, gid);
}

/* Ends as the program did. */
static _Noreturn void pass_on(pid_t first, int from)
{
	const struct rlimit none = {0, 0};
	int status = 0;
	sigset_t set;
	bool told = read(from, &status, sizeof status) == (ssize_t)sizeof status;

	while (waitpid(first, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (told && WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	setrlimit(RLIMIT_CORE, &none);
	sigemptyset(&set);
	sigaddset(&set, told ? WTERMSIG(status) : SIGKILL);
	signal(told ? WTERMSIG(status) : SIGKILL, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	kill(getpid(), told ? WTERMSIG(status) : SIGKILL);
	_exit(127);
}

static _Noreturn void look_after(pid_t program, int to)
{
	for (;;) {
		int status;
		pid_t got = waitpid(-1, &status, 0);

		if (got == program)
			_exit(write(to, &status, sizeof status) == (ssize_t)sizeof status ? 0 : 1);
		if (got < 0 && errno != EINTR)
			_exit(1);
	}
}

/* Keeps only the output, which it has in common with the program. */
static void keep_only(int fd)
{
	if (fd > 3)
		syscall(SYS_close_range, 3U, (unsigned)fd - 1, 0U);
	syscall(SYS_close_range, (unsigned)fd + 1, ~0U, 0U);
}

/* ---- the rights ---- */

/* Root without any of root's rights, now and after exec. */
static bool strip(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

	for (unsigned long right = 0; prctl(PR_CAPBSET_READ, right, 0, 0, 0) >= 0; right++)
		if (prctl(PR_CAPBSET_DROP, right, 0, 0, 0) != 0 && errno != EPERM)
			return false;
	prctl(PR_SET_SECUREBITS,
		SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
			SECBIT_NO_SETUID_FIXUP_LOCKED,
		0, 0, 0);
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	return syscall(SYS_capset, &head, none) == 0;
}

static bool become_nobody(void)
{
	return setgroups(0, NULL) == 0 && setresgid(JAIL_NOBODY, JAIL_NOBODY, JAIL_NOBODY) == 0 &&
	       setresuid(JAIL_NOBODY, JAIL_NOBODY, JAIL_NOBODY) == 0;
}

static const uint64_t rights_of[] = {
	[JAIL_SYSTEM] = LANDLOCK_USES,
	[JAIL_READ] = LANDLOCK_USES,
	[JAIL_WRITE] = LANDLOCK_USES | LANDLOCK_CHANGES,
	[JAIL_COVER] = 0,
};

static bool is_covered(const struct jail *j, const char *path, bool below)
{
	for (size_t i = 0; i < j->views.n; i++) {
		const struct jail_view *v = &j->views.at[i];

		if (v->kind == JAIL_COVER && place_within(v->path, path) &&
			(strcmp(v->path, path) != 0) == below)
			return true;
	}
	return false;
}

/* Landlock takes nothing back: beside what is covered, everything is allowed by itself. Links would lead elsewhere. Of a folder
 * to write in all is allowed: new files could not be made in it otherwise. */
static void allow_beside(
	const struct landlock *l, const struct jail *j, const char *path, uint64_t rights)
{
	struct text below = TEXT_INIT;
	const struct dirent *d;
	struct stat st;
	DIR *dir;

	if (rights != LANDLOCK_USES || !is_covered(j, path, true)) {
		landlock_allow(l, path, rights);
		return;
	}
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		text_clear(&below);
		text_fmt(&below, "%s/%s", path, d->d_name);
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0 &&
			lstat(below.s, &st) == 0 && !S_ISLNK(st.st_mode) &&
			!is_covered(j, below.s, false))
			allow_beside(l, j, below.s, rights);
	}
	if (dir)
		closedir(dir);
	text_release(&below);
}

static bool confine(const struct jail *j)
{
	static const char *const devices[] = {
		"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
	static const char *const temporary[] = {"/tmp", "/dev/shm"};
	struct landlock l;

	if (!landlock_begin(&l, LANDLOCK_USES | LANDLOCK_CHANGES, true))
		return false;
	for (size_t i = 0; i < j->views.n; i++)
		allow_beside(&l, j, j->views.at[i].path, rights_of[j->views.at[i].kind]);
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		landlock_allow(&l, devices[i], LANDLOCK_USES | LANDLOCK_FILE);
	for (size_t i = 0; j->power.spaces && i < sizeof temporary / sizeof *temporary; i++)
		landlock_allow(&l, temporary[i], LANDLOCK_USES | LANDLOCK_CHANGES);
	landlock_allow(&l, "/proc", LANDLOCK_USES);
	if (j->power.spaces)
		landlock_allow(&l, "/", LANDLOCK_USES); /* nothing else is there */
	return landlock_restrict(&l);
}

/* Never more than there was. */
static bool lower(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit limit;

	if (getrlimit(what, &limit) != 0)
		return false;
	limit.rlim_cur = most < limit.rlim_cur ? most : limit.rlim_cur;
	limit.rlim_max = most < limit.rlim_max ? most : limit.rlim_max;
	return setrlimit(what, &limit) == 0;
}

/* All that run here, threads counted; 0: not known. */
static rlim_t running(void)
{
	char line[128];
	int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
	const char *slash;

	if (fd >= 0)
		close(fd);
	line[got > 0 ? got : 0] = '\0';
	slash = strchr(line, '/');
	return slash ? (rlim_t)strtoul(slash + 1, NULL, 10) : 0;
}

/* Without name spaces those of the person count as well, which are not more than run here. */
static bool bound_processes(const struct jail *j)
{
	const rlim_t most = (rlim_t)j->bounds.processes, others = j->power.spaces ? 0 : running();

	return most == 0 || (!j->power.spaces && others == 0) || lower(RLIMIT_NPROC, most + others);
}

static bool bound(const struct jail *j)
{
	const rlim_t pages = (rlim_t)sysconf(_SC_PHYS_PAGES), page = (rlim_t)sysconf(_SC_PAGESIZE);
	const struct jail_bounds *b = &j->bounds;

	if (!bound_processes(j))
		return false;
	return b->memory <= 0 || lower(RLIMIT_DATA, pages / 100 * (rlim_t)b->memory * page);
}

/* The kernel ends these first when memory runs out. That it cannot be asked is no reason to build nothing. */
static void offer_first(const struct jail *j)
{
	char score[32];
	int fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, score, sizeof score - 1);

	score[got > 0 ? got : 0] = '\0';
	if (got > 0 && strtol(score, NULL, 10) < j->bounds.first) {
		snprintf(score, sizeof score, "%ld", j->bounds.first);
		if (pwrite(fd, score, strlen(score), 0) < 0)
			errno = 0;
	}
	if (fd >= 0)
		close(fd);
}

/* What is lost for good; the rights that mounting needs come first. */
static bool give_up(const struct jail *j, const char **doing)
{
	*doing = "giving up root's rights";
	if (j->power.nobody ? !become_nobody() : !strip())
		return false;
	*doing = "no_new_privs";
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	*doing = "Landlock";
	if (j->power.landlock && !confine(j))
		return false;
	*doing = "limits";
	if (!bound(j))
		return false;
	*doing = "seccomp";
	return !j->power.filter || filter_enter(!j->power.spaces);
}

void jail_hand_over(const struct jail *j, int fd)
{
	struct stat st;

	/* where that is impossible, programs can use the pipe that they have, but not open it again */
	if (j->power.nobody && fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode) &&
		fchown(fd, JAIL_NOBODY, JAIL_NOBODY) != 0)
		return;
}

static bool become_program(const struct jail *j, int owners, int to, const char **doing)
{
	sigset_t set;
	pid_t pid;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!jail_root(j, owners, doing) || !give_up(j, doing))
		return false;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of credentials has cleared it */
	prctl(PR_SET_DUMPABLE, 0);	  /* our memory is not for the program */
	*doing = "a process";
	pid = fork();
	if (pid > 0) {
		keep_only(to);
		look_after(pid, to);
	}
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	return pid == 0;
}

bool jail_enter(const struct jail *j, const char **doing)
{
	int status[2], owners = -1;
	sigset_t all;
	pid_t pid;

	if (j->bounds.first > 0)
		offer_first(j);
	*doing = "a map from root to nobody";
	if (j->power.nobody && (owners = jail_owners()) < 0)
		return false;
	*doing = "name spaces";
	if (j->power.spaces && !make_spaces(&j->power))
		return false;
	if (!j->power.processes)
		return (!j->power.spaces || jail_root(j, owners, doing)) && give_up(j, doing);
	if (pipe2(status, O_CLOEXEC) < 0)
		return false;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	pid = fork();
	if (pid == 0) {
		close(status[0]);
		return become_program(j, owners, status[1], doing);
	}
	if (pid < 0)
		return false;
	keep_only(status[0]);
	pass_on(pid, status[0]);
}
