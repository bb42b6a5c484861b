/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes ELF files for tests. One segment at address BASE contains everything: header, segments, loader, list, names. */
#include "base/text.h"
#include "elf_make.h"

#include <stdint.h>
#include <string.h>

#define BASE 0x10000u

static void put(struct text *out, const struct elf_made *e, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		text_char(out, (char)(value >> 8 * (e->big ? width - 1 - i : i)));
}

static void word(struct text *out, const struct elf_made *e, uint64_t value)
{
	put(out, e, value, e->bits / 8);
}

static void segment(
	struct text *out, const struct elf_made *e, unsigned type, uint64_t at, uint64_t size)
{
	put(out, e, type, 4);
	if (e->bits == 64)
		put(out, e, 4, 4);
	word(out, e, at);
	word(out, e, BASE + at);
	word(out, e, BASE + at);
	word(out, e, size);
	word(out, e, size);
	if (e->bits == 32)
		put(out, e, 4, 4);
	word(out, e, 1);
}

static void head(struct text *out, const struct elf_made *e, uint64_t table, unsigned segments)
{
	text_str(out, "\177ELF");
	text_char(out, e->bits == 64 ? 2 : 1);
	text_char(out, e->big ? 2 : 1);
	text_char(out, 1);
	put(out, e, 0, 4);
	put(out, e, 0, 5);
	put(out, e, 3, 2);
	put(out, e, e->machine, 2);
	put(out, e, 1, 4);
	word(out, e, 0);
	word(out, e, table);
	word(out, e, 0);
	put(out, e, 0, 4);
	put(out, e, table, 2);
	put(out, e, e->bits == 64 ? 56 : 32, 2);
	put(out, e, segments, 2);
	put(out, e, e->bits == 64 ? 64 : 40, 2);
	put(out, e, 0, 4);
}

void elf_make(struct text *out, const struct elf_made *e)
{
	size_t headers = e->bits == 64 ? 64 : 52, entry = e->bits == 64 ? 56 : 32;
	size_t step = 2 * (size_t)e->bits / 8, n = 0, names = 1;
	size_t loader = headers + 3 * entry, loader_size = e->loader ? strlen(e->loader) + 1 : 0;
	size_t list = loader + loader_size, at = 1;

	while (e->needed && e->needed[n])
		names += strlen(e->needed[n++]) + 1;
	text_clear(out);
	head(out, e, headers, 3);
	segment(out, e, 1, 0, list + (n + 3) * step + names);
	segment(out, e, e->loader ? 3 : 4, loader, loader_size);
	segment(out, e, 2, list, (n + 3) * step);
	if (e->loader)
		text_add(out, e->loader, loader_size);
	for (size_t i = 0; i < n; i++) {
		word(out, e, 1);
		word(out, e, at);
		at += strlen(e->needed[i]) + 1;
	}
	word(out, e, 5);
	word(out, e, BASE + list + (n + 3) * step);
	word(out, e, 10);
	word(out, e, names);
	word(out, e, 0);
	word(out, e, 0);
	text_char(out, '\0');
	for (size_t i = 0; i < n; i++)
		text_add(out, e->needed[i], strlen(e->needed[i]) + 1);
}

/* Writes over what is there. */
static void change(
	struct text *file, const struct elf_made *e, size_t at, uint64_t value, unsigned width)
{
	struct text bytes = TEXT_INIT;

	put(&bytes, e, value, width);
	memcpy(file->s + at, bytes.s, width);
	text_release(&bytes);
}

static void section(struct text *out, const struct elf_made *e, unsigned name, unsigned type,
	uint64_t at, uint64_t size)
{
	put(out, e, name, 4);
	put(out, e, type, 4);
	word(out, e, 0);
	word(out, e, 0);
	word(out, e, at);
	word(out, e, size);
	put(out, e, 0, 4);
	put(out, e, 0, 4);
	word(out, e, 1);
	word(out, e, 0);
}

/* After everything else: the table, the names, the bytes. */
void elf_make_section(
	struct text *out, const struct elf_made *e, const char *name, const char *bytes, size_t len)
{
	bool wide = e->bits == 64;
	size_t names, names_len = strlen(name) + 2;

	elf_make(out, e);
	change(out, e, wide ? 40 : 32, out->len, e->bits / 8);
	change(out, e, wide ? 60 : 48, 3, 2);
	change(out, e, wide ? 62 : 50, 2, 2);
	names = out->len + 3 * (wide ? 64 : 40);
	section(out, e, 0, 0, 0, 0);
	section(out, e, 1, 1, names + names_len, len);
	section(out, e, 0, 3, names, names_len);
	text_char(out, '\0');
	text_add(out, name, names_len - 1);
	text_add(out, bytes, len);
}
