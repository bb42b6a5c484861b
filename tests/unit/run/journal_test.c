/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run from both sides: its daemon with test bodies, and the reader. Locks too. */
#include "base/arena.h"
#include "base/lock.h"
#include "base/text.h"
#include "run/journal.h"
#include "run/run.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a reader has seen. */
struct seen {
	struct text kinds; /* one letter an event */
	struct text words;
	int status;
	bool ended;
};

static void see(void *ctx, const struct event *e)
{
	static const char letters[] = {[EVENT_PLAN] = 'p',
		[EVENT_NOTE] = 'n',
		[EVENT_STEP_START] = 's',
		[EVENT_PROGRESS] = '.',
		[EVENT_STEP_DONE] = 'd',
		[EVENT_FINISHED] = 'F',
		[EVENT_BOOT_START] = 'b',
		[EVENT_MILESTONE] = 'm',
		[EVENT_CHECK] = 'c',
		[EVENT_VERDICT] = 'V',
		[EVENT_LOST] = 'L'};
	struct seen *s = ctx;

	text_char(&s->kinds, letters[e->kind]);
	if (e->kind == EVENT_NOTE)
		text_fmt(&s->words, "%s|", e->note.text);
	if (e->kind == EVENT_FINISHED) {
		text_str(&s->words, e->finished.error ? e->finished.error : "");
		s->status = e->finished.status;
	}
	s->ended = e->kind == EVENT_FINISHED || e->kind == EVENT_VERDICT || e->kind == EVENT_LOST;
}

static void follow(struct run *r, struct seen *s)
{
	struct error err;

	while (!s->ended) {
		struct pollfd news = {run_fd(r), POLLIN, 0};

		poll(&news, 1, 100);
		assert_true(run_pump(r, see, s, &err));
	}
}

static void seen_release(struct seen *s)
{
	text_release(&s->kinds);
	text_release(&s->words);
}

#define SEEN                                           \
	{                                              \
		.kinds = TEXT_INIT, .words = TEXT_INIT \
	}

static int well(struct journal *j, void *ctx)
{
	journal_note(j, ctx);
	journal_emit(j, &(struct event){.kind = EVENT_FINISHED, .finished.ok = true});
	return 0;
}

static int crash(struct journal *j, void *ctx)
{
	(void)ctx;
	journal_note(j, "before");
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
	return 0;
}

/* Waits for a signal that ends it. With a ctx it leaves a process that would stay for ever, and reports its pid. */
static int hang(struct journal *j, void *ctx)
{
	pid_t stray = ctx ? fork() : -1;
	char words[32];
	sigset_t none;

	if (stray == 0)
		setsid();
	else
		journal_note(j, (snprintf(words, sizeof words, "%ld", (long)stray), words));
	sigemptyset(&none);
	if (stray == 0)
		sigaddset(&none, SIGTERM);
	sigprocmask(SIG_SETMASK, &none, NULL);
	while (pause())
		continue;
	return 0;
}

static void spawn(
	struct run **r, struct scratch *s, const char *profile, journal_body *body, char *ctx)
{
	struct error err = {0};

	if (!journal_spawn(r, &s->place, profile, RUN_BUILD, body, NULL, ctx, &err))
		fail_msg("%s", err.text);
}

static void a_run_is_read_back(void **state)
{
	char words[] = "hello \x1b[31m";
	struct seen first = SEEN, second = SEEN;
	struct scratch s;
	struct run *r, *again;
	struct error err;

	(void)state;
	scratch_make(&s);
	spawn(&r, &s, "p", well, words);
	follow(r, &first);
	assert_string_equal(first.kinds.s, "nF");
	assert_non_null(strstr(first.words.s, "hello"));
	assert_null(strchr(first.words.s, '\x1b'));
	assert_int_equal(first.status, 0);
	assert_string_equal(run_profile(r), "p");
	assert_false(run_is_boot(r));
	run_free(r);
	assert_true(run_attach(&again, &s.place, "p", &err));
	follow(again, &second);
	assert_string_equal(second.kinds.s, first.kinds.s);
	run_free(again);
	assert_false(run_attach(&again, &s.place, "other", &err));
	assert_int_equal(err.kind, ERROR_USAGE);
	seen_release(&first);
	seen_release(&second);
	scratch_remove(&s);
}

static void attach_takes_the_newest(void **state)
{
	char one[] = "one", two[] = "two";
	struct scratch s;
	struct run *r;
	struct error err;

	(void)state;
	scratch_make(&s);
	for (int i = 0; i < 2; i++) {
		struct seen seen = SEEN;

		spawn(&r, &s, "p", well, i ? two : one);
		follow(r, &seen);
		run_free(r);
		seen_release(&seen);
	}
	for (int i = 0; i < 2; i++) {
		struct seen seen = SEEN;

		assert_true(run_attach(&r, &s.place, i ? "p" : NULL, &err));
		follow(r, &seen);
		assert_string_equal(seen.words.s, "two|");
		run_free(r);
		seen_release(&seen);
	}
	scratch_remove(&s);
}

