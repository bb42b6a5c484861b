/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the raw facts of device_system.h into disks, and into the sentences that refuse them. */
#include "step/device.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/place.h"
#include "step/device_system.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/banned.h"

#define LIST  "`bootsmith write --list` shows those that can be written"
#define DISCS "5" /* the type of optical drives (SCSI Primary Commands, peripheral device type) */
enum { DEEPEST_HOLDER = 8, MIB = 1024 * 1024 };

struct looker {
	struct block_system system;
	struct device_list *list;
	const struct block *disk; /* the one being examined */
	const char *reason;	  /* why it is in use; NULL: it is not */
	bool of_system;		  /* because of the running system */
};

/* What the running system depends on; folders below these count as well. */
static bool is_system_place(const char *where)
{
	static const char *const places[] = {"/boot", "/efi", "/usr", "/etc", "/var"};

	if (strcmp(where, "/") == 0)
		return true;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (place_within(where, places[i]))
			return true;
	return false;
}

/* The system's own disk is the most serious reason, whatever else was found. */
static void note_use(struct looker *l, const char *reason, bool of_system)
{
	if (l->of_system || (l->reason && !of_system))
		return;
	l->reason = reason;
	l->of_system = of_system;
}

/* Examines one block device, and what is built on it. */
static void find_use(struct looker *l, const struct block *b, int depth)
{
	struct arena *a = l->system.arena;

	if (*b->mounted && is_system_place(b->mounted))
		note_use(l,
			arena_fmt(a,
				"%s holds the system that runs here (%s is mounted at %s), which nothing is written over",
				l->disk->name, b->name, b->mounted),
			true);
	else if (*b->mounted)
		note_use(l,
			arena_fmt(a, "%s is mounted at %s; unmount it first: umount %s", b->name,
				b->mounted, b->mounted),
			false);
	if (b->swap)
		note_use(l,
			arena_fmt(a, "this machine swaps to %s; end that first: swapoff /dev/%s",
				b->name, b->name),
			false);
	for (size_t i = 0; i < b->holders.n && depth < DEEPEST_HOLDER; i++) {
		const struct block *holder = block_find(&l->system, b->holders.at[i]);

		if (holder)
			find_use(l, holder, depth + 1);
		note_use(l,
			arena_fmt(a,
				"%s is part of %s%s%s%s; take that apart first (LVM: vgchange -an, encryption: cryptsetup close, RAID: mdadm --stop)",
				b->name, b->holders.at[i], holder && *holder->title ? " (" : "",
				holder ? holder->title : "", holder && *holder->title ? ")" : ""),
			false);
	}
}

/* ---- a disk ---- */

static const char *bus_of(const struct block_system *s, const struct block *b)
{
	if (strstr(b->folder + strlen(s->root), "/usb"))
		return "USB";
	return strcmp(block_value(s, b, "device/type"), "SD") == 0 ? "SD" : "";
}

static const char *model_of(const struct block_system *s, const struct block *b)
{
	const char *vendor = block_value(s, b, "device/vendor");
	const char *model = block_value(s, b, "device/model");

	if (!*model)
		model = block_value(s, b, "device/name");
	/* If a bus reports the vendor as a number, that means nothing to a person. */
	if (!*vendor || strncmp(vendor, "0x", 2) == 0 || !*model)
		return model;
	return arena_fmt(s->arena, "%s %s", vendor, model);
}

static void add_part(const struct looker *l, struct device *d, const struct block *b)
{
	struct device_part p = {.name = b->name, .bytes = b->bytes, .mounted = b->mounted};

	block_content(&l->system, b, &p.type, &p.label);
	if (b->disk || *p.type)
		vec_push_in(l->system.arena, &d->parts, p);
}

static const char *refusal_of(struct looker *l, const struct device *d, const struct block *b)
{
	struct arena *a = l->system.arena;

	if (l->of_system)
		return l->reason;
	if (strcmp(block_value(&l->system, b, "device/type"), DISCS) == 0)
		return arena_fmt(a,
			"%s is a drive for discs; its discs are written by a program for that",
			d->name);
	if (!d->removable)
		return arena_fmt(a,
			"%s is built in: it can neither be taken out nor hangs on USB or in a slot for SD cards; only removable devices are written, " LIST,
			d->name);
	if (!d->bytes)
		return arena_fmt(a, "there is no medium in %s; put one in", d->name);
	if (l->reason)
		return l->reason;
	if (b->read_only)
		return arena_fmt(
			a, "%s is read-only; look for a switch on the stick or the card", d->name);
	return NULL;
}

