/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a machine file and makes the emulator's command line from it. */
#include "boot/machine.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/conf.h"
#include "base/error.h"
#include "base/expand.h"
#include "base/guard.h"
#include "base/place.h"
#include "base/text.h"
#include "base/vec.h"
#include "boot/drivers.h"
#include "choice/facts.h"
#include "choice/format.h"

#include "base/banned.h"

const char *accel_word(enum accel accel)
{
	static const char *const words[] = {"auto", "kvm", "tcg"};

	return words[accel];
}

const char *loader_word(enum loader loader)
{
	static const char *const words[] = {"auto", "bios", "uefi", "direct"};

	return words[loader];
}

const char *display_word(enum display display)
{
	static const char *const words[] = {"none", "auto", "window", "vnc"};

	return words[display];
}

const char *link_word(enum link link)
{
	static const char *const words[] = {"user", "bridge", "tap"};

	return words[link];
}

static const struct conf_field fields[] = {
	{"program", CONF_TEXT, offsetof(struct machine, program)},
	{"kernel", CONF_TEXT, offsetof(struct machine, kernel)},
	{"initramfs", CONF_TEXT, offsetof(struct machine, initramfs)},
	{"bridge-helper", CONF_WORDS, offsetof(struct machine, bridge_helper)},
	{"symbols", CONF_TEXT, offsetof(struct machine, symbols)},
	{"configuration", CONF_TEXT, offsetof(struct machine, configuration)},
	{"cpu-pattern", CONF_TEXT, offsetof(struct machine, cpu_pattern)},
	{"ask-devices", CONF_WORDS, offsetof(struct machine, ask_devices)},
	{"ask-cpus", CONF_WORDS, offsetof(struct machine, ask_cpus)},
	{"uefi", CONF_WORDS, offsetof(struct machine, uefi)},
	{"memory", CONF_NUMBER, offsetof(struct machine, memory)},
	{"speak-seconds", CONF_NUMBER, offsetof(struct machine, speak_seconds)},
	{NULL, CONF_TEXT, 0},
};

static const struct conf_field medium_fields[] = {
	{"title", CONF_TEXT, offsetof(struct machine_medium, title)},
	{"lack", CONF_TEXT, offsetof(struct machine_medium, lack)},
	{"path", CONF_TEXT, offsetof(struct machine_medium, path)},
	{NULL, CONF_TEXT, 0},
};

static const struct conf_field device_fields[] = {
	{"needs", CONF_WORDS, offsetof(struct machine_device, needs)},
	{"device", CONF_TEXT, offsetof(struct machine_device, device)},
	{"ask", CONF_YESNO, offsetof(struct machine_device, ask)},
	{NULL, CONF_TEXT, 0},
};

struct lines_row {
	const char *key;
	size_t offset; /* of a struct machine_lines */
};

static const struct lines_row machine_rows[] = {
	{"nic", offsetof(struct machine, nic)},
	{"root", offsetof(struct machine, root)},
	{"append", offsetof(struct machine, append)},
	{"arg", offsetof(struct machine, arg)},
	{"disk", offsetof(struct machine, disk)},
	{"card", offsetof(struct machine, card)},
	{"card-module", offsetof(struct machine, card_module)},
	{"disk-module", offsetof(struct machine, disk_module)},
	{"netdev", offsetof(struct machine, netdev)},
	{"forward", offsetof(struct machine, forward)},
	{"door", offsetof(struct machine, door)},
	{"announce", offsetof(struct machine, announce)},
	{"forebode", offsetof(struct machine, forebode)},
	{"hint", offsetof(struct machine, hint)},
	{"refuse", offsetof(struct machine, refuse)},
	{NULL, 0},
};

static const struct lines_row medium_rows[] = {
	{"size", offsetof(struct machine_medium, size)},
	{"refuse", offsetof(struct machine_medium, refuse)},
	{"arg", offsetof(struct machine_medium, arg)},
	{"needs", offsetof(struct machine_medium, needs)},
	{NULL, 0},
};

static const struct lines_row device_rows[] = {
	{"arg", offsetof(struct machine_device, arg)},
	{NULL, 0},
};

