/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root file system as a listing, never a chroot: recipes, templates and file lists add entries, image writers read them.
 * Owners, modes and device nodes are data here, so no step needs root. Two entries for one path are an error that names both
 * owners, except folders that agree. Missing parent folders are added (0755 root).
 */
#ifndef TREE_H
#define TREE_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include <stdint.h>

enum tree_kind { TREE_FOLDER, TREE_FILE, TREE_LINK, TREE_CHARACTER, TREE_BLOCK };

/* Who gives way: a recipe that yields to all others, and all others to what a trigger made of them. */
enum tree_rank { TREE_YIELDS = -1, TREE_PLAIN, TREE_MADE };

struct tree_rules;

struct tree_entry {
	const char *path; /* absolute in the target, no trailing slash, no "." or ".." */
	enum tree_kind kind;
	unsigned mode, uid, gid, major, minor;
	const char *target;  /* of a link */
	const char *content; /* of a file: its bytes ... */
	size_t content_len;
	const char *from; /* ... or NULL content and the path they are read from */
	const char *
		owner; /* who added it, for messages about conflicts: "recipe busybox", "share/rootfs/base.files:12" */
	bool wins; /* from the user's overlay: replaces an entry with the same path, even a graft's */
	bool weak; /* a folder that only has to exist: an entry that lists it decides its attributes */
	enum tree_rank rank;		/* of two entries for one path the higher one counts */
	const struct tree_rules *rules; /* of the graft that it is from; may be NULL */
};

/* Owner and mode of a file that a recipe brings, which its stage cannot hold. */
struct tree_mode {
	const char *path;
	unsigned mode, uid, gid;
	bool make;	   /* a folder that is made if the stage has none */
	const char *where; /* "FILE:LINE", for messages */
};

/* What is done with a stage's files on their way into a tree. Patterns are those of fnmatch(3), where '*' also matches '/' and
 * what matches a folder matches all in it. */
struct tree_rules {
	VEC(struct tree_mode) modes;
	bool all_modes;	      /* each of them must be there */
	struct strings left;  /* patterns of what stays out */
	struct strings links; /* patterns of links that stay out */
	struct strings kept;  /* patterns of what goes in all the same */
	bool yields; /* whatever anybody else brings is taken instead, if it has the same path ... */
	struct strings
		alike; /* ... or the same name in another of these folders: then the path leads there */
};

/* Everything below a folder that will exist when the image is written (a finished stage) goes to `to`; a file becomes `to`. */
struct tree_graft {
	const char *from; /* path on this machine */
	const char *id;	  /* represents it in the canonical text: "busybox KEY DIR" */
	const char *to;	  /* "/" or a folder of the target */
	const char *owner;
	bool made;			/* by a trigger, out of the others */
	const struct tree_rules *rules; /* NULL: there are none */
};

/* A folder of shared libraries from which programs get the ones they need, and no more. */
struct tree_libraries {
	const char *from; /* on this machine */
	const char *
		root; /* what an absolute link in there is relative to, "" for this machine's own root */
	const char *id; /* represents it in the canonical text */
	const char *to; /* folder of the target where its libraries are looked for */
};

/* All that it holds lives in the arena. */
struct tree {
	struct arena *arena;
	VEC(struct tree_entry) entries;
	VEC(struct tree_graft) grafts;
	VEC(struct tree_libraries) libraries;
};

CHECKED bool tree_add(struct tree *t, const struct tree_entry *e, struct error *err);
void tree_graft(struct tree *t, const struct tree_graft *g);

/* The listing as text without machine paths, sorted: contents as SHA-256, grafts by id. It goes into the image's key. */
CHECKED bool tree_print(const struct tree *t, struct text *out, struct error *err);

/* Turns grafts into entries by reading their folders (owner root, modes masked to 0755/0644 plus x, but for what their rules say;
 * where there are rules, a set-id bit that none of them names is an error), adds the libraries that programs need and missing
 * parents, sorts by path, reports conflicts. Then writers can use the tree. */
CHECKED bool tree_settle(struct tree *t, struct error *err);

/* The parts of settling that read a graft's folder, and that look after what its rules say (tree_grafts.c). */
CHECKED bool tree_read_graft(struct tree *t, const struct tree_graft *g, struct error *err);
CHECKED bool tree_finish_rules(struct tree *t, const struct tree_graft *g, struct error *err);
void tree_print_rules(const struct tree_rules *r, struct text *out);
/* Of merged entries: those that yield become links to programs of the same name. */
void tree_yield(struct tree *t);

/* The part of settling that adds loaders and libraries (tree_libraries.c). */
CHECKED bool tree_add_libraries(struct tree *t, struct error *err);

/* ---- what changes seldom (tree_stages.c) ---- */

/* What finished stages alone bring, of a tree that is not settled yet; its arena serves both. */
void tree_stages(const struct tree *t, struct tree *out);

/* Only the listed entries with these paths, of a tree that is not settled yet; an error if one is not listed. */
CHECKED bool tree_listed(
	const struct tree *t, const struct strings *paths, struct tree *out, struct error *err);

/* Both settled: is exactly this entry in it? Are all of the part's, though folders may have got other attributes? */
bool tree_holds(const struct tree *t, const struct tree_entry *e);
bool tree_contains(const struct tree *t, const struct tree *part);

/* ---- for writers: a settled tree, in which every folder comes before its contents ---- */

/* A file's bytes, wherever they are stored, piece by piece. Only files have any. */
struct tree_reader {
	const struct tree_entry *entry;
	int fd;
	uint64_t size, at;
};
CHECKED bool tree_open(struct tree_reader *r, const struct tree_entry *e, struct error *err);
CHECKED bool tree_read(struct tree_reader *r, void *into, size_t most, size_t *n,
	struct error *err);		/* 0: the end */
void tree_close(struct tree_reader *r); /* needed even after a failed tree_open */

uint64_t tree_file_bytes(const struct tree_entry *e);
uint64_t tree_bytes(const struct tree *t); /* of all files together */

/* The index of the folder that entry i is in; TREE_TOP: it is in / itself, which has no entry. */
#define TREE_TOP ((size_t)-1)
size_t tree_parent(const struct tree *t, size_t i);
const char *tree_name(const struct tree_entry *e); /* the last part of its path */

/* A writer's progress, reported now and then; may be NULL. */
typedef void tree_progress(void *ctx, uint64_t done, uint64_t total);

#endif
