/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `write`: lists removable devices, lets one be chosen, asks for the typed confirmation; the writing itself is a run. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "base/vec.h"
#include "choice/profile.h"
#include "cli/cli_flags.h"
#include "cli/cli_out.h"
#include "cli/cli_watch.h"
#include "run/run.h"
#include "run/stick.h"
#include "shared/width.h"
#include "shared/words.h"
#include "step/device.h"
#include <string.h>

enum { COLUMNS = 79, INDENT = 6 };

/* ---- the list ---- */

static void list_json(const struct device *d)
{
	json_t *parts = json_array();

	for (size_t i = 0; i < d->parts.n; i++) {
		const struct device_part *p = &d->parts.at[i];

		json_array_append_new(parts,
			json_pack("{s:o,s:I,s:o,s:o,s:o}", "name", json_text(p->name), "bytes",
				(json_int_t)p->bytes, "type", json_text(p->type), "label",
				json_text(p->label), "mounted", json_text(p->mounted)));
	}
	say_json(json_pack("{s:o,s:o,s:o,s:o,s:o,s:I,s:o,s:o}", "name", json_text(d->name), "path",
		json_text(d->path), "model", json_text(d->model), "serial", json_text(d->serial),
		"bus", json_text(d->bus), "bytes", (json_int_t)d->bytes, "parts", parts, "refusal",
		json_text(d->refusal)));
}

/* Below each other and indented if the window is narrow. */
static void say_below(const struct cli *c, enum role role, const char *words)
{
	size_t next;

	for (; *words; words += next) {
		size_t fits = width_wrap(words, COLUMNS - INDENT, &next);

		say_role(c, role, "%*s%.*s", INDENT, "", (int)fits, words);
	}
}

/* "1  /dev/sdb  29.8 GiB  SanDisk Ultra (USB)", and below that what is on it. */
static void list_device(const struct cli *c, const struct device *d, size_t number)
{
	struct text size = TEXT_INIT, words = TEXT_INIT, at = TEXT_INIT;

	if (number)
		text_fmt(&at, "%zu", number);
	if (d->bytes)
		words_bytes(&size, d->bytes);
	words_device(&words, d);
	say_role(c, ROLE_TITLE, "%2s  %-12s %9s  %s", at.s, d->path, size.s, words.s);
	text_clear(&words);
	text_str(&words, "holds ");
	words_contents(&words, d);
	if (d->bytes)
		say_below(c, ROLE_PLAIN, words.s);
	if (d->refusal) {
		text_clear(&words);
		text_fmt(&words, "cannot be written: %s", d->refusal);
		say_below(c, ROLE_WARN, words.s);
	}
	text_release(&at);
	text_release(&size);
	text_release(&words);
}

/* Writable devices get numbers from 1 on, which `choices` translates; returns how many devices were shown. */
static size_t show_list(
	const struct cli *c, const struct device_list *l, bool numbered, struct strings *choices)
{
	size_t shown = 0;

	for (size_t i = 0; i < l->of.n; i++) {
		const struct device *d = &l->of.at[i];

		if (!d->removable)
			continue;
		shown++;
		if (!d->refusal)
			vec_push(choices, d->path);
		if (c->flags.json)
			list_json(d);
		else
			list_device(c, d, numbered && !d->refusal ? choices->n : 0);
	}
	return shown;
}

static bool list(const struct cli *c, struct error *err)
{
	struct strings choices = {0};
	struct device_list l;

	if (!device_list_load(&l, &c->place, err))
		return false;
	if (!show_list(c, &l, false, &choices) && !c->flags.json)
		say(c, "there is no removable device; plug a stick in or put a card in");
	vec_release(&choices);
	device_list_release(&l);
	return true;
}

/* ---- the choice ---- */

static bool take_number(
	const struct strings *choices, const char *answer, struct text *device, struct error *err)
{
	for (size_t i = 0; i < choices->n; i++) {
		char number[24];

		snprintf(number, sizeof number, "%zu", i + 1);
		if (strcmp(number, answer) != 0 && strcmp(choices->at[i], answer) != 0 &&
			strcmp(choices->at[i] + strlen("/dev/"), answer) != 0)
			continue;
		text_str(device, choices->at[i]);
		return true;
	}
	return error_set(err, ERROR_USAGE, "nothing was chosen, and nothing was written");
}

static bool choose(const struct cli *c, struct text *device, struct error *err)
{
	struct strings choices = {0};
	struct text answer = TEXT_INIT;
	struct device_list l;
	bool ok;

	if (!can_ask(c) || c->flags.json)
		return error_set(err, ERROR_USAGE,
			"the device is missing, and nobody can be asked here: name it behind the profile; `bootsmith write --list` shows what there is");
	if (!device_list_load(&l, &c->place, err))
		return false;
	show_list(c, &l, true, &choices);
	ok = choices.n ||
	     error_set(err, ERROR_HOST,
		     "there is no removable device that can be written; plug a stick in");
	ok = ok &&
	     ask_line(c, "Write to which one? (its number; Enter: none)", "DEVICE", &answer, err) &&
	     take_number(&choices, answer.s, device, err);
	text_release(&answer);
	vec_release(&choices);
	device_list_release(&l);
	return ok;
}

