/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists removable devices. Nothing on this screen writes before the device's name has been typed. */
#include "views/view_devices.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/printable.h"
#include "base/text.h"
#include "base/vec.h"
#include "run/stick.h"
#include "screen/app.h"
#include "screen/dialog.h"
#include "screen/layout.h"
#include "screen/terminal.h"
#include "shared/list.h"
#include "shared/session.h"
#include "shared/words.h"
#include "step/device.h"
#include "views/view_build.h"

#include <stdlib.h>
#include <string.h>

struct devices_view {
	struct view view;
	struct arena arena;
	struct stick_image image;
	struct device_list devices;
	VEC(const struct device *) rows; /* the removable ones */
	struct list list;
};

static const struct device *focus(const struct devices_view *d)
{
	return d->list.at < d->rows.n ? d->rows.at[d->list.at] : NULL;
}

static void load(struct devices_view *d, struct app *app)
{
	struct error err = {0};

	device_list_release(&d->devices);
	d->devices = (struct device_list){.arena = ARENA_INIT};
	d->rows.n = 0;
	if (!device_list_load(&d->devices, app->place, &err)) {
		app_say(app, ROLE_BAD, "%s", err.text);
		d->devices = (struct device_list){.arena = ARENA_INIT};
	}
	for (size_t i = 0; i < d->devices.of.n; i++)
		if (d->devices.of.at[i].removable)
			vec_push_in(&d->arena, &d->rows, &d->devices.of.at[i]);
	list_count(&d->list, d->rows.n);
}

static const char *refusal(
	const struct devices_view *d, const struct device *device, struct error *err)
{
	return device_check(device, d->image.bytes, err) ? NULL : err->text;
}

/* ---- drawing ---- */

static void draw_device(struct devices_view *d, struct app *app, struct rect r, int y, size_t i)
{
	const struct device *device = d->rows.at[i];
	struct text size = TEXT_INIT, words = TEXT_INIT, clean = TEXT_INIT;
	struct error err;
	bool refused = refusal(d, device, &err) != NULL;

	if (device->bytes)
		words_bytes(&size, device->bytes);
	words_device(&words, device);
	if (refused)
		text_str(&words, ", not possible");
	printable(&clean, words.s, words.len);
	put_fmt(&app->term, r, y, 1, refused ? ROLE_DIM : ROLE_TEXT, "%s %-13s %9s  %s",
		i == d->list.at ? ">" : " ", device->path, size.s, clean.s);
	if (i == d->list.at)
		put_focus(&app->term, r, y);
	text_release(&size);
	text_release(&words);
	text_release(&clean);
}

static int put_words(
	struct app *app, struct rect r, int y, enum role role, const char *lead, const char *words)
{
	struct text clean = TEXT_INIT;

	text_str(&clean, lead);
	printable(&clean, words, strlen(words));
	y = put_wrapped(
		&app->term, (struct rect){r.y, r.x + 1, r.rows, r.cols - 2}, y, role, clean.s);
	text_release(&clean);
	return y;
}

static void draw_detail(const struct devices_view *d, struct app *app, struct rect r)
{
	const struct device *device = focus(d);
	struct text words = TEXT_INIT;
	struct error err = {0};
	int y = 0;

	if (!device)
		return;
	if (device->bytes) {
		words_contents(&words, device);
		y = put_words(app, r, y, ROLE_TEXT, "It holds ", words.s);
	}
	if (*device->serial)
		y = put_words(app, r, y, ROLE_DIM, "Serial number ", device->serial);
	if (refusal(d, device, &err))
		put_words(app, r, y, ROLE_WARN, "It cannot be written: ", err.text);
	text_release(&words);
}

