/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ELF headers, see elf.h. The layouts are those of the System V ABI; every offset is checked before it is followed. */
#include "base/elf.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/vec.h"

#include <stdint.h>
#include <string.h>

#include "base/banned.h"

enum { LONGEST_NAME = 255, MOST_HEADERS = 4096, MOST_ENTRIES = 65536 };
enum { PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3 };
enum { DT_NULL = 0, DT_NEEDED = 1, DT_STRTAB = 5, DT_STRSZ = 10 };

/* Where the fields of the two layouts lie. */
struct layout {
	unsigned word; /* bytes of an address */
	unsigned header, phoff, phentsize, phnum;
	unsigned entry, type, offset, vaddr, filesz; /* of a program header */
	unsigned shoff, shentsize, shnum, shstrndx;
	unsigned section, place, size; /* of a section header, which begins with its name */
};

static const struct layout layouts[] = {
	{4, 52, 28, 42, 44, 32, 0, 4, 8, 16, 32, 46, 48, 50, 40, 16, 20},
	{8, 64, 32, 54, 56, 56, 0, 8, 16, 32, 40, 58, 60, 62, 64, 24, 32},
};

struct reader {
	const unsigned char *bytes;
	size_t len;
	const struct layout *layout;
	bool big; /* the most significant byte comes first */
	struct arena *arena;
};

struct segment {
	uint64_t type, offset, vaddr, size;
};

static uint64_t number(const struct reader *r, size_t at, unsigned width)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < width; i++)
		n = n << 8 | r->bytes[at + (r->big ? i : width - 1 - i)];
	return n;
}

static bool damaged(struct error *err, const char *what)
{
	return error_set(err, ERROR_STEP, "it begins as a program does, but %s", what);
}

static bool within(const struct reader *r, uint64_t offset, uint64_t size)
{
	return offset <= r->len && size <= r->len - offset;
}

bool elf_is(const void *bytes, size_t len)
{
	return len >= 4 && memcmp(bytes, "\177ELF", 4) == 0;
}

static bool read_header(struct reader *r, struct error *err)
{
	if (r->len < 20 || r->bytes[4] < 1 || r->bytes[4] > 2 || r->bytes[5] < 1 || r->bytes[5] > 2)
		return damaged(err, "its head is of no known kind");
	r->layout = &layouts[r->bytes[4] - 1];
	r->big = r->bytes[5] == 2;
	if (r->len < r->layout->header)
		return damaged(err, "it ends within its head");
	return true;
}

static struct segment segment_at(const struct reader *r, size_t at)
{
	const struct layout *l = r->layout;

	return (struct segment){number(r, at + l->type, 4), number(r, at + l->offset, l->word),
		number(r, at + l->vaddr, l->word), number(r, at + l->filesz, l->word)};
}

/* The table of segments; `n` is 0 for object files, which have none. */
static bool find_segments(
	const struct reader *r, size_t *table, size_t *n, size_t *step, struct error *err)
{
	uint64_t offset = number(r, r->layout->phoff, r->layout->word);

	*n = (size_t)number(r, r->layout->phnum, 2);
	*step = (size_t)number(r, r->layout->phentsize, 2);
	if (!*n)
		return true;
	if (*n > MOST_HEADERS || *step < r->layout->entry || !within(r, offset, *n * *step))
		return damaged(err, "its table of segments is not in the file");
	*table = (size_t)offset;
	return true;
}

/* A name that can be a file: one line of text that ends before `end`. */
static const char *name_at(const struct reader *r, uint64_t at, uint64_t end)
{
	const char *s = (const char *)r->bytes + at;
	size_t len;

	if (at >= end)
		return NULL;
	len = strnlen(s, (size_t)(end - at));
	if (!len || len == end - at || len > LONGEST_NAME)
		return NULL;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
			return NULL;
	return arena_strn(r->arena, s, len);
}

/* The place in the file of what will lie at an address; false: in no segment. */
static bool place_of(const struct reader *r, size_t table, size_t n, size_t step, uint64_t address,
	uint64_t *place, uint64_t *end)
{
	for (size_t i = 0; i < n; i++) {
		struct segment s = segment_at(r, table + i * step);

		if (s.type != PT_LOAD || address < s.vaddr || address - s.vaddr >= s.size ||
			!within(r, s.offset, s.size))
			continue;
		*place = s.offset + (address - s.vaddr);
		*end = s.offset + s.size;
		return true;
	}
	return false;
}