static void add_disk(struct looker *l, const struct block *b)
{
	const struct block_system *s = &l->system;
	struct device d = {.name = b->name,
		.path = arena_fmt(s->arena, "/dev/%s", b->name),
		.node = arena_fmt(s->arena, "%s/dev/%s", s->root, b->name),
		.number = b->number,
		.model = model_of(s, b),
		.serial = block_value_above(s, b, "serial"),
		.bus = bus_of(s, b),
		.bytes = b->bytes};

	d.removable = b->removable || *d.bus;
	l->disk = b;
	l->reason = NULL;
	l->of_system = false;
	for (size_t i = 0; i < s->of.n; i++) {
		const struct block *part = &s->of.at[i];

		if (part != b && !(part->disk && strcmp(part->disk, b->name) == 0))
			continue;
		if (part != b) {
			vec_push_in(&l->list->arena, &l->list->partitions, part->name);
			vec_push_in(&l->list->arena, &l->list->partitions, b->name);
		}
		find_use(l, part, 0);
		/* Only for disks that are shown to a person: looking wakes sleeping disks. */
		if (d.removable)
			add_part(l, &d, part);
	}
	/* since Linux 5.15 each inserted medium gets a new number */
	d.identity = arena_fmt(s->arena, "%s/%s/%s/%" PRIu64 "/%s", d.number, d.model, d.serial,
		d.bytes, block_value(s, b, "diskseq"));
	d.refusal = refusal_of(l, &d, b);
	vec_push_in(&l->list->arena, &l->list->of, d);
}

bool device_list_load(struct device_list *list, const struct place *p, struct error *err)
{
	struct looker l = {.list = list};
	bool ok;

	*list = (struct device_list){.arena = ARENA_INIT};
	ok = block_system_load(&l.system, p, &list->arena, err);
	for (size_t i = 0; ok && i < l.system.of.n; i++)
		if (!l.system.of.at[i].disk)
			add_disk(&l, &l.system.of.at[i]);
	if (!ok)
		device_list_release(list);
	return ok;
}

void device_list_release(struct device_list *l)
{
	arena_release(&l->arena);
}

/* ---- choosing one ---- */

static const char *plain_name(const char *word)
{
	return strncmp(word, "/dev/", 5) == 0 ? word + 5 : word;
}

bool device_find(
	const struct device_list *l, const char *word, const struct device **out, struct error *err)
{
	const char *name = plain_name(word);

	for (size_t i = 0; i < l->of.n; i++) {
		*out = &l->of.at[i];
		if (strcmp((*out)->name, name) == 0)
			return true;
	}
	for (size_t i = 0; i < l->partitions.n; i += 2)
		if (strcmp(l->partitions.at[i], name) == 0)
			return error_set(err, ERROR_USAGE,
				"%s is a partition, and an image brings partitions of its own: name the whole disk, /dev/%s",
				word, l->partitions.at[i + 1]);
	return error_set(err, ERROR_USAGE, "there is no disk %s in this machine; " LIST, word);
}

bool device_check(const struct device *d, uint64_t bytes, struct error *err)
{
	if (d->refusal)
		return error_set(err, ERROR_HOST, "%s", d->refusal);
	if (bytes <= d->bytes)
		return true;
	return error_set(err, ERROR_HOST,
		"%s is too small: it has %.1f MiB (%" PRIu64 " bytes) and the image %.1f (%" PRIu64
		" bytes); take a larger one, or make the image smaller (image-size)",
		d->name, (double)d->bytes / MIB, d->bytes, (double)bytes / MIB, bytes);
}

bool device_is_named(const struct device *d, const char *word)
{
	const char *const names[] = {d->name, d->path, d->model, d->serial};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (*names[i] && strcmp(names[i], word) == 0)
			return true;
	return false;
}

bool device_is_open(const struct device *d, int fd, const struct place *p)
{
	char number[32];
	struct stat st;

	if (fstat(fd, &st) != 0)
		return false;
	if (S_ISREG(st.st_mode))
		return p->machine && *p->machine;
	snprintf(number, sizeof number, "%u:%u", major(st.st_rdev), minor(st.st_rdev));
	return S_ISBLK(st.st_mode) && strcmp(number, d->number) == 0;
}
