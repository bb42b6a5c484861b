/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands out job slots to the running steps. */
#include "proc/jobserver.h"

#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "proc/proc.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/banned.h"

enum { IDLE_TICKS = 2, DECLINED_TICKS = 50, ANSWER = 1 << 14 };

void jobserver_open(struct jobserver *j, long slots)
{
	*j = (struct jobserver){.slots = slots, .free = slots};
}

void jobserver_close(struct jobserver *j)
{
	while (j->shares.n)
		jobserver_leave(j, j->shares.at[0]);
	vec_release(&j->shares);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* make sets O_NONBLOCK on the open file description it shares with its children, so ours must be a different one. */
static bool open_own(struct job_share *s)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", s->read_fd);
	s->own_fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return s->own_fd >= 0;
}

/* Its own option for it. If make cannot be queried it gets the form that every version understands. */
static bool takes_path(void)
{
	static const char *const argv[] = {"make", "-s", "-f", "/dev/null", "--eval",
		"all:; @echo $(filter jobserver-fifo,$(.FEATURES))", "all", NULL};
	struct text answer = TEXT_INIT;
	struct error ignored;
	bool yes;
	int status;

	yes = proc_capture(argv, NULL, NULL, ANSWER, &answer, &status, &ignored) && status == 0 &&
	      strcmp(answer.s, "jobserver-fifo\n") == 0;
	text_release(&answer);
	return yes;
}

void jobserver_tell(long slots, bool by_path, struct text *out)
{
	text_fmt(out, "MAKEFLAGS= -j%ld --jobserver-auth=", slots);
	if (by_path)
		text_fmt(out, "fifo:/proc/" PROC_ID "/fd/%d", JOBSERVER_READ_FD);
	else
		text_fmt(out, "%d,%d", JOBSERVER_READ_FD, JOBSERVER_WRITE_FD);
}

bool jobserver_enter(struct jobserver *j, struct job_share *s, bool parallel, struct error *err)
{
	int ends[2];

	*s = (struct job_share){.read_fd = -1, .write_fd = -1, .own_fd = -1, .parallel = parallel};
	if (parallel) {
		j->by_path = j->asked ? j->by_path : takes_path();
		j->asked = true;
		s->by_path = j->by_path;
		if (pipe2(ends, O_CLOEXEC) < 0)
			return error_errno(err, "no pipe for the jobserver could be made");
		s->read_fd = ends[0];
		s->write_fd = ends[1];
		if (!open_own(s)) {
			error_errno(err, "the jobserver's pipe cannot be opened by way of /proc");
			close_fd(&s->read_fd);
			close_fd(&s->write_fd);
			return false;
		}
	}
	j->free--;
	vec_push(&j->shares, s);
	return true;
}

void jobserver_leave(struct jobserver *j, struct job_share *s)
{
	for (size_t i = 0; i < j->shares.n; i++) {
		if (j->shares.at[i] != s)
			continue;
		j->free += 1 + s->granted;
		j->shares.at[i] = j->shares.at[--j->shares.n];
		break;
	}
	s->granted = 0;
	close_fd(&s->read_fd);
	close_fd(&s->write_fd);
	close_fd(&s->own_fd);
}

static long lying(const struct job_share *s)
{
	int bytes = 0;

	return s->own_fd >= 0 && ioctl(s->own_fd, FIONREAD, &bytes) == 0 ? bytes : 0;
}

/* It uses all it was given, so it would use more. */
static bool hungry(const struct job_share *s)
{
	return s->parallel && s->declined == 0 && lying(s) == 0;
}

static bool someone_hungry(const struct jobserver *j, const struct job_share *but)
{
	for (size_t i = 0; i < j->shares.n; i++)
		if (j->shares.at[i] != but && hungry(j->shares.at[i]))
			return true;
	return false;
}

static void take_back(struct jobserver *j, struct job_share *s)
{
	char byte;

	while (s->granted > 0 && read(s->own_fd, &byte, 1) == 1) {
		s->granted--;
		j->free++;
	}
}

static void reclaim(struct jobserver *j, bool waiting)
{
	for (size_t i = 0; i < j->shares.n; i++) {
		struct job_share *s = j->shares.at[i];

		s->declined -= s->declined > 0;
		s->idle_ticks = lying(s) > 0 ? s->idle_ticks + 1 : 0;
		if (waiting && lying(s) > 0) {
			take_back(j, s);
		} else if (s->idle_ticks >= IDLE_TICKS && someone_hungry(j, s)) {
			take_back(j, s);
			s->declined = DECLINED_TICKS;
		}
	}
}

static struct job_share *neediest(const struct jobserver *j)
{
	struct job_share *best = NULL;

	for (size_t i = 0; i < j->shares.n; i++) {
		struct job_share *s = j->shares.at[i];

		if (hungry(s) && (!best || s->granted < best->granted))
			best = s;
	}
	return best;
}

static void grant(struct jobserver *j)
{
	struct job_share *s;

	while (j->free > 0 && (s = neediest(j))) {
		/* half of what is free: slots are handed out within a few ticks, and other steps still get some */
		for (long n = (j->free + 1) / 2; n > 0; n--) {
			if (write(s->write_fd, "+", 1) != 1)
				return;
			s->granted++;
			j->free--;
		}
	}
}

bool jobserver_tick(struct jobserver *j, bool waiting)
{
	reclaim(j, waiting);
	if (!waiting)
		grant(j);
	return j->free > 0;
}

bool jobserver_restless(const struct jobserver *j, bool waiting)
{
	bool any_lying = false;

	if (waiting && j->free == 0)
		return true;
	for (size_t i = 0; i < j->shares.n; i++)
		any_lying = any_lying || lying(j->shares.at[i]) > 0;
	/* idle slots may be requested at any time */
	return (j->free > 0 || any_lying) && j->shares.n > 0;
}