static void a_crash_still_has_a_last_event(void **state)
{
	struct seen seen = SEEN;
	struct scratch s;
	struct run *r;

	(void)state;
	scratch_make(&s);
	spawn(&r, &s, "p", crash, NULL);
	follow(r, &seen);
	assert_string_equal(seen.kinds.s, "nF");
	assert_non_null(strstr(seen.words.s, "SIGSEGV"));
	assert_int_equal(seen.status, ERROR_INTERNAL);
	run_free(r);
	seen_release(&seen);
	scratch_remove(&s);
}

static void follow_until(struct run *r, struct seen *s, size_t events)
{
	struct error err;

	while (s->kinds.len < events) {
		struct pollfd news = {run_fd(r), POLLIN, 0};

		poll(&news, 1, 100);
		assert_true(run_pump(r, see, s, &err));
	}
}

static void cancel_ends_everything(void **state)
{
	struct seen seen = SEEN;
	struct scratch s;
	struct run *r, *second;
	struct error err = {0};
	char stray[] = "stray";
	pid_t pid;

	(void)state;
	scratch_make(&s);
	spawn(&r, &s, "p", hang, stray);
	follow_until(r, &seen, 1);
	assert_true(run_is_alive(r));
	pid = (pid_t)atol(seen.words.s);
	assert_int_equal(kill(pid, 0), 0);
	/* Meanwhile nobody else may run this profile; the message says who does. */
	assert_false(journal_spawn(&second, &s.place, "p", RUN_BUILD, hang, NULL, NULL, &err));
	assert_int_equal(err.kind, ERROR_HOST);
	assert_non_null(strstr(err.text, "pid "));
	run_cancel(r);
	run_cancel(r);
	follow(r, &seen);
	assert_string_equal(seen.kinds.s, "nF");
	assert_int_equal(seen.status, 128 + SIGTERM);
	assert_int_equal(kill(pid, 0), -1);
	run_free(r);
	seen_release(&seen);
	scratch_remove(&s);
}

static void a_killed_builder_is_lost(void **state)
{
	struct seen seen = SEEN;
	struct scratch s;
	struct run *r;
	const char *lock;

	(void)state;
	scratch_make(&s);
	spawn(&r, &s, "p", hang, NULL);
	follow_until(r, &seen, 1);
	lock = arena_fmt(&s.place.arena, "%s/lock", run_folder(r));
	assert_int_equal(kill((pid_t)lock_holder(lock), SIGKILL), 0);
	follow(r, &seen);
	assert_string_equal(seen.kinds.s, "nL");
	assert_false(run_is_alive(r));
	run_cancel(r); /* harmless */
	run_free(r);
	seen_release(&seen);
	scratch_remove(&s);
}

static void half_a_line_waits_for_its_rest(void **state)
{
	char words[] = "x";
	struct seen seen = SEEN, more = SEEN;
	struct scratch s;
	struct run *r;
	struct error err;
	int fd;

	(void)state;
	scratch_make(&s);
	spawn(&r, &s, "p", well, words);
	follow(r, &seen);
	fd = open(arena_fmt(&s.place.arena, "%s/events", run_folder(r)),
		O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_true(write(fd, "{\"event\":\"no", 12) == 12);
	assert_true(run_pump(r, see, &more, &err));
	assert_string_equal(more.kinds.s, "");
	assert_true(write(fd, "te\"}\n", 5) == 5);
	assert_true(run_pump(r, see, &more, &err));
	assert_string_equal(more.kinds.s, "n");
	assert_true(write(fd, "{broken\n", 8) == 8);
	assert_false(run_pump(r, see, &more, &err));
	close(fd);
	run_free(r);
	seen_release(&seen);
	seen_release(&more);
	scratch_remove(&s);
}

static void locks_exclude_and_are_shared(void **state)
{
	struct scratch s;
	struct error err;
	const char *path;
	int a, b, c;

	(void)state;
	scratch_make(&s);
	path = scratch_path(&s, "lock");
	assert_true(lock_try(path, LOCK_ALONE, &a, &err) && a >= 0);
	assert_true(lock_try(path, LOCK_USE, &b, &err));
	assert_int_equal(b, -1);
	assert_int_equal(lock_holder(path), getpid());
	assert_true(lock_is_held(path));
	lock_share(a);
	assert_false(lock_is_held(path));
	assert_true(lock_try(path, LOCK_USE, &b, &err) && b >= 0);
	assert_true(lock_try(path, LOCK_ALONE, &c, &err));
	assert_int_equal(c, -1);
	lock_release(a);
	lock_release(b);
	assert_true(lock_try(path, LOCK_ALONE, &c, &err) && c >= 0);
	assert_int_equal(unlink(path), 0);
	/* The file is gone and so is the lock of its name: a new one is another lock. */
	assert_true(lock_try(path, LOCK_ALONE, &a, &err) && a >= 0);
	lock_release(a);
	lock_release(c);
	assert_false(lock_try(scratch_path(&s, "no/such/folder"), LOCK_ALONE, &a, &err));
	scratch_remove(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_is_read_back),
		cmocka_unit_test(attach_takes_the_newest),
		cmocka_unit_test(a_crash_still_has_a_last_event),
		cmocka_unit_test(cancel_ends_everything),
		cmocka_unit_test(a_killed_builder_is_lost),
		cmocka_unit_test(half_a_line_waits_for_its_rest),
		cmocka_unit_test(locks_exclude_and_are_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
