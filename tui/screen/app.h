/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program while its screen is open: a stack of views over one open profile and one run. app.c has the only loop; it waits for
 * keys, for news of the run and for signals, and draws a frame from the state when something changed.
 *
 * A view is one screen or dialog. It redraws itself completely each time, gets keys as actions of its own key table, and is
 * notified when the run has news. Each view's file has a function that creates and pushes it (view_start, dialog_ask, ...); the
 * stack frees it after handling the key that closed it.
 */
#ifndef APP_H
#define APP_H

#include "run/run.h"
#include "screen/asked.h"
#include "screen/layout.h"
#include "screen/terminal.h"
#include "shared/document.h"
#include "shared/keys.h"
#include "shared/session.h"

struct app;
struct view;

struct view_ops {
	void (*draw)(struct view *v, struct app *app, const struct layout *l);
	void (*key)(struct view *v, struct app *app, enum key_action action, int key);
	void (*news)(struct view *v,
		struct app *app); /* the run has news, or a second has passed; may be NULL */
	void (*close)(struct view
			*v); /* releases what the view holds, not the view itself; may be NULL */
};

struct view {
	const struct view_ops *ops;
	enum keys_view keys;
	unsigned long long idle; /* KEYS_SET of what would be refused now; set while drawing */
	bool overlay;		 /* drawn on top of the view below */
	bool wants_bytes;	 /* keys arrive as bytes for a guest, without a table */
};

struct views {
	struct view **at;
	size_t n, cap;
};

struct app {
	const struct screen_start *start;
	const struct place *place;
	const struct catalog *catalog;
	const struct settings *settings;
	struct terminal term;
	struct document doc;
	struct session session;
	struct views views, closed;
	struct text message; /* the message row: the result of the last key */
	enum role message_role;
	struct text hint; /* what the row shows while there is no message; set by each frame */
	enum role hint_role;
	struct text farewell; /* printed on the normal screen after the end */
	bool quit;
	int end_signal;
	bool due;    /* a frame must be drawn ... */
	bool urgent; /* ... at once, because of a key */
	double last_frame, last_tick, last_escape;
	bool pasting;
	bool alive;	     /* was the run alive at the last check? */
	int watch_fd;	     /* inotify on the log that is shown */
	int watch;	     /* its watch, -1: none */
	struct text watched; /* the path */
	struct asked host,
		forecast; /* what this machine has, and what a build of the choices takes */
	bool first_use;	  /* no profile of the user's and no run yet */
	struct {	  /* what the open dialog will do; see dialog_save.c */
		void (*then)(struct app *app, void *ctx);
		void *ctx;
		const struct option *option;
		struct text hash;
	} pending;
	struct { /* a build that begins when the run that goes on has ended */
		bool waits, boot;
		struct profile profile;
		size_t unsaved;
	} next;
	int idle_fd; /* tests wait here for a finished frame; -1 */
	unsigned long frames;
};

int app_run(struct app *app);

void app_push(struct app *app, struct view *v);
void app_pop(struct app *app); /* closes the topmost view */
/* Closes this view, wherever it is in the stack. */
void app_remove(struct app *app, const struct view *v);
void app_pop_to(struct app *app, const struct view *v); /* closes all above v */
void app_home(struct app *app);				/* closes all but the first */
void app_say(struct app *app, enum role role, const char *fmt, ...) FORMAT(3, 4);
void app_hint(struct app *app, enum role role, const char *fmt, ...) FORMAT(3, 4);
/* Draws frames when this file grows; NULL: none. */
void app_watch(struct app *app, const char *path);
/* Warns when another session has the open profile open, too. */
void app_tell_other_session(struct app *app);
void app_quit(struct app *app); /* leaves, asking first if something would be lost */

/* The frame of every full screen: head left and right, path left and right, rules, message and keys. */
struct heading {
	const char *title, *title_right, *path, *path_right;
};
void frame_draw(
	struct app *app, const struct view *v, const struct layout *l, const struct heading *h);

/* All that fits on a terminal below 20x5. */
void frame_line(struct app *app);

/* The title of most screens: "bootsmith  first-boot *unsaved: 2". */
void frame_title(const struct app *app, struct text *out);

/* Says whether a key would only be refused: then the row of keys does not offer it. */
void view_idle(struct view *v, enum key_action action, bool idle);

void *view_new(size_t size, const struct view_ops *ops,
	enum keys_view keys); /* zeroed; the struct's first member must be its struct view */

#endif