/* The two entries that say where the names are; false: there is no list of names. */
static bool name_table(
	const struct reader *r, const struct segment *dynamic, uint64_t *address, uint64_t *size)
{
	unsigned word = r->layout->word;
	bool found = false;

	*size = 0;
	for (uint64_t i = 0; i < dynamic->size / (2 * word) && i < MOST_ENTRIES; i++) {
		size_t at = (size_t)(dynamic->offset + i * 2 * word);
		uint64_t tag = number(r, at, word), value = number(r, at + word, word);

		if (tag == DT_NULL)
			break;
		if (tag == DT_STRTAB) {
			*address = value;
			found = true;
		} else if (tag == DT_STRSZ) {
			*size = value;
		}
	}
	return found;
}

static bool read_needed(const struct reader *r, const struct segment *dynamic, uint64_t names,
	uint64_t end, struct elf *e, struct error *err)
{
	unsigned word = r->layout->word;

	for (uint64_t i = 0; i < dynamic->size / (2 * word) && i < MOST_ENTRIES; i++) {
		size_t at = (size_t)(dynamic->offset + i * 2 * word);
		uint64_t tag = number(r, at, word), value = number(r, at + word, word);
		const char *name;

		if (tag == DT_NULL)
			break;
		if (tag != DT_NEEDED)
			continue;
		name = value < end - names ? name_at(r, names + value, end) : NULL;
		if (!name)
			return damaged(err, "it names a library in a way that cannot be read");
		vec_push(&e->needed, name);
	}
	return true;
}

bool elf_read(struct elf *e, const void *bytes, size_t len, struct arena *a, struct error *err)
{
	struct reader r = {.bytes = bytes, .len = len, .arena = a};
	struct segment dynamic = {0};
	uint64_t address = 0, size = 0, names, end;
	size_t table = 0, n = 0, step = 0;

	*e = (struct elf){0};
	if (!read_header(&r, err) || !find_segments(&r, &table, &n, &step, err))
		return false;
	e->bits = r.layout->word * 8;
	e->machine = (unsigned)number(&r, 18, 2);
	for (size_t i = 0; i < n; i++) {
		struct segment s = segment_at(&r, table + i * step);

		if (s.type != PT_INTERP && s.type != PT_DYNAMIC)
			continue;
		if (!within(&r, s.offset, s.size))
			return damaged(err, "a part that it needs to start is not in the file");
		if (s.type == PT_DYNAMIC)
			dynamic = s;
		else if (!(e->loader = name_at(&r, s.offset, s.offset + s.size)))
			return damaged(err, "the name of its loader cannot be read");
	}
	if (!dynamic.size || !name_table(&r, &dynamic, &address, &size))
		return true;
	if (!place_of(&r, table, n, step, address, &names, &end))
		return damaged(err, "the names of its libraries are not in the file");
	if (size < end - names)
		end = names + size;
	return read_needed(&r, &dynamic, names, end, e, err);
}

struct section {
	uint64_t name, offset, size;
};

static struct section section_at(const struct reader *r, size_t at)
{
	const struct layout *l = r->layout;

	return (struct section){number(r, at, 4), number(r, at + l->place, l->word),
		number(r, at + l->size, l->word)};
}

/* Does the text at `offset` of the table of names, up to its NUL, say this? */
static bool is_named(
	const struct reader *r, const struct section *names, uint64_t offset, const char *name)
{
	size_t len = strlen(name) + 1;

	return offset <= names->size && len <= names->size - offset &&
	       memcmp(r->bytes + names->offset + offset, name, len) == 0;
}

bool elf_section(const void *bytes, size_t len, const char *name, const char **at, size_t *size,
	struct error *err)
{
	struct reader r = {.bytes = bytes, .len = len};
	struct section names;
	size_t n, step, which;
	uint64_t table;

	*at = NULL;
	*size = 0;
	if (!read_header(&r, err))
		return false;
	table = number(&r, r.layout->shoff, r.layout->word);
	step = (size_t)number(&r, r.layout->shentsize, 2);
	n = (size_t)number(&r, r.layout->shnum, 2);
	which = (size_t)number(&r, r.layout->shstrndx, 2);
	if (!n)
		return true;
	if (step < r.layout->section || which >= n || !within(&r, table, n * step))
		return damaged(err, "its table of sections is not in the file");
	names = section_at(&r, (size_t)table + which * step);
	if (!within(&r, names.offset, names.size))
		return damaged(err, "the names of its sections are not in the file");
	for (size_t i = 0; i < n && !*at; i++) {
		struct section s = section_at(&r, (size_t)table + i * step);

		if (!is_named(&r, &names, s.name, name))
			continue;
		if (!within(&r, s.offset, s.size))
			return damaged(err, "one of its sections is not in the file");
		*at = (const char *)r.bytes + s.offset;
		*size = (size_t)s.size;
	}
	return true;
}
