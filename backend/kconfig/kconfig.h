/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configurations of programs that use the kernel's Kconfig language: what fragments ask for, and whether they got it.
 *
 * A fragment is a list of lines, each a wish:
 *   CONFIG_X=y                      a value; numbers and "texts" as in .config
 *   # CONFIG_X is not set           it must not be set
 *   CONFIG_A=y | CONFIG_B=y         the first of these that this version of the program has
 *   CONFIG_X=y ?                    only if this version has it
 * Other lines that start with '#' are comments. A later wish about the same symbol takes the place of an earlier one.
 *
 * What comes out is read by make and by shells. A value is therefore y, m, n, a number or a quoted text without any sign that one
 * of them would take for more than text ("$(", "`", ";"); all other lines are errors that say what to write.
 */
#ifndef KCONFIG_H
#define KCONFIG_H

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"

enum { KCONFIG_EITHER = 4 }; /* maximum alternatives on one line */

struct kconfig_line {
	const char *symbol; /* without CONFIG_ */
	const char *value;  /* "n" for "is not set" */
};

/* Whose wish it is. */
enum kconfig_voice {
	KCONFIG_OURS,	 /* "is not set" gives way to what symbols of a person select */
	KCONFIG_PACKAGE, /* of a package that is in the system: a person may choose more, not less */
	KCONFIG_THEIRS,	 /* a person's */
	KCONFIG_TREE, /* of a fragment in the program's source, made for every machine: what does not fit is only reported */
	KCONFIG_FIRM, /* no one may override it: the value names programs or folders of the build */
};

struct kconfig_wish {
	struct kconfig_line either[KCONFIG_EITHER];
	size_t n;
	bool optional;
	enum kconfig_voice voice;
	const char *where; /* "linux/00-base.config:12" */
};

struct kconfig_wishes {
	struct kconfig_wish *at;
	size_t n, cap;
};

/* The lines of a .config, sorted by symbol. `family` is the word after the slash in its headline ("x86"), "" if there is none. */
struct kconfig_result {
	struct arena arena;
	struct kconfig_line *at;
	size_t n, cap;
	const char *family;
};

/* Adds the wishes of a fragment: a path, or a literal line. All live in the arena. */
CHECKED bool kconfig_wish(struct kconfig_wishes *w, struct arena *a, const char *fragment,
	enum kconfig_voice voice, struct error *err);
/* A literal line alone; `where` is how messages call it. */
CHECKED bool kconfig_wish_line(struct kconfig_wishes *w, struct arena *a, const char *line,
	const char *where, enum kconfig_voice voice, struct error *err);

/* Does whoever wishes `wanted` get it where `given` is? What may be a module may also be compiled in. */
bool kconfig_meets(const struct kconfig_wish *given, const struct kconfig_wish *wanted);

/*
 * The words of a step that is about fragments: paths and literal lines, in the order in which they are merged.
 *   --theirs, --firm   whose the following are (kconfig_voice); ours come first
 *   --asked-by=A,B  the following are what these packages ask for
 *   --in=FOLDER        where a name without a slash is looked for, in all such folders, and all that are found count
 *   --own              the following are a whole configuration, which others were merged over
 *   --tree=FOLDER      the program's source: what a person's symbols depend on is set, too (kconfig_lift)
 */
#define KCONFIG_FOR "--asked-by="
struct kconfig_request {
	struct kconfig_wishes wishes, own;
	bool asked;	  /* a person wishes something */
	const char *tree; /* NULL: only what is wished is set */
};
CHECKED bool kconfig_request(struct kconfig_request *r, struct arena *a,
	const struct strings *words, size_t from, struct error *err);

/*
 * What a person says is an order, and what our own fragments leave out only a preference: adds as wishes what the person's
 * symbols depend on and is not there in `before` with the wishes over it, at any depth. What the person, or a firm line, says is
 * left as it is, as are symbols that nobody can choose; where that is in the way nothing is added, and kconfig_verify tells why.
 * `told` gets a sentence and a newline for each.
 */
CHECKED bool kconfig_lift(struct kconfig_request *q, struct arena *a,
	const struct kconfig_result *before, const char *build, struct text *told,
	struct error *err);

/* `source` without the lines of all wished symbols, followed by the wishes. */
void kconfig_merge(const struct kconfig_wishes *w, const char *source, struct text *out);

CHECKED bool kconfig_result_read(struct kconfig_result *r, const char *path, struct error *err);
void kconfig_result_release(struct kconfig_result *r);
/* NULL: the configuration does not mention the symbol. */
const char *kconfig_result_find(const struct kconfig_result *r, const char *symbol);

/* What became of a request: a sentence and a newline for each line that was not granted, and how many they are. */
struct kconfig_verdict {
	struct text refused;
	size_t refusals;
	struct text yielded; /* of ours, which gave way to what symbols of a person select */
	size_t yields;
	struct text misfit; /* of fragments in the program's source */
	size_t misfits;
	struct text changed; /* of the person's whole configuration */
	size_t changes;
	size_t lines, known; /* of that configuration: all, and those that the program knows */
};

#define KCONFIG_VERDICT_INIT                                                     \
	{                                                                        \
		.refused = TEXT_INIT, .yielded = TEXT_INIT, .misfit = TEXT_INIT, \
		.changed = TEXT_INIT                                             \
	}

/* The program's own Kconfig files (in `source`, or generated ones in `build`) are read only if a wish was not granted, or there
 * is a whole configuration. The verdict is to be released in any case. */
CHECKED bool kconfig_verify(const struct kconfig_request *q, const struct kconfig_result *r,
	const char *source, const char *build, struct kconfig_verdict *v, struct error *err);
/* False, with the reason, if nearly nothing of the person's whole configuration is known: it is another program's. */
CHECKED bool kconfig_is_ours(const struct kconfig_verdict *v, struct error *err);
void kconfig_verdict_release(struct kconfig_verdict *v);

#endif
