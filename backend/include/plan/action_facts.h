/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of actions: the verbs of a step's lines, as far as planning needs to know them. Each row is
 *
 *   ROW(verb, least, revision, function)
 *
 * least: the minimum number of words; revision: of an image's writer, part of the key, raised when it writes other bytes for the
 * same words; function: what performs it (step/action.h), for running steps.
 *
 *   run ARGV...                          a program; the only action that starts the host's tools
 *   fetch PATH SHA256 SIZE URL...        download to PATH (SHA256 "-": not known and accepted by name; SIZE 0: not known)
 *   unpack ARCHIVE RESULT [package] [elf PATTERN]... [into FOLDER ARCHIVE]... [debian ARCHIVE NAME REVISION]
 *          [patch STRIP FILE]...         archive or folder -> pristine source tree at RESULT, patched, by rename
 *   merge CONFIG FRAGMENT...             kconfig: fragments (paths, or literal CONFIG_X=y lines) over CONFIG
 *   verify CONFIG SRCTREE FRAGMENT...    kconfig: every asked symbol is in CONFIG as asked, or the error names it and its needs
 *                                        (in both: words of kconfig_request say whose the following fragments are)
 *   keep FROM TO...                      copy files or folders into the stage in the making
 *   bring FILE TO                        the same of a file beside the recipe
 *   join TO FROM...                      copies stages into one tree
 *   borrow TO --flags WORD... --folder FOLDER... --header NAME... --library NAME... --loader PATH
 *                                        links to this machine's C library: what there is of these header files and libraries
 *   write FILE LINE...                   a file of these lines
 *   licence WHERE FROM TO                a licence text of the source into the stage in the making, named by a recipe's line
 *   licences TO TITLE FROM...            licence texts as one
 *   vet STAGE SYSROOT [IRELATIVE]        refuses a stage with something of this machine, or relocations of this number
 *   publish STAGING RESULT               fsync and rename: the unit is there
 *   initramfs FILE COMPRESSION EPOCH [FIRST]   write the unit's tree as newc, after the archive FIRST of its stages
 *   ext4 FILE LABEL SIZE EPOCH [grows]   ... as an ext4 file system of SIZE MiB (or auto), which can be enlarged later
 *   squashfs FILE COMPRESSION EPOCH      ... as a read-only squashfs
 *   tar FILE COMPRESSION EPOCH           ... as a tar, for people to unpack where they want it
 *   oci FILE NAME OS ARCH EPOCH COMMAND...   ... as a container image that runs the command
 *   lay FOLDER EPOCH FILE                ... as real files in a new folder, for a program that makes the medium FILE from them
 *   trigger FOLDER STAGE TOOL EACH ...   runs programs over a part of the unit's tree, and keeps what they made
 *   fat FILE FOLDER LABEL                a FAT file system with the files of a folder
 *   disk FILE TABLE BOOT-CODE LOADER TYPE NAME FILE...   a disk with one partition for each TYPE NAME FILE
 *   part OUT NAME FILE...                the files are a part of the image OUT: for what it weighs
 *   same OUT FILE                        the image OUT holds what the image FILE holds
 *   burn FILE DEVICE                     an image onto a device
 *   reread FILE DEVICE                   does the device hold it?
 *   pe FILE STUB NAME CONTENT...         a program for firmware to start: STUB plus a section for each NAME CONTENT
 *   settle FILE FORMAT                   makes the identifiers of a virtual machine's disk depend only on the image
 *   output FOLDER ...                    results folder: images, manifest, sums, profile, lock
 */
#ifndef ACTION_FACTS_H
#define ACTION_FACTS_H

#include <stddef.h>

#define ACTION_ROWS(ROW)                       \
	ROW(run, 1, 1, action_run)             \
	ROW(fetch, 4, 1, action_fetch)         \
	ROW(unpack, 2, 1, action_unpack)       \
	ROW(merge, 1, 1, action_merge)         \
	ROW(verify, 2, 1, action_verify)       \
	ROW(keep, 2, 1, action_keep)           \
	ROW(bring, 2, 1, action_keep)          \
	ROW(join, 1, 1, action_join)           \
	ROW(borrow, 6, 1, action_borrow)       \
	ROW(write, 1, 1, action_write)         \
	ROW(licence, 3, 1, action_licence)     \
	ROW(licences, 3, 1, action_licences)   \
	ROW(vet, 2, 1, action_vet)             \
	ROW(publish, 2, 1, action_publish)     \
	ROW(initramfs, 3, 5, action_initramfs) \
	ROW(ext4, 4, 2, action_ext4)           \
	ROW(squashfs, 3, 3, action_squashfs)   \
	ROW(tar, 3, 2, action_tar)             \
	ROW(oci, 6, 2, action_oci)             \
	ROW(lay, 3, 2, action_lay)             \
	ROW(trigger, 4, 1, action_trigger)     \
	ROW(fat, 3, 1, action_fat)             \
	ROW(disk, 5, 2, action_disk)           \
	ROW(part, 3, 1, action_part)           \
	ROW(same, 2, 1, action_same)           \
	ROW(burn, 2, 1, action_burn)           \
	ROW(reread, 2, 1, action_reread)       \
	ROW(pe, 4, 1, action_pe)               \
	ROW(settle, 2, 1, action_settle)       \
	ROW(output, 1, 1, action_output)

#define ACTION_NUMBER(verb, least, revision, function) ACTION_##verb,
enum action_verb { ACTION_ROWS(ACTION_NUMBER) ACTION_VERBS };

struct action_facts {
	const char *word;
	size_t least;
	int revision;
};

/* ACTION_VERBS when there is no such action. */
enum action_verb action_find(const char *word);
const struct action_facts *action_facts(enum action_verb verb);

#endif
