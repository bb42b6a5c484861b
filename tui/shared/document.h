/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The open profile: its choices now and as last saved, undo, what does not go together, and the recovery file that lets unsaved
 * changes survive a crash. No curses.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "choice/pairing.h"
#include "shared/recover.h"
#include "shared/undo.h"

#include <time.h>

/* What a person who named no profile begins with. */
#define FIRST_PROFILE "first-boot"

struct document {
	const struct catalog *catalog;
	const struct place *place;
	struct pairings *pairings; /* which versions go together; NULL: not checked */
	struct profile now, saved;
	struct undo undo;
	struct text conflict;	  /* for document_conflict */
	bool unchecked;		  /* it is not known yet, for these choices */
	struct text file;	  /* what its file held when it was read */
	bool has_file, overwrite; /* overwrite: save over the file, although it changed since */
	struct recover_seat seat;
	bool open;
};

CHECKED bool document_open(struct document *d, const char *name_or_path,
	struct error *err);				 /* keeps the old one on failure */
void document_new(struct document *d, const char *name); /* all defaults, never saved */
/* The choices of the profile `base` under a name of their own that no profile has yet, `name` or one made from it. Never
 * saved. */
void document_from(struct document *d, const char *base, const char *name);
void document_release(struct document *d);

/* Changes one choice, NULL: back to the default. Records it for undo and in the recovery file. A value equal to the default
 * clears the choice. */
CHECKED bool document_set(
	struct document *d, const char *name, const char *value, struct error *err);
/* Why the choices cannot be built together; "" if they can. Found when it is asked for, as it asks programs of this machine. */
const char *document_conflict(struct document *d);

const struct change *document_undo(struct document *d); /* NULL: nothing to undo */
const struct change *document_redo(struct document *d);

/* What was chosen, else the default, whether it counts now or is kept aside. */
const char *document_chosen(const struct profile *p, const struct option *o);

bool document_is_dirty(const struct document *d);
/* Saving would do something: there are changes, or no file yet. */
bool document_may_save(const struct document *d);
/* Differs from what was saved. */
bool document_is_changed(const struct document *d, const char *name);
size_t document_count_changes(const struct document *d);
/* "network  dhcp -> static", one line each. */
void document_list_changes(const struct document *d, struct text *out);

/* Was its file changed by somebody else since it was read? `difference` (may be NULL) gets what is new in it. */
bool document_file_changed(const struct document *d, struct text *difference);
/* The process of another session that has the same file open; 0: none. */
long document_other_session(const struct document *d);

/* Remembers it as the one that was worked on last, for the next start; saving does, too. */
void document_work_on(const struct document *d);
/* The file of that one, and when it was; false when there is none. */
bool document_last(const struct place *place, struct text *profile, time_t *when);

bool document_can_save_in_place(const struct document *d); /* is it a file of the user's own? */
CHECKED bool document_save(struct document *d, const char *name,
	struct error *err); /* NULL: in place, else as one of the user's profiles */
bool document_name_is_free(const struct document *d, const char *name);
void document_free_name(const struct document *d,
	struct text *out); /* an unused profile name, derived from the present one */

/* Unsaved changes left by a crash: `name` gets the profile they belong to; false if there are none. */
bool document_find_recovery(const struct place *place, struct text *name);
CHECKED bool document_recover(struct document *d, const char *name, struct error *err);
void document_drop_recovery(const struct place *place, const char *name);
/* The safety copy of this session itself. */
void document_forget_recovery(const struct place *place, const char *name);

/* How a value is displayed: "(not set)" for nothing, "(a password)" for a hash. */
const char *document_show_value(const struct option *o, const char *value);

#endif
