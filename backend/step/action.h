/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of actions: what the verbs of a step's lines do. An action runs in the step's own process, with standard output and
 * error going to the step's log and fd 3 carrying progress; it may block, fork and die without harm to the builder.
 *
 *   run ARGV...                          a program; the only place where the host's tools are started
 *   fetch PATH SHA256 SIZE URL...        download to PATH (SHA256 "-": not known and accepted by name; SIZE 0: not known)
 *   unpack ARCHIVE RESULT [PATCH...]     archive -> pristine source tree at RESULT, patched, by rename
 *   merge CONFIG FRAGMENT...             kconfig: fragments (paths, or literal CONFIG_X=y lines) over CONFIG
 *   verify CONFIG SRCTREE FRAGMENT...    kconfig: every asked symbol is in CONFIG as asked, or the error names it and its needs
 *   keep FROM TO...                      copy files or folders into the stage in the making
 *   bring FILE TO                        the same of a file beside the recipe
 *   publish STAGING RESULT               fsync and rename: the unit is there
 *   initramfs FILE COMPRESSION EPOCH     write the unit's tree (struct step_context) as newc
 *   ext4 FILE LABEL SIZE EPOCH [grows]   ... as an ext4 file system of SIZE MiB (or auto), which can be enlarged later
 *   squashfs FILE COMPRESSION EPOCH      ... as a read-only squashfs
 *   part OUT NAME FILE...                the files are a part of the image OUT: for what it weighs
 *   same OUT FILE                        the image OUT holds what the image FILE holds
 *   burn FILE DEVICE                     an image onto a device
 *   reread FILE DEVICE                   does the device hold it?
 *   output FOLDER ...                    results folder: images, manifest, sums, profile, lock
 */
#ifndef ACTION_H
#define ACTION_H

#include "proc/jobserver.h"
#include "plan/plan.h"
#include "tree/tree.h"

struct action_context {
	const struct plan *plan;
	const struct step *step;
	const struct place *place;
	int progress_fd; /* 3, or -1 when nobody listens */
	double *paced;	 /* when progress was last told; NULL: tell all */
	const struct job_share
		*jobs; /* when parallel, the pipe is at JOBSERVER_READ_FD and JOBSERVER_WRITE_FD */
};

typedef bool action_fn(
	const struct action_context *c, const struct strings *args, struct error *err);

struct action_kind {
	const char *verb;
	size_t least; /* arguments at least */
	action_fn *perform;
	int revision; /* of an image's writer: raised when it writes other bytes for the same words, for it is part of the key */
};

const struct action_kind *action_find(const char *verb); /* NULL when unknown */

/* One line to the builder: "action N", "exit STATUS" (of a program), "error KIND SENTENCE", "note SENTENCE" (for the person); a
 * newline is added. */
void action_tell(const struct action_context *c, const char *fmt, ...) FORMAT(2, 3);

/* Writes "progress DONE TOTAL UNIT\n" to the progress fd, at most ten times a second and always at DONE == TOTAL. */
void action_progress(
	const struct action_context *c, uint64_t done, uint64_t total, const char *unit);

action_fn action_run, action_fetch, action_unpack, action_merge, action_verify, action_keep,
	action_publish, action_initramfs, action_ext4, action_squashfs, action_tar, action_oci,
	action_lay, action_disk, action_fat, action_part, action_same, action_burn, action_reread,
	action_settle, action_pe, action_output;

#endif
