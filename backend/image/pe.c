/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies a UEFI program and appends sections. */
#include "image/pe.h"

#include "base/error.h"
#include "base/little.h"
#include "base/text.h"
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	MOST_STUB = 16 * 1024 * 1024,
	MOST_ALIGNMENT = 64 * 1024, /* in the file, by the format's specification */
	PIECE = 128 * 1024,
	PAGE = 4096,
	WHERE_SIGNATURE = 0x3c,
	/* from the signature on: the header of the format, 24 bytes with the signature */
	SECTION_COUNT = 6,
	OPTIONAL_SIZE = 20,
	OPTIONAL = 24,
	/* in the optional header */
	DATA_SIZE = 8,
	SECTION_ALIGNMENT = 32,
	FILE_ALIGNMENT = 36,
	IMAGE_SIZE = 56,
	HEADERS_SIZE = 60,
	CHECKSUM = 64,
	LEAST_OPTIONAL = 68,
	/* a section's header */
	SECTION = 40,
	NAME = 8,
	VIRTUAL_SIZE = 8,
	VIRTUAL_ADDRESS = 12,
	RAW_SIZE = 16,
	RAW_OFFSET = 20,
	FLAGS = 36,
	DATA_READ_ONLY = 0x40000040,
};

struct pe {
	const char *path, *stub;
	unsigned char *bytes; /* the stub */
	size_t size;
	unsigned char *header, *optional, *sections; /* in bytes */
	uint16_t n;
	uint32_t file_alignment;
	uint64_t address; /* where the next section is loaded */
	uint64_t offset;  /* where it is in the file */
	uint64_t added;
	bool made; /* there is a file to remove if it cannot be finished */
};

