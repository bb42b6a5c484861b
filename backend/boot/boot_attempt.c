/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of one guest: start, stream, prompts, end. See boot_attempt.h; the checks are in boot_checks.c. */
#include "boot/boot_attempt.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/known.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/boot.h"
#include "boot/console.h"
#include "boot/diagnose.h"
#include "boot/machine.h"
#include "boot/outside.h"
#include "boot/qmp.h"
#include "boot/talk.h"
#include "choice/facts.h"
#include "proc/proc.h"
#include "run/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

/* seconds */
static const double after_fatal = 0.4;	/* what else belongs to the message still comes in */
static const double prompt_rest = 0.05; /* a prompt is one when nothing follows it */
static const double patience = 2; /* of silence, before a shell is looked for without a prompt */
static const double between_probes = 3;
static const double noisy_patience = 10; /* the same where it is never silent */
static const double picture_patience = 5;
static const double kvm_longest = 4; /* times speak-seconds, on a machine that is busy */

enum {
	LOG_LIMIT = 64 << 20,
	TYPED_AHEAD = 1 << 16,	/* key presses that a guest has not taken yet; more are lost */
	READ_AT_ONCE = 1 << 20, /* so that a flood does not keep us from the clock */
};

/* ---- start ---- */

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

static const char *joined(struct arena *a, const struct strings *argv)
{
	struct text t = TEXT_INIT;
	const char *s;

	for (size_t i = 0; i < argv->n; i++)
		text_fmt(&t, strpbrk(argv->at[i], " \t\"'") ? "%s'%s'" : "%s%s", i ? " " : "",
			argv->at[i]);
	s = arena_str(a, t.s);
	text_release(&t);
	return s;
}

static void tell_start(struct attempt *a, const struct strings *argv)
{
	const char *console = arena_fmt(&a->arena, "%s/console", a->journal->folder);

	json_t *o = json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "event", "boot-start", "accel", a->accel,
		"firmware", facts_get(&a->job->facts, "loader"), "log", journal_text(a->job->log),
		"console", journal_text(console), "command", journal_text(joined(&a->arena, argv)));

	attempt_tell_cell(a, o);
	journal_emit(a->journal, o);
}

/* A window needs to know where its screen is. */
static void emulator_environment(struct attempt *a, struct strings *env)
{
	static const char *const names[] = {
		"DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"};
	const char *display = facts_get(&a->job->facts, "display");

	proc_environment(env, &a->arena);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (display && strcmp(display, "window") == 0 && getenv(names[i]))
			vec_push(env, arena_fmt(&a->arena, "%s=%s", names[i], getenv(names[i])));
	vec_push(env, NULL);
}

static int tap_fd(const struct facts *facts)
{
	const char *fd = facts_get(facts, "tap-fd");

	return fd ? atoi(fd) : 0;
}

