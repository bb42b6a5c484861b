/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a machine file and making the emulator's command line from it. See machine.h. */
#include "machine.h"

#include <string.h>

#include "conf.h"

#include "banned.h"

static const struct conf_field fields[] = {
	{"program", CONF_TEXT, offsetof(struct machine, program)},
	{"kernel", CONF_TEXT, offsetof(struct machine, kernel)},
	{"initramfs", CONF_TEXT, offsetof(struct machine, initramfs)},
	{"uefi", CONF_WORDS, offsetof(struct machine, uefi)},
	{"memory", CONF_NUMBER, offsetof(struct machine, memory)},
	{"speak-seconds", CONF_NUMBER, offsetof(struct machine, speak_seconds)},
	{NULL, CONF_TEXT, 0},
};

static struct machine_lines *lines_of(struct machine *m, const char *key)
{
	const struct {
		const char *key;
		struct machine_lines *lines;
	} table[] = {{"nic", &m->nic}, {"root", &m->root}, {"append", &m->append}, {"arg", &m->arg},
		{"disk", &m->disk}, {"netdev", &m->netdev}, {"forward", &m->forward},
		{"hint", &m->hint}, {"refuse", &m->refuse}, {"medium", &m->medium}};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].key, key) == 0)
			return table[i].lines;
	return NULL;
}

static bool take(void *ctx, const struct conf_line *line, struct error *err)
{
	struct machine *m = ctx;
	struct machine_lines *lines;

	if (strcmp(line->kind, "machine") != 0)
		return error_set(
			err, ERROR_PROFILE, "a machine file has one section, [machine ARCH]");
	if (!line->key) {
		m->arch = line->name;
		return true;
	}
	lines = lines_of(m, line->key);
	if (!lines && line->guard->n)
		return error_set(err, ERROR_PROFILE, "'%s' cannot have a guard", line->key);
	if (!lines)
		return conf_store(fields, line, m, &m->arena, err);
	vec_push(lines, (struct machine_line){*line->guard, line->value, line->file, line->line});
	return true;
}

bool machine_read(struct machine *m, const char *path, struct error *err)
{
	*m = (struct machine){.memory = 256, .speak_seconds = 5};
	if (!conf_read(path, &m->arena, take, m, err))
		return false;
	return (m->program && m->kernel && m->initramfs) ||
	       error_set(
		       err, ERROR_PROFILE, "%s does not name program, kernel and initramfs", path);
}

bool machine_load(struct machine *m, const struct place *p, const char *arch, struct error *err)
{
	struct text name = TEXT_INIT, path = TEXT_INIT;
	bool ok;

	*m = (struct machine){0};
	text_fmt(&name, "share/machines/%s.machine", arch);
	ok = place_find(p, name.s, &path) ? machine_read(m, path.s, err)
					  : error_set(err, ERROR_PROFILE,
						    "no virtual machine is known for arch = %s; it "
						    "would be described in %s",
						    arch, name.s);
	text_release(&name);
	text_release(&path);
	return ok;
}

void machine_release(struct machine *m)
{
	vec_release(&m->nic);
	vec_release(&m->root);
	vec_release(&m->append);
	vec_release(&m->arg);
	vec_release(&m->disk);
	vec_release(&m->netdev);
	vec_release(&m->forward);
	vec_release(&m->hint);
	vec_release(&m->refuse);
	vec_release(&m->medium);
	arena_release(&m->arena);
}

static const char *last_that_holds(const struct machine_lines *lines, struct facts *facts)
{
	for (size_t i = lines->n; i-- > 0;)
		if (guard_holds(&lines->at[i].guard, facts_lookup, facts))
			return lines->at[i].value;
	return NULL;
}

const char *machine_root(const struct machine *m, struct facts *facts)
{
	return last_that_holds(&m->root, facts);
}

const char *machine_medium(const struct machine *m, struct facts *facts)
{
	return last_that_holds(&m->medium, facts);
}

const char *machine_refusal(const struct machine *m, struct facts *facts)
{
	return last_that_holds(&m->refuse, facts);
}

static void choose_nic(const struct machine *m, struct facts *facts)
{
	const char *nic = last_that_holds(&m->nic, facts);

	if (nic)
		facts_set(facts, "nic", "%s", nic);
}

void machine_forwards(const struct machine *m, struct facts *facts, struct strings *names)
{
	for (size_t i = 0; i < m->forward.n; i++)
		if (guard_holds(&m->forward.at[i].guard, facts_lookup, facts))
			vec_push(names, m->forward.at[i].value);
}

bool machine_hints(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *hints, struct error *err)
{
	struct text out = TEXT_INIT;
	bool ok = true;

	for (size_t i = 0; ok && i < m->hint.n; i++) {
		const struct machine_line *l = &m->hint.at[i];

		if (!guard_holds(&l->guard, facts_lookup, facts))
			continue;
		text_clear(&out);
		ok = expand(&out, l->value, facts_expand, facts, err) ||
		     error_in(err, "%s:%d", l->file, l->line);
		vec_push(hints, arena_str(a, out.s));
	}
	text_release(&out);
	return ok;
}

/* In a list of the emulator's a comma would begin the next element. */
static void double_commas(struct facts *facts, const char *name, const char *s)
{
	struct text out = TEXT_INIT;

	for (; *s; s++) {
		if (*s == ',')
			text_char(&out, ',');
		text_char(&out, *s);
	}
	facts_set(facts, name, "%s", out.s ? out.s : "");
	text_release(&out);
}

/* The lines that hold as one text, which becomes a fact. `more` is added to it, when there is any. */
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
	if (more)
		text_fmt(&joined, "%c%s", between, more);
	facts_set(facts, name, "%s", joined.s);
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
		facts_set(facts, "disk-number", "%u", i);
		facts_set(facts, "disk-file", "%s", file);
		if (!add_lines(&m->disk, facts, a, argv, err))
			return false;
	}
	return true;
}

bool machine_argv(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err)
{
	choose_nic(m, facts);
	if (!join(&m->append, ' ', facts_get(facts, "words"), "append", facts, err) ||
		!join(&m->netdev, ',', NULL, "netdev", facts, err))
		return false;
	double_commas(facts, "append-doubled", facts_get(facts, "append"));
	vec_push(argv, m->program);
	return add_lines(&m->arg, facts, a, argv, err) && add_disks(m, facts, a, argv, err);
}
