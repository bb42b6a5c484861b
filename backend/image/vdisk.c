/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replaces the random identifiers from qemu-img, format by format. */
#include "image/vdisk.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/little.h"
#include "base/text.h"
#include "base/write.h"

#include <errno.h>
#include <ext2fs/ext2fs.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	GUID = 16,
	PIECE = 4096,
	KIB = 1024,
	/* VirtualBox: the header, and where its two UUIDs are */
	VDI_SIGNATURE = 0x40,
	VDI_UUID = 0x188,
	VDI_UUID_OF_CHANGE = 0x198,
	/* VMware: where the description may be */
	VMDK_LOOK = 64 * KIB,
	VMDK_NUMBER = 8, /* digits */
	/* [MS-VHDX] 2.2.2: the two headers */
	VHDX_CHECKSUM = 4,
	VHDX_SEQUENCE = 8,
	VHDX_FILE_WRITE = 16,
	VHDX_DATA_WRITE = 32,
	VHDX_LOG = 48,
	VHDX_LOG_LENGTH = 68,
	VHDX_LOG_OFFSET = 72,
	VHDX_LOG_MOST = 64 * KIB * KIB,
	/* 2.2.3 and 2.6.1: tables of 32 bytes for each entry */
	VHDX_REGIONS = 192 * KIB,
	VHDX_REGIONS_AT = 16,
	VHDX_METADATA_AT = 32,
	VHDX_ENTRY = 32,
};

struct image {
	const char *path, *seed;
	int fd;
};

/* The seed's number for the given name: a version 8 UUID (RFC 9562) in byte order. */
static void make_guid(const struct image *f, const char *name, unsigned char guid[GUID])
{
	struct text t = TEXT_INIT;
	char hex[HASH_HEX];

	text_fmt(&t, "%s virtual disk %s", f->seed, name);
	hash_bytes(t.s, t.len, hex);
	text_release(&t);
	for (size_t i = 0; i < GUID; i++) {
		unsigned byte = 0;

		sscanf(hex + 2 * i, "%2x", &byte);
		guid[i] = (unsigned char)byte;
	}
	/* VirtualBox and Microsoft store the first three fields little-endian: the version is in the eighth byte */
	guid[7] = (unsigned char)((guid[7] & 0x0f) | 0x80);
	guid[8] = (unsigned char)((guid[8] & 0x3f) | 0x80);
}

static bool get(const struct image *f, void *bytes, size_t len, uint64_t at, struct error *err)
{
	ssize_t n = pread(f->fd, bytes, len, (off_t)at);

	if (n < 0)
		return error_errno(err, "%s cannot be read", f->path);
	return (size_t)n == len || error_set(err, ERROR_STEP, "%s is too short", f->path);
}

static bool put(
	const struct image *f, const void *bytes, size_t len, uint64_t at, struct error *err)
{
	return write_all_at(f->fd, bytes, len, at) ||
	       error_errno(err, "%s cannot be written", f->path);
}

static bool is_not(const struct image *f, const char *format, struct error *err)
{
	return error_set(err, ERROR_STEP, "%s is no disk of the format %s", f->path, format);
}

/* ---- VirtualBox ---- */

static bool settle_vdi(const struct image *f, struct error *err)
{
	static const unsigned char signature[] = {0x7f, 0x10, 0xda, 0xbe};
	unsigned char found[sizeof signature], guid[GUID];

	if (!get(f, found, sizeof found, VDI_SIGNATURE, err))
		return false;
	if (memcmp(found, signature, sizeof signature) != 0)
		return is_not(f, "vdi", err);
	make_guid(f, "content", guid);
	if (!put(f, guid, sizeof guid, VDI_UUID, err))
		return false;
	make_guid(f, "change", guid);
	return put(f, guid, sizeof guid, VDI_UUID_OF_CHANGE, err);
}

/* ---- VMware ---- */

/* The description is text padded with NULs. qemu-img's number has up to eight digits. */
static bool settle_vmdk(const struct image *f, struct error *err)
{
	static const char mark[] = "\nCID=";
	char bytes[VMDK_LOOK + 1], number[VMDK_NUMBER + 1], *at, *rest;
	unsigned char guid[GUID];
	size_t digits, len;
	ssize_t n = pread(f->fd, bytes, VMDK_LOOK, 0);

	bytes[n > 0 ? n : 0] = '\0';
	at = n > 4 && memcmp(bytes, "KDMV", 4) == 0
		     ? memmem(bytes, (size_t)n, mark, sizeof mark - 1)
		     : NULL;
	rest = at ? at + sizeof mark - 1 : NULL;
	digits = rest ? strspn(rest, "0123456789abcdef") : 0;
	len = rest ? strlen(rest) : 0;
	if (!digits || digits > VMDK_NUMBER || rest + len + VMDK_NUMBER > bytes + n)
		return is_not(f, "vmdk", err);
	make_guid(f, "content", guid);
	/* the largest number means "no parent" */
	snprintf(number, sizeof number, "%08x", little_get_32(guid) & 0x7fffffff);
	memmove(rest + VMDK_NUMBER, rest + digits, len - digits);
	memcpy(rest, number, VMDK_NUMBER);
	return put(f, rest, len - digits + VMDK_NUMBER, (uint64_t)(rest - bytes), err);
}