/* ---- the confirmation ---- */

static bool named(const struct cli *c, const struct device *d, struct error *err)
{
	const char *word = c->flags.yes_erase;

	if (c->flags.json && !word)
		return error_set(err, ERROR_USAGE,
			"what is on %s would be lost: with --json confirm that by --yes-erase %s",
			d->path, d->name);
	if (!word && !can_ask(c))
		return error_set(err, ERROR_USAGE,
			"what is on %s would be lost, and nobody can be asked here: confirm it by --yes-erase %s",
			d->path, d->name);
	if (!word || device_is_named(d, word))
		return true;
	return error_set(err, ERROR_USAGE,
		"--yes-erase %s is neither the name nor the model (%s) nor the serial number (%s) of %s; nothing was written",
		word, *d->model ? d->model : "not known", *d->serial ? d->serial : "not known",
		d->path);
}

static bool confirm(const struct cli *c, const struct device *d, const struct stick_image *image,
	struct error *err)
{
	struct text size = TEXT_INIT, words = TEXT_INIT, answer = TEXT_INIT;
	bool ok = true;

	if (c->flags.yes_erase)
		return true;
	words_bytes(&size, d->bytes);
	words_device(&words, d);
	say_role(c, ROLE_TITLE, "%s: %s, %s", d->path, words.s, size.s);
	text_clear(&words);
	text_clear(&size);
	words_contents(&words, d);
	words_bytes(&size, image->bytes);
	say(c, "It holds: %s.", words.s);
	say_role(c, ROLE_WARN, "Everything on it will be LOST: %s (%s) takes its place.",
		image->file, size.s);
	text_clear(&words);
	text_fmt(&words, "Type %s%s%s to go on:", d->name, *d->model ? " or " : "", d->model);
	ok = ask_line(c, words.s, "--yes-erase", &answer, err) &&
	     (device_is_named(d, answer.s) ||
		     error_set(err, ERROR_USAGE, "that is not the name of %s; nothing was written",
			     d->path));
	text_release(&size);
	text_release(&words);
	text_release(&answer);
	return ok;
}

/* ---- the verb ---- */

/* Looks at the machine again, because building may have taken an hour. With an image it asks for confirmation, and `identity`
 * gets the device's. */
static bool with_device(const struct cli *c, const char *word, const struct stick_image *image,
	struct text *identity, struct error *err)
{
	const struct device *d = NULL;
	struct device_list l;
	bool ok;

	if (!device_list_load(&l, &c->place, err))
		return false;
	ok = device_find(&l, word, &d, err) && device_check(d, image ? image->bytes : 0, err) &&
	     named(c, d, err) && (!image || confirm(c, d, image, err));
	if (ok && image)
		text_str(identity, d->identity);
	device_list_release(&l);
	return ok;
}

static bool write_it(struct cli *c, const struct profile *p, const char *device, struct error *err)
{
	struct write_options o = {
		.device = device, .image = c->flags.image, .output = c->flags.output};
	struct text identity = TEXT_INIT;
	struct stick_image image = {0};
	struct arena a = ARENA_INIT;
	struct run *run;
	bool ok = stick_find(p, o.image, o.output, &a, &image, err) &&
		  with_device(c, device, &image, &identity, err);

	o.identity = identity.s;
	if (watch_signal())
		c->status = 128 + watch_signal();
	else if (ok)
		ok = run_write(&run, p, &o, err) && follow_run(c, run, err);
	text_release(&identity);
	arena_release(&a);
	return ok;
}

/* Report what can be wrong before anything is built. */
static bool check_and_write(struct cli *c, const struct profile *p, struct error *err)
{
	struct text device = TEXT_INIT;
	struct arena a = ARENA_INIT;
	const char *format;
	bool ok = stick_format(p, c->flags.image, &a, &format, err);

	if (ok && c->words.n > 1)
		text_str(&device, c->words.at[1]);
	else if (ok)
		ok = choose(c, &device, err);
	ok = ok && with_device(c, device.s, NULL, NULL, err);
	watch_signals();
	ok = ok && follow_build(c, p, false, err) && (c->status || write_it(c, p, device.s, err));
	text_release(&device);
	arena_release(&a);
	return ok;
}

bool verb_write(struct cli *c, struct error *err)
{
	struct profile p;
	bool ok;

	if (c->flags.list)
		return list(c, err);
	if (!c->words.n)
		return error_set(err, ERROR_USAGE,
			"which profile? usage: bootsmith write PROFILE [DEVICE]; --list shows the devices");
	if (!flags_check_jobs(&c->flags, err) ||
		!profile_find(&p, &c->catalog, &c->place, c->words.at[0], err))
		return false;
	ok = profile_check(&p, err) && check_and_write(c, &p, err);
	profile_release(&p);
	return ok;
}
