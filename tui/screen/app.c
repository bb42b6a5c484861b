/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop: waits for keys, news of the run and signals; draws when something changed. */
#include "screen/app.h"

#include "base/clock.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/run.h"
#include "screen/help.h"
#include "screen/asked.h"
#include "screen/layout.h"
#include "screen/signals.h"
#include "screen/terminal.h"
#include "shared/keys.h"
#include "shared/session.h"
#include "shared/width.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

/* At most ten frames a second for news; a key gets its frame at once. */
#define FRAME_SECONDS	    0.1
#define GUEST_FRAME_SECONDS 0.02
/* Two Esc within this time count as one: habit from other programs makes people press it twice. */
#define ESCAPE_SECONDS 0.2

static struct view *top(const struct app *app)
{
	return app->views.n ? app->views.at[app->views.n - 1] : NULL;
}

FORMAT(2, 0) static void set_line(struct text *to, const char *fmt, va_list ap)
{
	char line[1200];
	int n = vsnprintf(line, sizeof line, fmt, ap);

	text_clear(to);
	/* Errors and notes may quote text from a server or a file. */
	printable(to, line, n < 0 ? 0 : (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

void app_say(struct app *app, enum role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_line(&app->message, fmt, ap);
	va_end(ap);
	app->message_role = role;
	app->due = true;
}

void app_hint(struct app *app, enum role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_line(&app->hint, fmt, ap);
	va_end(ap);
	app->hint_role = role;
}

void app_watch(struct app *app, const char *path)
{
	if (app->watch >= 0 && path && !strcmp(path, app->watched.s))
		return;
	if (app->watch >= 0)
		inotify_rm_watch(app->watch_fd, app->watch);
	app->watch = path ? inotify_add_watch(app->watch_fd, path, IN_MODIFY) : -1;
	text_clear(&app->watched);
	if (path)
		text_str(&app->watched, path);
}

/* Texts that were cut can be read by one key. */
static void offer_whole(struct app *app, const struct layout *l)
{
	static const char words[] = " m reads on ";

	if (app->term.cut.len && l->rule_bottom.rows && keys_find(top(app)->keys, 'm') == ACT_WHOLE)
		put(&app->term, l->rule_bottom, 0, l->rule_bottom.cols - (int)sizeof words,
			ROLE_TITLE, words);
}

static void draw(struct app *app)
{
	struct layout l;
	size_t base = app->views.n - 1;

	text_clear(&app->hint);
	terminal_begin(&app->term);
	l = layout_make(app->term.rows, app->term.cols);
	while (base > 0 && app->views.at[base]->overlay)
		base--;
	if (l.mode == LAYOUT_LINE)
		frame_line(app);
	layout_message(&l, width_lines(app->message.s, l.message.cols - 2));
	for (size_t i = base; l.mode != LAYOUT_LINE && i < app->views.n; i++) {
		/* Text hidden by a dialog does not count as cut. */
		text_clear(&app->term.cut);
		app->views.at[i]->ops->draw(app->views.at[i], app, &l);
	}
	offer_whole(app, &l);
	terminal_end(&app->term);
	app->due = app->urgent = false;
	app->last_frame = clock_now();
	app->frames++;
}

static double frame_gap(const struct app *app)
{
	if (app->urgent)
		return 0;
	return top(app)->wants_bytes ? GUEST_FRAME_SECONDS : FRAME_SECONDS;
}

/* Tests wait for this line: it means that everything sent so far is on the screen. */
static void report_idle(struct app *app)
{
	char line[128];
	int n;

	if (app->idle_fd < 0 || terminal_has_key(&app->term))
		return;
	n = snprintf(line, sizeof line, "idle %lu %s %d\n", app->frames,
		keys_view_name(top(app)->keys), app->term.cursor_y);
	if (write(app->idle_fd, line, (size_t)n) < 0)
		app->idle_fd = -1;
}

static void draw_if_due(struct app *app)
{
	if (!app->due || clock_now() - app->last_frame < frame_gap(app))
		return;
	/* A terminal that accepts no bytes (Ctrl-S, a slow line) skips frames; the builder does not notice. */
	if (!terminal_writable(&app->term))
		return;
	draw(app);
	report_idle(app);
}

static int wait_ms(const struct app *app)
{
	double now = clock_now(), until = -1;

	if (app->due) {
		until = app->last_frame + frame_gap(app);
		/* Already late: the terminal was not ready. */
		if (until <= now)
			until = now + FRAME_SECONDS;
	}
	if (session_is_alive(&app->session) && (until < 0 || app->last_tick + 1 < until))
		until = app->last_tick + 1;
	if (until < 0)
		return -1;
	return until > now ? (int)((until - now) * 1000) + 1 : 0;
}

static void on_signals(struct app *app)
{
	struct signals_news news = signals_take();

	if (news.end) {
		app->end_signal = news.end;
		app->quit = true;
	}
	if (news.stop)
		terminal_suspend(&app->term);
	if (news.resized) {
		terminal_size(&app->term);
		terminal_anew(&app->term);
	}
	app->due = app->urgent = true;
}

static bool global_key(struct app *app, int key)
{
	double now = clock_now();

	if (key == UI_PASTE_BEGIN || key == UI_PASTE_END) {
		app->pasting = key == UI_PASTE_BEGIN;
		return true;
	}
	if (key == KEY_ESC_CODE) {
		bool again = now - app->last_escape < ESCAPE_SECONDS;

		app->last_escape = again ? 0 : now;
		return again;
	}
	app->last_escape = 0;
	if (key == CTRL('l'))
		terminal_anew(&app->term);
	if (key == CTRL('z'))
		terminal_suspend(&app->term);
	return key == CTRL('l') || key == CTRL('z');
}

static bool is_typing(const struct view *v)
{
	return v->keys & (KEYS_FIELD | KEYS_SEARCH);
}

static void on_key(struct app *app, int key)
{
	struct view *v = top(app);
	enum key_action action;

	if (v->wants_bytes) {
		v->ops->key(v, app, ACT_NONE, key);
		return;
	}
	if (global_key(app, key))
		return;
	/* Pasted text only goes into a field; it never moves, deletes or quits anything. */
	if (app->pasting && (!is_typing(v) || key < ' ' || key >= UI_FIRST))
		return;
	action = keys_find(v->keys, key);
	text_clear(&app->message);
	if (action == ACT_HELP)
		help_open(app, v->keys);
	else if (action == ACT_WHOLE)
		help_whole(app);
	v->ops->key(v, app, action, key);
}

static void free_closed(struct app *app)
{
	for (size_t i = 0; i < app->closed.n; i++) {
		struct view *v = app->closed.at[i];

		if (v->ops->close)
			v->ops->close(v);
		free(v);
	}
	app->closed.n = 0;
}

static void on_keys(struct app *app)
{
	int key;

	while (!app->quit && app->views.n && (key = terminal_key(&app->term)) != UI_NONE) {
		on_key(app, key);
		free_closed(app);
		app->due = app->urgent = true;
	}
}

static void tell_views(struct app *app)
{
	for (size_t i = app->views.n; i-- > 0;) {
		/* A view may close itself and others when it handles news. */
		if (i < app->views.n && app->views.at[i]->ops->news)
			app->views.at[i]->ops->news(app->views.at[i], app);
	}
	free_closed(app);
	app->due = true;
}

static void on_news(struct app *app)
{
	bool tick = clock_now() - app->last_tick >= 1;
	bool alive = session_is_alive(&app->session);
	bool ended = app->alive && !alive;

	/* A guest that ends after its verdict writes nothing more: checking whether it is gone is the only way to notice. */
	app->alive = alive;
	if (session_pump(&app->session) || ended || (tick && alive))
		tell_views(app);
	if (tick)
		app->last_tick = clock_now();
}

static void on_watch(struct app *app)
{
	char bytes[4096];

	while (read(app->watch_fd, bytes, sizeof bytes) > 0)
		;
	tell_views(app);
}

enum { ON_KEYS, ON_SIGNAL, ON_RUN, ON_WATCH, ON_HOST, ON_FORECAST, ON_COUNT };

static void on_answer(struct app *app, struct asked *asked, short events)
{
	if (!events)
		return;
	asked_read(asked);
	app->due = true;
}

static void wait_and_act(struct app *app)
{
	struct pollfd fds[ON_COUNT] = {
		[ON_KEYS] = {.fd = STDIN_FILENO, .events = POLLIN},
		[ON_SIGNAL] = {.fd = signals_fd(), .events = POLLIN},
		[ON_RUN] = {.fd = session_is_alive(&app->session) ? run_fd(app->session.run) : -1,
			.events = POLLIN},
		[ON_WATCH] = {.fd = app->watch_fd, .events = POLLIN},
		[ON_HOST] = {.fd = app->host.fd, .events = POLLIN},
		[ON_FORECAST] = {.fd = app->forecast.fd, .events = POLLIN},
	};

	if (poll(fds, ON_COUNT, terminal_has_key(&app->term) ? 0 : wait_ms(app)) < 0)
		return;
	if (fds[ON_SIGNAL].revents)
		on_signals(app);
	if (fds[ON_RUN].fd >= 0)
		on_news(app);
	if (fds[ON_WATCH].revents)
		on_watch(app);
	on_answer(app, &app->host, fds[ON_HOST].revents);
	on_answer(app, &app->forecast, fds[ON_FORECAST].revents);
	on_keys(app);
	/* The terminal is gone (its window was closed): nobody can read or answer. */
	if (fds[ON_KEYS].revents & (POLLHUP | POLLERR | POLLNVAL))
		app->quit = true;
}

int app_run(struct app *app)
{
	app->due = app->urgent = true;
	while (!app->quit && app->views.n) {
		draw_if_due(app);
		wait_and_act(app);
	}
	while (app->views.n)
		app_pop(app);
	free_closed(app);
	vec_release(&app->views);
	vec_release(&app->closed);
	return 0;
}
