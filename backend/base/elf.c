/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads ELF headers through libelf. Every value is checked before use: a crafted file's offsets can point anywhere. */
#include "base/elf.h"

#include "base/arena.h"
#include "base/error.h"

#include <gelf.h>
#include <stdint.h>
#include <string.h>

#include "base/banned.h"

enum { LONGEST_NAME = 255 };

/* The file, and where its names are looked up. */
struct reader {
	Elf *elf;
	const char *bytes;
	size_t len;
	size_t segments;
};

bool elf_is(const void *bytes, size_t len)
{
	return len >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

static bool damaged(struct error *err, const char *what)
{
	return error_set(err, ERROR_STEP, "it begins as a program does, but %s", what);
}

static bool begin(
	struct reader *r, const void *bytes, size_t len, GElf_Ehdr *head, struct error *err)
{
	*r = (struct reader){.bytes = bytes, .len = len};
	elf_version(EV_CURRENT);
	r->elf = elf_memory((char *)(uintptr_t)bytes, len); /* libelf does not write to it */
	if (!r->elf || !gelf_getehdr(r->elf, head) || elf_getphdrnum(r->elf, &r->segments) != 0)
		return damaged(err, "its head cannot be read");
	/* for a truncated table it counts what is left */
	return r->segments == head->e_phnum ||
	       damaged(err, "its table of segments is not in the file");
}

static bool within(const struct reader *r, uint64_t offset, uint64_t size)
{
	return offset <= r->len && size <= r->len - offset;
}

/* A name that can be a file name: one line of text that ends before `end`. */
static const char *name_at(const struct reader *r, uint64_t at, uint64_t end, struct arena *a)
{
	const char *s = r->bytes + at;
	size_t len;

	if (at >= end)
		return NULL;
	len = strnlen(s, (size_t)(end - at));
	if (!len || len == end - at || len > LONGEST_NAME)
		return NULL;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return NULL;
	return arena_strn(a, s, len);
}

/* File offset of what will be loaded at an address, up to the segment's end; false: in no segment. */
static bool place_of(const struct reader *r, uint64_t address, uint64_t *place, uint64_t *end)
{
	GElf_Phdr p;

	for (size_t i = 0; i < r->segments; i++) {
		if (!gelf_getphdr(r->elf, (int)i, &p) || p.p_type != PT_LOAD ||
			address < p.p_vaddr || address - p.p_vaddr >= p.p_filesz ||
			!within(r, p.p_offset, p.p_filesz))
			continue;
		*place = p.p_offset + (address - p.p_vaddr);
		*end = p.p_offset + p.p_filesz;
		return true;
	}
	return false;
}

/* First find the names, then which of them are libraries. */
static bool read_needed(const struct reader *r, const GElf_Phdr *at, struct elf *e, struct arena *a,
	struct error *err)
{
	Elf_Data *data =
		elf_getdata_rawchunk(r->elf, (int64_t)at->p_offset, at->p_filesz, ELF_T_DYN);
	uint64_t names = 0, end = 0, size = 0;
	bool has_names = false;
	GElf_Dyn d;

	for (int i = 0; gelf_getdyn(data, i, &d) && d.d_tag != DT_NULL; i++) {
		if (d.d_tag == DT_STRTAB) {
			names = d.d_un.d_ptr;
			has_names = true;
		} else if (d.d_tag == DT_STRSZ) {
			size = d.d_un.d_val;
		}
	}
	if (!has_names)
		return true;
	if (!place_of(r, names, &names, &end))
		return damaged(err, "the names of its libraries are not in the file");
	if (size < end - names)
		end = names + size;
	for (int i = 0; gelf_getdyn(data, i, &d) && d.d_tag != DT_NULL; i++) {
		const char *name = NULL;

		if (d.d_tag != DT_NEEDED)
			continue;
		if (d.d_un.d_val < end - names)
			name = name_at(r, names + d.d_un.d_val, end, a);
		if (!name)
			return damaged(err, "it names a library in a way that cannot be read");
		vec_push_in(a, &e->needed, name);
	}
	return true;
}

bool elf_read(struct elf *e, const void *bytes, size_t len, struct arena *a, struct error *err)
{
	GElf_Phdr p, dynamic = {0};
	struct reader r;
	GElf_Ehdr head;
	bool ok = begin(&r, bytes, len, &head, err);

	*e = (struct elf){0};
	for (size_t i = 0; ok && i < r.segments; i++) {
		if (!gelf_getphdr(r.elf, (int)i, &p))
			ok = damaged(err, "its table of segments is not in the file");
		else if ((p.p_type == PT_INTERP || p.p_type == PT_DYNAMIC) &&
			 !within(&r, p.p_offset, p.p_filesz))
			ok = damaged(err, "a part that it needs to start is not in the file");
		else if (p.p_type == PT_DYNAMIC)
			dynamic = p;
		else if (p.p_type == PT_INTERP &&
			 !(e->loader = name_at(&r, p.p_offset, p.p_offset + p.p_filesz, a)))
			ok = damaged(err, "the name of its loader cannot be read");
	}
	if (ok) {
		e->bits = gelf_getclass(r.elf) == ELFCLASS64 ? 64 : 32;
		e->machine = head.e_machine;
		ok = !dynamic.p_filesz || read_needed(&r, &dynamic, e, a, err);
	}
	elf_end(r.elf);
	return ok;
}

bool elf_section(const void *bytes, size_t len, const char *name, const char **at, size_t *size,
	struct error *err)
{
	Elf_Scn *section = NULL;
	struct reader r;
	size_t names = 0, n = 0;
	GElf_Ehdr head;
	GElf_Shdr s;
	bool ok = begin(&r, bytes, len, &head, err);

	*at = NULL;
	*size = 0;
	if (ok && head.e_shnum &&
		(elf_getshdrnum(r.elf, &n) != 0 || n != head.e_shnum ||
			elf_getshdrstrndx(r.elf, &names) != 0))
		ok = damaged(err, "its table of sections is not in the file");
	while (ok && !*at && (section = elf_nextscn(r.elf, section))) {
		const char *its;

		if (!gelf_getshdr(section, &s) || !(its = elf_strptr(r.elf, names, s.sh_name)))
			ok = damaged(err, "the names of its sections are not in the file");
		else if (strcmp(its, name) != 0)
			continue;
		else if (s.sh_type == SHT_NOBITS || !within(&r, s.sh_offset, s.sh_size))
			ok = damaged(err, "one of its sections is not in the file");
		else {
			*at = r.bytes + s.sh_offset;
			*size = (size_t)s.sh_size;
		}
	}
	elf_end(r.elf);
	return ok;
}

static bool has_in_section(Elf_Scn *section, unsigned long type)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Rela a;
	GElf_Rel r;
	GElf_Shdr s;

	if (!data || !gelf_getshdr(section, &s))
		return false;
	for (int i = 0; s.sh_type == SHT_RELA && gelf_getrela(data, i, &a); i++)
		if (GELF_R_TYPE(a.r_info) == type)
			return true;
	for (int i = 0; s.sh_type == SHT_REL && gelf_getrel(data, i, &r); i++)
		if (GELF_R_TYPE(r.r_info) == type)
			return true;
	return false;
}

bool elf_has_relocation(const void *bytes, size_t len, unsigned long type)
{
	Elf_Scn *section = NULL;
	struct error ignored;
	struct reader r;
	GElf_Ehdr head;
	bool found = false, readable = begin(&r, bytes, len, &head, &ignored);

	while (readable && !found && (section = elf_nextscn(r.elf, section)))
		found = has_in_section(section, type);
	elf_end(r.elf);
	return found;
}