static const struct lines_row device_kinds[] = {
	{"card", offsetof(struct machine, cards)},
	{"disk", offsetof(struct machine, disks)},
	{"ability", offsetof(struct machine, abilities)},
	{NULL, 0},
};

/* One key of a section: collects it if repeatable, else sets a field. */
static bool take_key(void *into, const struct lines_row *table, const struct conf_field *of,
	const struct conf_line *line, struct arena *a, struct error *err)
{
	for (; table->key; table++) {
		struct machine_lines *to = (void *)((char *)into + table->offset);

		if (strcmp(table->key, line->key) != 0)
			continue;
		vec_push_in(a, to,
			(struct machine_line){*line->guard, line->value, line->file, line->line});
		return true;
	}
	if (line->guard->n)
		return error_set(err, ERROR_PROFILE, "'%s' cannot have a guard", line->key);
	return conf_store(of, line, into, a, err);
}

struct reader {
	struct machine *machine;
	const struct catalog *catalog;
};

static bool add_format(struct machine_medium *medium, const struct conf_line *line,
	const struct reader *r, const char *name, struct error *err)
{
	const struct format *f = format_find(r->catalog, name);

	for (size_t i = 0; i < medium->file.n; i++)
		if (medium->file.at[i].line == line->line &&
			strcmp(medium->file.at[i].value, name) == 0)
			return true;
	if (!f || !f->drive)
		return error_set(err, ERROR_PROFILE, "%s share/images/%s.image%s",
			f ? "there is no 'drive' in" : "there is no", name,
			f ? ": what does the emulator call the format?" : "");
	vec_push_in(&r->machine->arena, &medium->file,
		(struct machine_line){*line->guard, f->name, line->file, line->line});
	return true;
}

static bool add_formats(struct machine_medium *medium, const struct conf_line *line,
	const struct reader *r, const char *word, struct error *err)
{
	const struct trait *t =
		*word == '@' ? trait_find(&r->catalog->traits, FORMAT_CHOICE, word + 1) : NULL;
	bool ok = true;

	if (*word != '@')
		return add_format(medium, line, r, word, err);
	for (size_t i = t ? t->values.n : 0; ok && i-- > 0;)
		ok = add_format(medium, line, r, t->values.at[i], err);
	return t ? ok
		 : error_set(err, ERROR_PROFILE,
			   "the trait '%s' is declared in no share/images/*.traits", word);
}

static bool take_files(struct machine_medium *medium, const struct conf_line *line,
	const struct reader *r, struct error *err)
{
	struct strings words = {0};
	bool ok = conf_words(line->value, &r->machine->arena, &words, err);

	for (size_t i = 0; ok && i < words.n; i++)
		ok = add_formats(medium, line, r, words.at[i], err);
	return ok;
}

static struct machine_devices *devices_of(struct machine *m, const char *kind)
{
	for (const struct lines_row *r = device_kinds; r->key; r++)
		if (strcmp(r->key, kind) == 0)
			return (void *)((char *)m + r->offset);
	return NULL;
}

static bool take_section(void *ctx, const struct conf_line *line, struct error *err)
{
	const struct reader *r = ctx;
	struct machine *m = r->machine;
	struct machine_devices *devices = devices_of(m, line->kind);
	bool medium = strcmp(line->kind, "medium") == 0;

	if (!conf_in(line, "[machine ARCH] [medium NAME] [card NAME] [disk NAME] [ability NAME]",
		    err))
		return false;
	if (devices && line->key)
		return take_key(&devices->at[devices->n - 1], device_rows, device_fields, line,
			&m->arena, err);
	if (devices) {
		vec_push_in(&m->arena, devices,
			(struct machine_device){.name = line->name, .has = true});
		return true;
	}
	if (line->key && medium && strcmp(line->key, "file") == 0)
		return take_files(&m->media.at[m->media.n - 1], line, r, err);
	if (line->key && medium)
		return take_key(&m->media.at[m->media.n - 1], medium_rows, medium_fields, line,
			&m->arena, err);
	if (line->key)
		return take_key(m, machine_rows, fields, line, &m->arena, err);
	if (medium)
		vec_push_in(&m->arena, &m->media, (struct machine_medium){.name = line->name});
	else if (!m->arch)
		m->arch = line->name; /* an included file has its own name */
	return true;
}