static uint64_t aligned(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

static bool is_power(uint32_t n)
{
	return n && (n & (n - 1)) == 0;
}

/* ---- the stub ---- */

static bool is_wrong(const struct pe *p, const char *what, struct error *err)
{
	return error_set(
		err, ERROR_STEP, "%s cannot be taken for an EFI program: %s", p->stub, what);
}

static bool read_stub(struct pe *p, struct error *err)
{
	int fd = open(p->stub, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool ok = fd >= 0 && fstat(fd, &st) == 0;

	if (!ok)
		error_errno(err, "%s cannot be read", p->stub);
	else if (!S_ISREG(st.st_mode) || st.st_size > MOST_STUB)
		ok = is_wrong(p, "it is too large", err);
	if (ok) {
		p->size = (size_t)st.st_size;
		p->bytes = xmalloc(p->size ? p->size : 1);
		ok = read(fd, p->bytes, p->size) == (ssize_t)p->size ||
		     error_errno(err, "%s cannot be read", p->stub);
	}
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool find_headers(struct pe *p, struct error *err)
{
	uint64_t at =
		p->size >= WHERE_SIGNATURE + 4 ? little_get_32(p->bytes + WHERE_SIGNATURE) : 0;
	uint16_t optional;

	if (!at || memcmp(p->bytes, "MZ", 2) != 0 || at + OPTIONAL + LEAST_OPTIONAL > p->size ||
		memcmp(p->bytes + at, "PE\0", 4) != 0)
		return is_wrong(p, "its header is missing", err);
	p->header = p->bytes + at;
	p->optional = p->header + OPTIONAL;
	p->n = little_get_16(p->header + SECTION_COUNT);
	optional = little_get_16(p->header + OPTIONAL_SIZE);
	p->file_alignment = little_get_32(p->optional + FILE_ALIGNMENT);
	if (optional < LEAST_OPTIONAL || !is_power(p->file_alignment) ||
		p->file_alignment > MOST_ALIGNMENT ||
		!is_power(little_get_32(p->optional + SECTION_ALIGNMENT)) ||
		at + OPTIONAL + optional + (uint64_t)p->n * SECTION > p->size)
		return is_wrong(p, "its header is damaged", err);
	p->sections = p->optional + optional;
	return true;
}

/* Its end, in memory and in the file; nothing may be there yet. */
static bool look_at_sections(struct pe *p, const struct pe_sections *wanted, struct error *err)
{
	p->offset = p->size;
	for (size_t i = 0; i < p->n; i++) {
		const unsigned char *s = p->sections + i * SECTION;
		uint32_t virtual = little_get_32(s + VIRTUAL_SIZE),
			 raw = little_get_32(s + RAW_SIZE);
		uint64_t end = (uint64_t)little_get_32(s + VIRTUAL_ADDRESS) +
			       (virtual > raw ? virtual : raw);

		if (end > p->address)
			p->address = end;
		for (size_t k = 0; k < wanted->n; k++)
			if (strncmp((const char *)s, wanted->at[k].name, NAME) == 0)
				return is_wrong(
					p, "it has a section of the same name already", err);
	}
	return true;
}

/* The section headers must fit before the first section's content. */
static bool has_room(const struct pe *p, const struct pe_sections *wanted, struct error *err)
{
	size_t end = (size_t)(p->sections - p->bytes) + (p->n + wanted->n) * SECTION;
	uint64_t first = little_get_32(p->optional + HEADERS_SIZE);

	if (first > p->size)
		return is_wrong(p, "its header is damaged", err);
	for (size_t i = 0; i < p->n; i++) {
		uint32_t at = little_get_32(p->sections + i * SECTION + RAW_OFFSET);

		if (at && at < first)
			first = at;
	}
	return end <= first || is_wrong(p, "it has no room for further sections", err);
}

/* ---- the copy ---- */

static bool put(const struct pe *p, int fd, const void *bytes, size_t len, struct error *err)
{
	return write_all(fd, bytes, len) || error_errno(err, "%s cannot be written", p->path);
}

/* Pads up to where the next section starts. */
static bool fill(struct pe *p, int fd, uint64_t to, struct error *err)
{
	static const char nothing[PAGE];

	while (p->offset < to) {
		size_t n = to - p->offset < PAGE ? (size_t)(to - p->offset) : PAGE;

		if (!put(p, fd, nothing, n, err))
			return false;
		p->offset += n;
	}
	return true;
}

static bool copy_content(
	struct pe *p, int fd, const struct pe_section *s, uint64_t *size, struct error *err)
{
	int from = open(s->file, O_RDONLY | O_CLOEXEC);
	char *piece = xmalloc(PIECE);
	ssize_t n = -1;
	bool ok = from >= 0;

	*size = 0;
	while (ok && (n = read(from, piece, PIECE)) > 0) {
		ok = put(p, fd, piece, (size_t)n, err);
		*size += (uint64_t)n;
	}
	if (n < 0)
		ok = error_errno(err, "%s cannot be read", s->file);
	if (from >= 0)
		close(from);
	free(piece);
	p->offset += *size;
	return ok;
}

static bool add_section(struct pe *p, int fd, const struct pe_section *s, struct error *err)
{
	unsigned char *header = p->sections + (size_t)p->n * SECTION;
	size_t len = strlen(s->name);
	uint64_t start, size;

	if (len > NAME)
		return error_set(
			err, ERROR_PROFILE, "a section's name is longer than 8 bytes: %s", s->name);
	if (!fill(p, fd, aligned(p->offset, p->file_alignment), err))
		return false;
	start = p->offset;
	if (!copy_content(p, fd, s, &size, err) ||
		!fill(p, fd, aligned(p->offset, p->file_alignment), err))
		return false;
	if (p->offset > UINT32_MAX || p->address + size > UINT32_MAX - PAGE)
		return error_set(
			err, ERROR_STEP, "%s: an EFI program cannot be larger than 4 GiB", p->path);
	memset(header, 0, SECTION);
	memcpy(header, s->name, len);
	little_put_32(header + VIRTUAL_SIZE, (uint32_t)size);
	little_put_32(header + VIRTUAL_ADDRESS, (uint32_t)p->address);
	little_put_32(header + RAW_SIZE, (uint32_t)(p->offset - start));
	little_put_32(header + RAW_OFFSET, (uint32_t)start);
	little_put_32(header + FLAGS, DATA_READ_ONLY);
	p->added += p->offset - start;
	p->address = aligned(p->address + size, PAGE);
	p->n++;
	return true;
}

static void finish_headers(const struct pe *p)
{
	little_put_16(p->header + SECTION_COUNT, p->n);
	little_put_32(p->optional + DATA_SIZE,
		(uint32_t)(little_get_32(p->optional + DATA_SIZE) + p->added));
	little_put_32(p->optional + IMAGE_SIZE,
		(uint32_t)aligned(p->address, little_get_32(p->optional + SECTION_ALIGNMENT)));
	little_put_32(p->optional + CHECKSUM, 0); /* firmware ignores it */
}

static bool write_copy(struct pe *p, const struct pe_sections *sections, struct error *err)
{
	int fd = open(p->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool ok = fd >= 0 || error_errno(err, "%s cannot be made", p->path);

	p->made = fd >= 0;
	p->address = aligned(p->address, PAGE);
	ok = ok && put(p, fd, p->bytes, p->size, err);
	for (size_t i = 0; ok && i < sections->n; i++)
		ok = add_section(p, fd, &sections->at[i], err);
	if (ok) {
		finish_headers(p);
		ok = write_all_at(fd, p->bytes, p->size, 0) ||
		     error_errno(err, "%s cannot be written", p->path);
	}
	if (fd >= 0 && close(fd) != 0 && ok)
		ok = error_errno(err, "%s cannot be written", p->path);
	return ok;
}

bool pe_append(
	const char *path, const char *stub, const struct pe_sections *sections, struct error *err)
{
	struct pe p = {.path = path, .stub = stub};
	bool ok = read_stub(&p, err) && find_headers(&p, err) &&
		  look_at_sections(&p, sections, err) && has_room(&p, sections, err) &&
		  write_copy(&p, sections, err);

	if (!ok && p.made)
		unlink(path);
	free(p.bytes);
	return ok;
}