/* ---- Microsoft ---- */

static bool get_header(
	const struct image *f, unsigned char header[PIECE], uint64_t at, struct error *err)
{
	return get(f, header, PIECE, at, err) &&
	       (memcmp(header, "head", 4) == 0 || is_not(f, "vhdx", err));
}

static bool put_header(const struct image *f, unsigned char header[PIECE], uint64_t sequence,
	uint64_t at, struct error *err)
{
	little_put_64(header + VHDX_SEQUENCE, sequence);
	make_guid(f, "file", header + VHDX_FILE_WRITE);
	make_guid(f, "content", header + VHDX_DATA_WRITE);
	memset(header + VHDX_LOG, 0, GUID);
	little_put_32(header + VHDX_CHECKSUM, 0);
	little_put_32(header + VHDX_CHECKSUM, ~ext2fs_crc32c_le(~0U, header, PIECE));
	return put(f, header, PIECE, at, err);
}

/* The header with the larger sequence number counts; the first number is random, too. */
static bool settle_headers(const struct image *f, struct error *err)
{
	unsigned char first[PIECE], second[PIECE];
	bool is_first;

	if (!get_header(f, first, 64 * KIB, err) || !get_header(f, second, 128 * KIB, err))
		return false;
	is_first = little_get_64(first + VHDX_SEQUENCE) > little_get_64(second + VHDX_SEQUENCE);
	return put_header(f, first, is_first ? 2 : 1, 64 * KIB, err) &&
	       put_header(f, second, is_first ? 1 : 2, 128 * KIB, err);
}

static bool empty_log(const struct image *f, struct error *err)
{
	static const char nothing[PIECE];
	unsigned char header[PIECE];
	uint64_t at, len;

	if (!get(f, header, sizeof header, 64 * KIB, err))
		return false;
	at = little_get_64(header + VHDX_LOG_OFFSET);
	len = little_get_32(header + VHDX_LOG_LENGTH);
	if (len > VHDX_LOG_MOST || len % PIECE)
		return is_not(f, "vhdx", err);
	for (uint64_t i = 0; i < len; i += PIECE)
		if (!put(f, nothing, PIECE, at + i, err))
			return false;
	return true;
}

/* A table's entry with the wanted GUID. */
static const unsigned char *find_entry(
	const unsigned char *table, size_t from, const unsigned char *guid)
{
	for (size_t at = from; at + VHDX_ENTRY <= PIECE; at += VHDX_ENTRY)
		if (memcmp(table + at, guid, GUID) == 0)
			return table + at;
	return NULL;
}

/* The number of the disk itself: region table -> metadata region -> item "page 83 data". */
static bool settle_page_83(const struct image *f, struct error *err)
{
	static const unsigned char metadata[GUID] = {0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b,
		0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e};
	static const unsigned char page_83[GUID] = {0xab, 0x12, 0xca, 0xbe, 0xe6, 0xb2, 0x23, 0x45,
		0x93, 0xef, 0xc3, 0x09, 0xe0, 0x00, 0xc7, 0x46};
	unsigned char table[PIECE], guid[GUID];
	const unsigned char *entry;
	uint64_t region;

	if (!get(f, table, sizeof table, VHDX_REGIONS, err))
		return false;
	entry = find_entry(table, VHDX_REGIONS_AT, metadata);
	if (!entry)
		return is_not(f, "vhdx", err);
	region = little_get_64(entry + GUID);
	if (!get(f, table, sizeof table, region, err))
		return false;
	entry = find_entry(table, VHDX_METADATA_AT, page_83);
	if (!entry)
		return is_not(f, "vhdx", err);
	make_guid(f, "disk", guid);
	return put(f, guid, sizeof guid, region + little_get_32(entry + GUID), err);
}

static bool settle_vhdx(const struct image *f, struct error *err)
{
	return settle_headers(f, err) && empty_log(f, err) && settle_page_83(f, err);
}

bool vdisk_settle(const char *path, const char *format, const char *seed, struct error *err)
{
	static const struct {
		const char *format;
		bool (*settle)(const struct image *f, struct error *err);
	} table[] = {{"vdi", settle_vdi}, {"vmdk", settle_vmdk}, {"vhdx", settle_vhdx}};
	struct image f = {path, seed, open(path, O_RDWR | O_CLOEXEC)};
	bool ok = false;

	if (f.fd < 0)
		return error_errno(err, "%s cannot be changed", path);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (strcmp(table[i].format, format) != 0)
			continue;
		ok = table[i].settle(&f, err);
		close(f.fd);
		return ok;
	}
	close(f.fd);
	return error_set(err, ERROR_PROFILE, "disks of the format '%s' are not known", format);
}