/* The lines name formats, not files: the results say which file each one is. */
static bool has_formats(const struct machine *m, const struct catalog *c, struct error *err)
{
	const char *unknown = format_find(c, m->initramfs) ? NULL : m->initramfs;

	for (size_t i = 0; !unknown && i < m->root.n; i++)
		if (!format_find(c, m->root.at[i].value))
			unknown = m->root.at[i].value;
	return !unknown ||
	       error_set(err, ERROR_PROFILE,
		       "[machine %s] names the image format %s, but there is no share/images/%s.image",
		       m->arch, unknown, unknown);
}

bool machine_load(struct machine *m, const struct catalog *c, const char *arch, struct error *err)
{
	struct reader r = {m, c};
	const char *name;

	*m = (struct machine){.memory = 256, .speak_seconds = 5};
	name = arena_fmt(&m->arena, "share/machines/%s.machine", arch);
	if (!conf_find(c->place, name, "no virtual machine is known for this architecture",
		    &c->traits, &m->arena, take_section, &r, err))
		return false;
	if (!m->program || !m->kernel || !m->initramfs)
		return error_set(
			err, ERROR_PROFILE, "%s does not name program, kernel and initramfs", name);
	return has_formats(m, c, err) || error_in(err, "%s", name);
}

void machine_release(struct machine *m)
{
	arena_release(&m->arena);
}

const char *machine_last(const struct machine_lines *lines, struct facts *facts)
{
	for (size_t i = lines->n; i-- > 0;)
		if (guard_holds(&lines->at[i].guard, facts_lookup, facts))
			return lines->at[i].value;
	return NULL;
}

const char *machine_root(const struct machine *m, struct facts *facts)
{
	return machine_last(&m->root, facts);
}

const struct machine_medium *machine_medium(const struct machine *m, const char *name)
{
	for (size_t i = 0; name && i < m->media.n; i++)
		if (strcmp(m->media.at[i].name, name) == 0)
			return &m->media.at[i];
	return NULL;
}

void medium_formats(const struct machine_medium *medium, struct facts *facts, struct arena *a,
	struct strings *names)
{
	for (size_t i = 0; i < medium->file.n; i++) {
		const struct machine_line *l = &medium->file.at[i];

		if (format_chosen(l->value, facts_lookup, facts) &&
			guard_holds(&l->guard, facts_lookup, facts))
			vec_push_in(a, names, l->value);
	}
}

const char *medium_size(const struct machine_medium *medium, struct facts *facts)
{
	return machine_last(&medium->size, facts);
}

const char *medium_refusal(const struct machine_medium *medium, struct facts *facts)
{
	return machine_last(&medium->refuse, facts);
}

const char *machine_refusal(const struct machine *m, struct facts *facts)
{
	return machine_last(&m->refuse, facts);
}

void machine_forwards(
	const struct machine *m, struct facts *facts, struct arena *a, struct strings *names)
{
	for (size_t i = 0; i < m->forward.n; i++)
		if (guard_holds(&m->forward.at[i].guard, facts_lookup, facts))
			vec_push_in(a, names, m->forward.at[i].value);
}

static bool expand_lines(const struct machine_lines *lines, struct facts *facts, struct arena *a,
	struct strings *into, struct error *err)
{
	struct text out = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < lines->n; i++) {
		const struct machine_line *l = &lines->at[i];

		if (!guard_holds(&l->guard, facts_lookup, facts))
			continue;
		text_clear(&out);
		ok = expand(&out, l->value, facts_expand, facts, err) ||
		     error_in(err, "%s:%d", l->file, l->line);
		vec_push_in(a, into, arena_str(a, out.s));
	}
	text_release(&out);
	return ok;
}

bool machine_hints(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *hints, struct error *err)
{
	return expand_lines(&m->hint, facts, a, hints, err);
}

bool machine_announcements(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *sentences, struct error *err)
{
	return expand_lines(&m->announce, facts, a, sentences, err);
}

bool machine_forebodings(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *sentences, struct error *err)
{
	return expand_lines(&m->forebode, facts, a, sentences, err);
}

