/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts the emulator, and carries the bytes of its two lines. */
#include "boot/emulator.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/machine.h"
#include "boot/qmp.h"
#include "choice/facts.h"
#include "proc/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

static const double picture_patience = 5; /* seconds */

enum { ANSWER_MS = 20000, ANSWER_BYTES = 1 << 20 };

/* ---- start and end ---- */

static bool socket_pair(int *ours, int *theirs, struct error *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return error_errno(err, "a connection to the emulator cannot be made");
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	*ours = pair[0];
	*theirs = pair[1];
	return true;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* A window needs to know the display server. */
static void add_screen(struct strings *env, struct arena *a)
{
	static const char *const names[] = {
		"DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (getenv(names[i]))
			vec_push_in(a, env, arena_fmt(a, "%s=%s", names[i], getenv(names[i])));
	vec_push_in(a, env, NULL);
}

static bool start_process(struct emulator *e, const struct emulator_wish *w, int serial,
	int control, int out, struct strings *argv, struct error *err)
{
	struct arena arena = {0};
	struct strings env = {0};

	for (size_t i = 0; i < argv->n; i++)
		text_fmt(&e->command, strpbrk(argv->at[i], " \t\"'") ? "%s'%s'" : "%s%s",
			i ? " " : "", argv->at[i]);
	vec_push_in(&arena, argv, NULL);
	proc_environment(&env, &arena);
	if (w->window)
		add_screen(&env, &arena);
	e->proc = (struct proc){.argv = argv->at,
		.env = env.at,
		.cwd = w->folder,
		.in_fd = control,
		.out_fd = out,
		.keep_fds = {serial, w->tap >= 0 ? w->tap : 0},
		.group = true};
	e->running = proc_start(&e->proc, err);
	if (e->running)
		snprintf(e->proc_folder, sizeof e->proc_folder, "/proc/%d", (int)e->proc.pid);
	arena_release(&arena);
	return e->running;
}

bool emulator_start(struct emulator *e, const struct emulator_wish *w, struct error *err)
{
	int serial = -1, control = -1;
	int out = open(w->words, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	struct arena arena = {0};
	struct strings argv = {0};
	bool ok = out >= 0 || error_errno(err, "%s cannot be written", w->words);

	*e = (struct emulator){.accel = w->accel,
		.words = w->words,
		.serial = -1,
		.control = -1,
		.command = TEXT_INIT};
	qmp_init(&e->qmp);
	ok = ok && socket_pair(&e->serial, &serial, err) && socket_pair(&e->control, &control, err);
	facts_set(w->facts, "accel", "%s", accel_word(w->accel));
	facts_set(w->facts, "serial-fd", "%d", serial);
	facts_set(w->facts, "qmp-fd", "0");
	ok = ok && machine_argv(w->machine, w->facts, &arena, &argv, err) &&
	     start_process(e, w, serial, control, out, &argv, err);
	arena_release(&arena);
	close_fd(&serial);
	close_fd(&control);
	close_fd(&out);
	return ok;
}

void emulator_release(struct emulator *e)
{
	if (e->running)
		e->status = proc_end(&e->proc, 0);
	e->running = false;
	close_fd(&e->serial);
	close_fd(&e->control);
	qmp_release(&e->qmp);
	text_release(&e->command);
}

bool emulator_has_ended(struct emulator *e)
{
	if (!e->running || !proc_wait(&e->proc, 0, &e->status))
		return false;
	e->running = false;
	return true;
}

/* ---- what goes over its lines ---- */

/* 0: nothing, now or ever. */
static size_t receive(int *fd, char *bytes, size_t size)
{
	ssize_t n = *fd < 0 ? 0 : read(*fd, bytes, size);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_fd(fd);
	return n > 0 ? (size_t)n : 0;
}

size_t emulator_hear(struct emulator *e, char *bytes, size_t size)
{
	return receive(&e->serial, bytes, size);
}

void emulator_serve(struct emulator *e)
{
	char bytes[4096];
	size_t n;

	while ((n = receive(&e->control, bytes, sizeof bytes)))
		qmp_feed(&e->qmp, bytes, n);
}

static void send_some(int fd, struct text *from)
{
	ssize_t n = fd < 0 || !from->len ? 0 : send(fd, from->s, from->len, MSG_NOSIGNAL);

	if (n <= 0)
		return;
	memmove(from->s, from->s + n, from->len - (size_t)n + 1);
	from->len -= (size_t)n;
}

void emulator_send(struct emulator *e, struct text *typing)
{
	send_some(e->serial, typing);
	send_some(e->control, &e->qmp.out);
}

static struct pollfd watched(int fd, bool writing)
{
	return (struct pollfd){.fd = fd, .events = (short)(POLLIN | (writing ? POLLOUT : 0))};
}

size_t emulator_poll(const struct emulator *e, bool typing, struct pollfd *fds)
{
	size_t n = 0;

	if (e->running)
		fds[n++] = watched(e->proc.pidfd, false);
	if (e->serial >= 0)
		fds[n++] = watched(e->serial, typing);
	if (e->control >= 0)
		fds[n++] = watched(e->control, e->qmp.out.len);
	return n;
}

bool emulator_picture(struct emulator *e, const char *file)
{
	double until = clock_now() + picture_patience;

	qmp_screendump(&e->qmp, file);
	while (e->qmp.answered != e->qmp.asked && e->control >= 0 && clock_now() < until) {
		struct pollfd p = watched(e->control, e->qmp.out.len);

		poll(&p, 1, 100);
		send_some(e->control, &e->qmp.out);
		emulator_serve(e);
	}
	return e->qmp.answered == e->qmp.asked && !e->qmp.refused && access(file, F_OK) == 0;
}

void emulator_dismiss(struct emulator *e)
{
	if (!e->sent_away)
		qmp_command(&e->qmp, "quit");
	e->sent_away = true;
}

double emulator_busy(const struct emulator *e)
{
	struct text stat = TEXT_INIT;
	struct error err;
	char path[80];
	unsigned long user = 0, kernel = 0;
	const char *after;

	snprintf(path, sizeof path, "%s/stat", e->proc_folder);
	if (text_read_file(&stat, path, 4096, &err) && (after = strrchr(stat.s, ')')))
		sscanf(after, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			&kernel);
	text_release(&stat);
	return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

/* Documentation/scheduler/sched-stats.rst: the second number of schedstat is the time that a thread waited on a run queue. */
double emulator_starved(const struct emulator *e)
{
	struct text path = TEXT_INIT, stat = TEXT_INIT;
	unsigned long long worst = 0;
	const struct dirent *entry;
	struct error err;
	DIR *dir;

	text_fmt(&path, "%s/task", e->proc_folder);
	dir = opendir(path.s);
	while (dir && (entry = readdir(dir))) {
		unsigned long long waited;

		text_clear(&path);
		text_clear(&stat);
		text_fmt(&path, "%s/task/%s/schedstat", e->proc_folder, entry->d_name);
		if (entry->d_name[0] != '.' && text_read_file(&stat, path.s, 4096, &err) &&
			sscanf(stat.s, "%*u %llu", &waited) == 1 && waited > worst)
			worst = waited;
	}
	if (dir)
		closedir(dir);
	text_release(&path);
	text_release(&stat);
	return (double)worst / 1e9;
}

bool emulator_says(
	const char *program, const struct strings *words, struct text *out, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct strings argv = {0}, env = {0};
	int status = 0;
	bool ok;

	vec_push_in(&arena, &argv, program);
	for (size_t i = 0; i < words->n; i++)
		vec_push_in(&arena, &argv, words->at[i]);
	vec_push_in(&arena, &argv, NULL);
	proc_environment(&env, &arena);
	ok = proc_capture_for(ANSWER_MS, argv.at, env.at, NULL, ANSWER_BYTES, out, &status, err);
	if (ok && status != 0)
		ok = error_set(err, ERROR_HOST, "%s %s: %s", program, words->n ? words->at[0] : "",
			proc_words(status).s);
	arena_release(&arena);
	return ok;
}