static void devices_draw(struct view *v, struct app *app, const struct layout *l)
{
	struct devices_view *d = (struct devices_view *)v;
	struct layout_panes p = layout_split(l, 6);
	struct text title = TEXT_INIT, path = TEXT_INIT;
	struct error no;

	text_fmt(&title, "bootsmith  write %s", app->doc.now.name);
	text_fmt(&path, "%s, ", d->image.file);
	words_bytes(&path, d->image.bytes);
	text_str(&path, ": to which device?");
	view_idle(v, ACT_ENTER, !focus(d) || refusal(d, focus(d), &no));
	frame_draw(app, v, l, &(struct heading){title.s, NULL, path.s, NULL});
	list_show(&d->list, p.list.rows);
	for (int y = 0; y < p.list.rows && d->list.top + (size_t)y < d->rows.n; y++)
		draw_device(d, app, p.list, y, d->list.top + (size_t)y);
	if (!d->rows.n)
		put(&app->term, p.list, 0, 1, ROLE_TEXT,
			"There is no removable device. Plug a stick in, then press r.");
	put_rule(&app->term, p.rule, focus(d) ? focus(d)->name : "device");
	draw_detail(d, app, p.detail);
	text_release(&title);
	text_release(&path);
}

/* ---- writing ---- */

static bool on_typed(struct app *app, void *ctx, const char *typed, struct error *err)
{
	struct devices_view *d = ctx;
	const struct device *device = focus(d);

	if (!device || !device_is_named(device, typed))
		return error_set(err, ERROR_USAGE,
			"That is not its name. "
			"Esc goes back, and nothing is written.");
	if (!session_write(&app->session, &app->doc.now, device, err))
		return false;
	session_pump(&app->session);
	view_run(app);
	return true;
}

static void confirm(struct devices_view *d, struct app *app)
{
	const struct device *device = focus(d);
	struct text hint = TEXT_INIT, words = TEXT_INIT;
	struct error err;

	if (!device)
		return;
	if (refusal(d, device, &err)) {
		dialog_tell(app, "It cannot be written", err.text);
		return;
	}
	text_fmt(&words, "%s, ", device->path);
	words_device(&words, device);
	text_str(&words, ", ");
	words_bytes(&words, device->bytes);
	text_str(&words, ", holds ");
	words_contents(&words, device);
	text_fmt(&words,
		". Everything on it will be LOST: %s takes its place. Type %s%s%s to go on.",
		d->image.file, device->name, *device->model ? " or " : "", device->model);
	printable(&hint, words.s, words.len);
	dialog_prompt(app, "Write", hint.s, "", PROMPT_TEXT, on_typed, d);
	text_release(&hint);
	text_release(&words);
}

static void devices_key(struct view *v, struct app *app, enum key_action action, int key)
{
	struct devices_view *d = (struct devices_view *)v;

	(void)key;
	if (list_moves(&d->list, action))
		return;
	if (action == ACT_ENTER)
		confirm(d, app);
	else if (action == ACT_RETRY)
		load(d, app);
	else if (action == ACT_BACK || action == ACT_LEFT)
		app_remove(app, v);
	else if (action == ACT_QUIT)
		app_quit(app);
}

static void devices_close(struct view *v)
{
	struct devices_view *d = (struct devices_view *)v;

	device_list_release(&d->devices);
	arena_release(&d->arena);
}

/* The most likely one: the first that can be written. */
static void focus_first(struct devices_view *d)
{
	struct error err;

	for (size_t i = d->rows.n; i-- > 0;)
		if (!refusal(d, d->rows.at[i], &err))
			list_to(&d->list, i);
}

void view_devices(struct app *app)
{
	static const struct view_ops ops = {devices_draw, devices_key, NULL, devices_close};
	struct devices_view *d = view_new(sizeof *d, &ops, KEYS_DEVICES);
	struct error err = {0};

	if (!stick_find(&app->doc.now, NULL, NULL, &d->arena, &d->image, &err)) {
		dialog_tell(app, "This cannot be written to a stick", err.text);
		devices_close(&d->view);
		free(d);
		return;
	}
	load(d, app);
	focus_first(d);
	app_push(app, &d->view);
}