/* The lines whose guards hold as one text, which becomes a fact. `more` is appended if there is any. */
static bool join(const struct machine_lines *lines, char between, const char *more,
	const char *name, struct facts *facts, struct error *err)
{
	struct text joined = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < lines->n; i++) {
		const struct machine_line *l = &lines->at[i];

		if (!guard_holds(&l->guard, facts_lookup, facts))
			continue;
		if (joined.len)
			text_char(&joined, between);
		ok = expand(&joined, l->value, facts_expand, facts, err) ||
		     error_in(err, "%s:%d", l->file, l->line);
	}
	if (more && *more)
		text_fmt(&joined, "%c%s", between, more);
	facts_set(facts, name, "%s", joined.s ? joined.s : "");
	text_release(&joined);
	return ok;
}

static bool add_lines(const struct machine_lines *lines, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err)
{
	for (size_t i = 0; i < lines->n; i++) {
		const struct machine_line *l = &lines->at[i];

		if (!guard_holds(&l->guard, facts_lookup, facts))
			continue;
		if (!expand_words(argv, a, l->value, facts_expand, facts, err))
			return error_in(err, "%s:%d", l->file, l->line);
	}
	return true;
}

static bool add_disks(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err)
{
	const char *file;

	for (unsigned i = 1; (file = facts_get(facts, arena_fmt(a, "disk-%u", i))); i++) {
		facts_set(facts, "disk-file", "%s", file);
		if (!drivers_number_disk(m, facts, i, err) ||
			!add_lines(&m->disk, facts, a, argv, err))
			return false;
	}
	return true;
}

/* What the disks' device needs once, if there are disks: a controller. */
static bool add_disk_words(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err)
{
	const struct machine_device *d = drivers_disk(m, facts);
	const char *loader = facts_get(facts, "loader");
	bool root =
		loader && strcmp(loader, loader_word(LOADER_DIRECT)) == 0 && machine_root(m, facts);

	return !d || !(root || facts_get(facts, "disk-1")) ||
	       add_lines(&d->arg, facts, a, argv, err);
}

/* All cards but the first, which the words of the machine name. */
static bool add_cards(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err)
{
	const char *cards = facts_get(facts, "cards");
	long n = cards ? strtol(cards, NULL, 10) : 1;
	bool ok = true;

	for (long i = 2; ok && i <= n; i++) {
		facts_set(facts, "card-number", "%ld", i);
		ok = add_lines(&m->card, facts, a, argv, err);
	}
	return ok;
}

/* Each port that the caller wants adds to the words of the network. */
static bool add_doors(
	const struct machine *m, struct facts *facts, struct arena *a, struct error *err)
{
	struct text all = TEXT_INIT;
	const char *guest;
	bool ok = true;

	text_str(&all, facts_get(facts, "netdev"));
	for (unsigned i = 1; ok && (guest = facts_get(facts, arena_fmt(a, "door-%u", i))); i++) {
		const char *port = facts_get(facts, arena_fmt(a, "port.door-%u", i));

		facts_set(facts, "door-guest", "%s", guest);
		facts_set(facts, "door-host", "%s", port ? port : "0");
		ok = join(&m->door, ',', NULL, "door", facts, err);
		if (ok && *facts_get(facts, "door"))
			text_fmt(&all, ",%s", facts_get(facts, "door"));
	}
	facts_set(facts, "netdev", "%s", all.s);
	text_release(&all);
	return ok;
}

bool machine_argv(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err)
{
	const struct machine_medium *medium = machine_medium(m, facts_get(facts, "medium"));

	drivers_fit(m, facts);
	if (!join(&m->append, ' ', facts_get(facts, "words"), "append", facts, err) ||
		!join(&m->netdev, ',', NULL, "netdev", facts, err) || !add_doors(m, facts, a, err))
		return false;
	facts_set_doubled(facts, "append-doubled", facts_get(facts, "append"));
	vec_push_in(a, argv, m->program);
	return drivers_number_disk(m, facts, 0, err) && add_disk_words(m, facts, a, argv, err) &&
	       add_lines(&m->arg, facts, a, argv, err) && add_cards(m, facts, a, argv, err) &&
	       (!medium || add_lines(&medium->arg, facts, a, argv, err)) &&
	       add_disks(m, facts, a, argv, err);
}
