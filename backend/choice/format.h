/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image format: share/images/NAME.image says what it is and how it is written. Read once, with the catalogue, whose arena owns
 * everything here. Those with a summary are the values of the choice `image`, in their order; the others only accompany one or
 * are inside one. Adding a format means adding a file.
 *
 *   summary = WORDS             what people read beside its name; makes it a value of `image`
 *   order   = 40                its place among these values; without one it comes last
 *   traits  = NAMES             what guards may ask for: image=@disk. share/images/NAME.traits declares them (NAME = WORDS), for
 *                               a misspelt one would be a condition that never holds
 *   refuse  = REASON            guarded: when these choices do not go with it
 *   drive   = raw               an emulator's name for the format of such a file as a machine's medium
 *   magic   = OFFSET HEX-BYTES  how such a file is recognised; may be repeated, one is enough; and
 *   raw     = WORDS             the command that writes the disk in {file} to {raw}: for comparing (contents/opener.h); or
 *   list    = WORDS             the one that lists the files in it, with their contents; or
 *   unpack  = WORDS             the one that unpacks them into the folder {raw}
 *
 * All others may be guarded and repeated; the words of those that hold for the choices add up, but of file and tree the last one
 * counts. plan_images.c expands the names in them:
 *
 *   file    = NAME              what the image is called
 *   tree    = root              the listing that it holds: root, early, medium, home, data or efi
 *   only    = stages            of the tree only what finished stages bring; or
 *   only    = PATHS             only these listed entries, so that it does not depend on the others
 *   with    = NAMES             images that accompany it
 *   hold    = NAME -> PATH      an image whose file is on the medium
 *   use     = NAMES             images whose files the lines name: {use.NAME}
 *   needs   = NAMES             components whose stages the lines name: {NAME.stage}
 *   name    = NAME WORDS        what {NAME} stands for in the lines
 *   tool    = NAMES             programs of this machine that it needs
 *   hash    = PATHS             files of this machine that its bytes depend on
 *   env     = KEY=VALUE         for the programs that are run
 *   write   = ACTION WORDS      the action gets the image's path and the words
 *   part, same                  what it is made of, for the sizes: see step/action_part.c
 *   lay, fat, disk, settle, pe, run   other actions, in their order; {work} is a folder for what is only needed meanwhile, {out}
 *                               the image's path
 *   words   = WORDS             further words of the action that follows
 *
 * What several have in common they include: `include = grub.part`.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include "choice/catalog.h"
#include "choice/profile.h"

#include <stdint.h>

#define FORMAT_CHOICE "image" /* the choice whose values are formats */

/* The traits that the program itself asks for. */
#define FORMAT_STICK  "stick"  /* can be written to a device unchanged */
#define FORMAT_MEDIUM "medium" /* firmware reads a boot loader from it */
#define FORMAT_SMALL  "small"  /* a file in it has at most 4 GiB */
#define FORMAT_UTF8   "utf8"   /* names in it are UTF-8 */

enum { FORMAT_MAGIC = 16 };

struct format_magic {
	uint64_t at;
	unsigned char bytes[FORMAT_MAGIC];
	size_t len;
};

struct format_line {
	const char *key, *value;
	struct guard guard;
	const char *file; /* where it is written, perhaps in an included file */
	int line;
	bool acts; /* one of the lines that make the image; their order is kept */
};

struct format {
	const char *name;
	const char *file;    /* of the description */
	const char *summary; /* NULL: nobody can choose it */
	long order;
	struct strings traits;
	const char *drive; /* NULL: no machine can use it as a medium */
	struct guard refuse;
	const char *reason; /* NULL: works with all choices */
	VEC(struct format_magic) magic;
	const char *raw, *list, *unpack; /* all NULL: no program opens it */
	VEC(struct format_line) lines;
};

/* NULL if unknown. */
const struct format *format_find(const struct catalog *c, const char *name);
bool format_has(const struct format *f, const char *trait);

/* Do the choices that `lookup` knows ask for it? Formats that only accompany others are not asked for. */
bool format_chosen(const char *name, guard_lookup *lookup, const void *ctx);

/* The last line of that key whose guard holds; NULL: none. */
const struct format_line *format_line(
	const struct format *f, const char *key, const struct profile *p);

/* The words of all lines whose guards hold. */
CHECKED bool format_words(const struct format *f, const char *key, const struct profile *p,
	struct arena *a, struct strings *out, struct error *err);

#endif
