/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of options: the only source of names, types, defaults, dependencies and help for profiles, the command line, the
 * screens, validation and the manual. It is data (share/options/, one [option NAME] section each). Everything here lives in the
 * catalogue's arena and does not change after loading.
 */
#ifndef OPTION_H
#define OPTION_H

#include "base/guard.h"

enum option_type {
	OPTION_CHOICE,	/* one of the values */
	OPTION_LIST,	/* some of the values (or, with no values, words), separated by blanks */
	OPTION_TEXT,	/* one line of printable UTF-8 */
	OPTION_NUMBER,	/* a whole number between low and high, or one of the values ("auto") */
	OPTION_VERSION, /* a series or an exact version of `component` */
	OPTION_PATH,	/* a path, or one of the values ("vm") */
	OPTION_PATHS,	/* paths, separated by blanks */
	OPTION_NAME,	/* a host name label: letters, digits, hyphens; RFC 1123 */
	OPTION_ADDRESS, /* IPv4 address with /prefix, or one without when `plain` */
	OPTION_HASH,	/* one of the values ("locked"), or a crypt(5) hash; never shown in full */
	OPTION_KEY,	/* a public SSH key as it stands in authorized_keys */
};

struct option_value {
	const char *name;
	const char *help;    /* one line, may be NULL */
	struct guard refuse; /* if this holds, the value cannot be chosen ... */
	const char *reason;  /* ... and this sentence says why; NULL: never refused */
};

/* A name for a value that nobody knows by heart. */
struct option_alias {
	const char *name, *means;
	const char *also; /* words that people search for; may be NULL */
};

/* What people ask for that is not there yet. It counts only until something is called that, see search_wish. */
struct option_wish {
	const char *name;
	const char *also;    /* what else it is called, separated by blanks */
	const char *help;    /* sentences: what is missing, what comes nearest */
	struct strings near; /* options that come nearest */
};

struct option {
	const char *name;
	const char *menu;     /* "Kernel": the group it is listed under */
	const char *prompt;   /* a few words */
	const char *help;     /* sentences */
	const char *also;     /* words that people search for, separated by blanks; "" for none */
	const char *fallback; /* default value; "" when there is none */
	enum option_type type;
	/* With the key `formats` they are the image formats that can be chosen. */
	VEC(struct option_value) values;
	long low, high;	       /* OPTION_NUMBER */
	bool plain;	       /* OPTION_ADDRESS without prefix; lists of them with OPTION_LIST */
	const char *component; /* OPTION_VERSION: whose version */
	const char *content;   /* OPTION_PATH, OPTION_PATHS: what is there, see plan_paths.c */
	VEC(struct option_alias)
	aliases; /* texts, or words of a list: when there are some, it is one of them ... */
	const char *pattern; /* ... or fits this extended regular expression */
	bool recipes;	     /* its words are packages and groups of them, see package.h */
	bool named; /* OPTION_HASH, OPTION_KEY: several, each behind "NAME:" of a user; OPTION_PATHS: "NAME=" */
	struct guard when;     /* the option counts only when this holds */
	const char *when_text; /* "needs network=static", from `when` */
	const char *question;  /* the wizard's sentence; NULL: not a wizard question */
	long order;	       /* the order of the wizard's questions */
	const char *file;      /* where it is defined */
	int line;
};

/* An impossible combination: if the guard holds, the profile is refused with the reason. */
struct rule {
	struct guard when;
	const char *reason;
	const char *file;
	int line;
};

struct option_table {
	VEC(struct option)
	options; /* in file order, which is also the order in saved profiles and on the screens */
	VEC(const struct option *) of_packages; /* "curl.ssl", sorted by name; behind all others */
	VEC(struct rule) rules;
	VEC(struct rule) advice; /* possible, but worth a warning */
	VEC(struct option_wish) wishes;
};

const struct option *option_find(
	const struct option_table *t, const char *name); /* NULL if unknown */
/* The ith of all, those of packages behind the others; NULL behind the last. */
const struct option *option_at(const struct option_table *t, size_t i);
const char *option_type_name(enum option_type type);

/* The known option name nearest to a misspelt one, NULL if none is near. */
const char *option_nearest(const struct option_table *t, const char *name);

/* What a value means: itself, unless it is an alias. {NAME.meaning} in data. */
const char *option_meaning(const struct option *o, const char *value);

/* Is `value` well-formed for this option? If not, says what is allowed. Does not look at other choices. */
CHECKED bool option_accepts(const struct option *o, const char *value, struct error *err);

/* Of an option with aliases or a pattern: is it one, or does it fit? */
CHECKED bool option_knows(const struct option *o, const char *value, struct error *err);

#endif