static bool start_emulator(struct attempt *a, int serial, int control, struct error *err)
{
	struct facts *facts = &a->job->facts;
	struct strings argv = {0}, env = {0};
	const char *words = arena_fmt(&a->arena, "%s/emulator.log", a->journal->folder);
	int out = open(words, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool ok = out >= 0 || error_errno(err, "%s cannot be written", words);

	facts_set(facts, "accel", "%s", a->accel);
	facts_set(facts, "serial-fd", "%d", serial);
	facts_set(facts, "qmp-fd", "0");
	ok = ok && machine_argv(&a->job->machine, facts, &a->arena, &argv, err);
	if (ok) {
		tell_start(a, &argv);
		vec_push(&argv, NULL);
		emulator_environment(a, &env);
		a->proc = (struct proc){.argv = argv.at,
			.env = env.at,
			.cwd = a->job->output,
			.in_fd = control,
			.out_fd = out,
			.keep_fds = {serial, tap_fd(facts)},
			.group = true};
		ok = proc_start(&a->proc, err);
	}
	a->running = ok;
	vec_release(&argv);
	vec_release(&env);
	if (out >= 0)
		close(out);
	return ok;
}

static void guest_line(void *ctx, const char *line, size_t len);
static void guest_talk(void *ctx, const char *line, size_t len);

bool attempt_start(struct attempt *a, struct boot_job *job, struct journal *j, const char *accel,
	const char *word, struct error *err)
{
	int serial = -1, control = -1;
	bool ok;

	*a = (struct attempt){.job = job,
		.journal = j,
		.accel = accel,
		.serial = -1,
		.control = -1,
		.last_line = TEXT_INIT,
		.began = boot_now()};
	a->heard = a->began;
	console_init(&a->console, guest_line, guest_talk, a);
	talk_init(&a->talk, word);
	qmp_init(&a->qmp);
	outside_init(&a->outside);
	known_reset(&job->known);
	if (ftruncate(job->log_fd, 0) < 0 || lseek(job->log_fd, 0, SEEK_SET) < 0)
		return error_errno(err, "%s cannot be emptied", job->log);
	ok = socket_pair(&a->serial, &serial, err) && socket_pair(&a->control, &control, err) &&
	     start_emulator(a, serial, control, err);
	if (serial >= 0)
		close(serial);
	if (control >= 0)
		close(control);
	return ok;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void attempt_release(struct attempt *a)
{
	if (a->running)
		a->status = proc_end(&a->proc, 0);
	a->running = false;
	outside_end(&a->outside);
	close_fd(&a->serial);
	close_fd(&a->control);
	console_release(&a->console);
	talk_release(&a->talk);
	qmp_release(&a->qmp);
	free(a->stop_reason);
	a->stop_reason = NULL;
	text_release(&a->last_line);
	vec_release(&a->results);
	arena_release(&a->arena);
}

void attempt_over(struct attempt *a, const char *verdict, enum diagnosis_event event)
{
	if (a->phase == PHASE_OVER)
		return;
	a->phase = PHASE_OVER;
	a->verdict = verdict;
	a->event = event;
}

void attempt_cancel(struct attempt *a)
{
	attempt_over(a, "fail", DIAGNOSIS_CANCELLED);
}

/* ---- what the guest says ---- */

static void milestone(struct attempt *a, const char *name)
{
	bool *seen = strcmp(name, "kernel") == 0 ? &a->kernel
		     : strcmp(name, "init") == 0 ? &a->init
						 : NULL;

	if (seen && *seen)
		return;
	if (seen)
		*seen = true;
	journal_emit(a->journal,
		json_pack("{s:s,s:o,s:f}", "event", "milestone", "name", journal_text(name),
			"seconds", boot_seconds(boot_now() - a->began)));
}

static void guest_line(void *ctx, const char *line, size_t len)
{
	struct attempt *a = ctx;
	struct known *k = &a->job->known;
	size_t seen = k->seen.n;

	if (strstr(line, a->talk.word))
		return; /* an echo of ours, or an answer */
	text_clear(&a->last_line);
	text_add(&a->last_line, line, len);
	for (known_line(k, NULL, line, len); seen < k->seen.n; seen++) {
		if (k->seen.at[seen]->kind == KNOWN_MILESTONE)
			milestone(a, k->seen.at[seen]->id);
		if (k->seen.at[seen]->fatal && !a->fatal_at)
			a->fatal_at = boot_now() + after_fatal;
	}
}

static void guest_talk(void *ctx, const char *line, size_t len)
{
	struct attempt *a = ctx;

	(void)len;
	if (!talk_line(&a->talk, line, strlen(line)))
		return;
	if (a->phase == PHASE_BOOT) {
		if (!a->init)
			milestone(a, "init");
		a->ready_s = boot_now() - a->began;
		milestone(a, "ready");
		attempt_begin_checks(a, boot_now());
	} else if (a->phase == PHASE_CHECK) {
		attempt_check_answered(a, boot_now());
	}
}

static void keep_log(struct attempt *a, const char *bytes, size_t len)
{
	uint64_t room = a->logged < LOG_LIMIT ? LOG_LIMIT - a->logged : 0;
	size_t n = len < room ? len : (size_t)room;

	if (n && write(a->job->log_fd, bytes, n) < 0)
		n = 0; /* a full disk must not end the boot; the verdict is worth more than its log */
	a->logged += n;
}

/* True: more may be there. */
static bool hear(struct attempt *a)
{
	char bytes[65536];
	ssize_t n = a->serial < 0 ? 0 : read(a->serial, bytes, sizeof bytes);

	if (n > 0) {
		a->heard = boot_now();
		keep_log(a, bytes, (size_t)n);
		console_feed(&a->console, bytes, (size_t)n);
		return true;
	}
	if (a->serial >= 0 && (n == 0 || (errno != EAGAIN && errno != EINTR)))
		close_fd(&a->serial);
	return false;
}

static void control_event(void *ctx, const struct qmp_event *e)
{
	struct attempt *a = ctx;

	if (strcmp(e->name, "SHUTDOWN") == 0 && !a->stop_reason) {
		a->stop_reason = xstrdup(e->reason);
		a->stop_by_guest = e->guest;
	}
}

static bool hear_control(struct attempt *a)
{
	char bytes[4096];
	ssize_t n = a->control < 0 ? 0 : read(a->control, bytes, sizeof bytes);

	if (n > 0) {
		qmp_feed(&a->qmp, bytes, (size_t)n, control_event, a);
		return true;
	}
	if (a->control >= 0 && (n == 0 || (errno != EAGAIN && errno != EINTR)))
		close_fd(&a->control);
	return false;
}

/* ---- the picture ---- */

static void send_some(int fd, struct text *from);

void attempt_picture(struct attempt *a)
{
	const char *file = a->job->screenshot;
	double until = boot_now() + picture_patience;
	bool done;

	if (!file || a->pictured || !a->running || a->control < 0)
		return;
	a->pictured = true;
	qmp_screendump(&a->qmp, file);
	while (a->qmp.answered != a->qmp.asked && a->control >= 0 && boot_now() < until) {
		struct pollfd p = {.fd = a->control,
			.events = (short)(POLLIN | (a->qmp.out.len ? POLLOUT : 0))};

		poll(&p, 1, 100);
		send_some(a->control, &a->qmp.out);
		while (hear_control(a))
			continue;
	}
	done = a->qmp.answered == a->qmp.asked && !a->qmp.refused && access(file, F_OK) == 0;
	journal_emit(a->journal, json_pack("{s:s,s:o}", "event", "note", "text",
					 journal_text(arena_fmt(&a->arena,
						 done ? "a picture of the guest's display is in %s"
						      : "the emulator made no picture in %s",
						 file))));
}

/* An emulator that stays for its picture when the guest has ended is sent away. */
static void let_go(struct attempt *a)
{
	if (!a->stop_reason || !a->job->screenshot || a->sent_away)
		return;
	a->sent_away = true;
	attempt_picture(a);
	qmp_command(&a->qmp, "quit");
}

/* ---- what is typed ---- */

static void send_some(int fd, struct text *from)
{
	ssize_t n = fd < 0 || !from->len ? 0 : send(fd, from->s, from->len, MSG_NOSIGNAL);

	if (n <= 0)
		return;
	memmove(from->s, from->s + n, from->len - (size_t)n + 1);
	from->len -= (size_t)n;
}

static void probe(struct attempt *a, double now)
{
	if (a->talk.asked)
		talk_again(&a->talk, ":");
	else
		talk_ask(&a->talk, ":");
	a->probed = now;
}

/* Reacts to what stands on the unfinished line as a person would. */
static bool answer_prompt(struct attempt *a, double now)
{
	const struct known_row *row =
		a->console.talk.len ? known_find(&a->job->known, KNOWN_PROMPT, a->console.talk.s)
				    : NULL;

	if (!row || now - a->heard < prompt_rest || a->answered_bytes == a->console.bytes)
		return false;
	a->answered_bytes = a->console.bytes;
	if (!row->send)
		probe(a, now);
	else
		talk_type(&a->talk, strcmp(row->send, "enter") == 0
					    ? "\n"
					    : arena_fmt(&a->arena, "%s\n", row->send));
	return true;
}

/* Shells without a prompt that anybody knows are found by talking to them, when it is quiet; where it never is, now and then. */
static void look_for_shell(struct attempt *a, double now)
{
	double silence = now - a->heard, pause = now - (a->probed > 0 ? a->probed : a->began);
	bool quiet = silence >= (a->init ? patience : 2 * patience) &&
		     (a->probed <= 0 || pause >= between_probes);
	bool noisy = a->init && pause >= noisy_patience;

	if (answer_prompt(a, now) || !a->console.bytes || (!quiet && !noisy))
		return;
	talk_type(&a->talk, "\n");
	probe(a, now);
}

void attempt_type(struct attempt *a, const char *bytes, size_t len)
{
	if (a->phase == PHASE_FREE && a->talk.typing.len + len <= TYPED_AHEAD)
		text_add(&a->talk.typing, bytes, len);
}

/* ---- the end ---- */

static bool is_silent(const struct attempt *a)
{
	return a->console.bytes == 0;
}

static void emulator_ended(struct attempt *a)
{
	bool off;

	while (hear(a))
		continue;
	while (hear_control(a))
		continue;
	console_end(&a->console);
	proc_wait(&a->proc, -1, &a->status);
	a->running = false;
	off = a->stop_reason && a->stop_by_guest && strcmp(a->stop_reason, "guest-shutdown") == 0;
	a->kvm_failed = strcmp(a->accel, "kvm") == 0 && is_silent(a);
	if (a->phase == PHASE_OFF)
		attempt_check_off(a, off && a->status == 0);
	else if (a->phase == PHASE_FREE)
		attempt_over(a, "pass", DIAGNOSIS_NONE);
	else if (a->status != 0 || (!a->stop_reason && is_silent(a)))
		attempt_over(a, "fail", DIAGNOSIS_EMULATOR);
	else if (a->stop_reason && strcmp(a->stop_reason, "guest-reset") == 0)
		attempt_over(a, "fail", is_silent(a) ? DIAGNOSIS_SILENT_RESET : DIAGNOSIS_RESET);
	else
		attempt_over(a, "fail", DIAGNOSIS_OFF);
}

static void out_of_time(struct attempt *a)
{
	if (is_silent(a))
		attempt_over(a, "timeout",
			strcmp(a->accel, "kvm") == 0 ? DIAGNOSIS_SILENT_KVM : DIAGNOSIS_SILENT);
	else if (a->ready_s > 0)
		attempt_over(a, "timeout", DIAGNOSIS_SLOW);
	else
		attempt_over(a, "timeout", a->init ? DIAGNOSIS_NO_SHELL : DIAGNOSIS_STUCK);
}

/* Seconds of processor time that the emulator had. */
static double processor_time(const struct attempt *a)
{
	struct text stat = TEXT_INIT;
	struct error err;
	char path[40];
	unsigned long user = 0, kernel = 0;
	const char *after;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)a->proc.pid);
	if (text_read_file(&stat, path, 4096, &err) && (after = strrchr(stat.s, ')')))
		sscanf(after, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			&kernel);
	text_release(&stat);
	return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

/* A guest that has really run for a while under KVM and says nothing will not start. On a busy machine it may just not have
 * had its turn: then its processor time tells. */
static void watch_kvm(struct attempt *a, double now)
{
	double limit = (double)a->job->machine.speak_seconds, waited = now - a->began;

	if (limit > a->job->limit_s / 2)
		limit = a->job->limit_s / 2;
	if (strcmp(a->accel, "kvm") != 0 || !a->job->may_fall_back || !is_silent(a) ||
		waited < limit)
		return;
	if (waited < kvm_longest * limit && processor_time(a) < limit / 2)
		return;
	a->kvm_failed = true;
	attempt_over(a, "fail", DIAGNOSIS_SILENT);
}

static void look_at_clock(struct attempt *a, double now)
{
	watch_kvm(a, now);
	if (a->phase == PHASE_BOOT)
		look_for_shell(a, now);
	else if (a->phase == PHASE_CHECK || a->phase == PHASE_OFF)
		attempt_check_clock(a, now);
	if (a->fatal_at && now >= a->fatal_at && a->phase != PHASE_FREE) {
		if (a->phase == PHASE_OFF)
			attempt_check_off(a, false);
		attempt_over(a, "fail", DIAGNOSIS_OFF);
	}
	if (a->phase < PHASE_FREE && now - a->began >= a->job->limit_s)
		out_of_time(a);
}

void attempt_step(struct attempt *a, double now)
{
	struct pollfd end = {.fd = a->proc.pidfd, .events = POLLIN};

	for (size_t got = 0; got < READ_AT_ONCE && hear(a); got += 65536)
		continue;
	while (hear_control(a))
		continue;
	let_go(a);
	if (a->phase != PHASE_OVER && a->running && poll(&end, 1, 0) > 0)
		emulator_ended(a);
	if (a->phase != PHASE_OVER)
		look_at_clock(a, now);
	send_some(a->serial, &a->talk.typing);
	send_some(a->control, &a->qmp.out);
}

size_t attempt_poll(const struct attempt *a, struct pollfd *fds)
{
	size_t n = 0;

	if (a->running)
		fds[n++] = (struct pollfd){.fd = a->proc.pidfd, .events = POLLIN};
	if (a->serial >= 0)
		fds[n++] = (struct pollfd){.fd = a->serial,
			.events = (short)(POLLIN | (a->talk.typing.len ? POLLOUT : 0))};
	if (a->control >= 0)
		fds[n++] = (struct pollfd){.fd = a->control,
			.events = (short)(POLLIN | (a->qmp.out.len ? POLLOUT : 0))};
	return n + outside_poll(&a->outside, fds + n);
}

static double sooner(double a, double b)
{
	return b > 0 && b < a ? b : a;
}

double attempt_wake(const struct attempt *a, double now)
{
	double wake = now + 1;

	if (a->phase == PHASE_BOOT && a->answered_bytes != a->console.bytes)
		wake = sooner(wake,
			a->heard + prompt_rest > now ? a->heard + prompt_rest : now + prompt_rest);
	if (a->phase < PHASE_FREE)
		wake = sooner(wake, a->began + a->job->limit_s);
	wake = sooner(wake, a->fatal_at);
	return sooner(wake, attempt_check_wake(a));
}
