/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual machine as data: share/machines/ARCH.machine holds the emulator's command line, in words with {names}.
 *
 * What machines have in common they include: `include = pc.machine`.
 *
 *   [machine NAME]
 *   program = the emulator          searched along PATH
 *   kernel                          its file in the results folder
 *   initramfs                       the image format (share/images) that is loaded beside it
 *   memory  = 256                   MiB if neither the profile nor the user says how much
 *   speak-seconds = 5               a guest under KVM that is silent for so long will not start: see boot_attempt.c
 *   nic, root, append, arg, disk, netdev, forward, hint, refuse
 *                                   may be repeated and guarded. The last nic, root and refuse that hold count; append
 *                                   (the kernel command line), arg (the emulator's) and the others add up, in the
 *                                   order of the file
 *   netdev                          the emulator's words for the guest's network; joined by commas they are {netdev}
 *   forward                         names, each perhaps with the port it wants; it gets a port of this machine's
 *                                   loopback device, {port.NAME}, from which connections go to the guest or the emulator.
 *                                   {display.NAME} is the same port as VNC counts
 *   refuse                          why this machine cannot start what these choices make
 *   uefi                            files of UEFI firmware, the first that exists is used; none: this machine has no UEFI
 *   door                            the emulator's words for each further port that the caller wants; they join netdev
 *   announce                        sentences for the person when the guest starts
 *   bridge-helper                   files of the program that attaches a guest to a bridge, the first that exists is used
 *   symbols                         file with the kernel's symbols in the stage of the component that made the kernel
 *   forebode                        sentences for the person before a build: what a test boot of it could not do
 *   hint                            what a person types on this machine while the guest runs
 *   root                            the image format that is the root file system, where there is one
 *   disk                            the emulator's words for each further disk; they come after all of arg
 *   card                            the same for each network card but the first
 *   configuration                   file with the kernel's finished configuration in the stage of the component that made it
 *   card-module, disk-module        `yes` where a driver may be a module; guarded, the last that holds counts
 *   ask-devices, ask-cpus           words for `program` that make it list what it knows
 *   cpu-pattern                     extended regular expression; its last group finds a CPU model in a line of that list, which
 *                                   an empty line ends
 *
 *   [card NAME], [disk NAME], [ability NAME]
 *                                   what the machine can have if the kernel drives it: of cards and disks the first in the
 *                                   file; NAME is the emulator's
 *   needs                           symbols of the kernel's configuration, all of them; A|B: one of these
 *   device                          the emulator's words if they are more than NAME, with {disk-number}
 *   arg                             further words, once
 *   ask     = yes                   not every version of the emulator has it
 *
 *   [medium NAME]                   what firmware can start the machine from, in the order in which they are offered
 *   title                           for people
 *   file    = FORMATS               image formats (share/images) that can be this medium, where the profile makes them; @TRAIT
 *                                   stands for all that have it, the last one first. May be repeated and guarded. All can be
 *                                   tried, and of several the last one is the first choice
 *   lack                            what to do when there is no such file; completes "..., so "
 *   refuse                          why these choices do not start from it; guarded, the last that holds counts
 *   size    = power-of-two, +MIB    it gets a copy that is filled up, for emulators that take no other size, or is larger
 *                                   than the image; guarded, the last that holds counts
 *   path    = EFI/BOOT/X.EFI        {medium-file} is a folder in which the file has this path, for emulators that show one as a
 *                                   disk
 *   arg                             the emulator's words for it; they come after all of the machine's
 *   needs                           symbols that must be compiled in, as above; guarded, they add up
 *
 * Names: all choices; accel, loader (direct, bios, uefi), medium (its name, "kernel" when it is started directly), memory-mib,
 * display (none, window, vnc), gdb, screenshot, symbols (yes or no), symbols-file, link (user, bridge, tap), bridge,
 * bridge-helper, tap-fd; in door: door-host, door-guest; kernel-file, initramfs-file, root-file, medium-file, medium-format,
 * firmware-file, append-doubled (commas doubled, as the emulator wants them in lists), nic, append, netdev, port.NAME, net, host,
 * nameserver, guest, net6, serial-fd, qmp-fd; file.FORMAT of each image that was built; disk-device; in disk: disk-number
 * (from 1; 0: the root), disk-file; in card: card-number (from 2). The facts disk-1, disk-2, ... are the further disks' files,
 * words are further words of the kernel's command line, and appended their names; replaced are the built files that the overlay
 * put others over.
 *
 * What is known of the kernel is in facts too: `configuration` (known, foreseen; not set: nothing), then `kernel.SYMBOL` (y, m or
 * n) of each symbol that the machine names; `card` and `disk-type` (a name or none), `cards-lack` and `disks-lack` (what
 * some of them need), and of each ability yes or no.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "boot/run_boot.h"
#include "choice/facts.h"

/* How the guest is connected: through the emulator's own network, a bridge of this machine, or one made for it. */
enum link { LINK_USER, LINK_BRIDGE, LINK_TAP };

/* Values of facts, and those in events. */
const char *accel_word(enum accel accel);
const char *loader_word(enum loader loader);
const char *display_word(enum display display);
const char *link_word(enum link link);

struct machine_line {
	struct guard guard;
	const char *value;
	const char *file;
	int line;
};

struct machine_lines {
	struct machine_line *at;
	size_t n, cap;
};

/* What the machine can have if the kernel has its driver. */
struct machine_device {
	const char *name, *device; /* device NULL: as its name */
	bool ask, has;		   /* has: the emulator has it; drivers_ask finds out */
	struct strings needs;
	struct machine_lines arg;
};

struct machine_devices {
	struct machine_device *at;
	size_t n, cap;
};

struct machine_medium {
	const char *name, *title, *lack, *path;
	struct machine_lines size, refuse, arg, needs;
	struct machine_lines file; /* one line for each format */
};

struct machine {
	struct arena arena;
	const char *arch, *program, *kernel, *initramfs, *symbols, *configuration, *cpu_pattern;
	long memory, speak_seconds;
	struct machine_lines nic, root, append, arg, disk, card, netdev, door, forward, announce,
		forebode, hint, refuse, card_module, disk_module;
	struct machine_devices cards, disks, abilities;
	VEC(struct machine_medium) media;
	struct strings uefi, bridge_helper, ask_devices, ask_cpus;
};

/* The catalogue knows the formats and traits that guards and media name. */
CHECKED bool machine_load(
	struct machine *m, const struct catalog *c, const char *arch, struct error *err);
void machine_release(struct machine *m);

/* The format of the root file system; NULL if these choices have none. */
const char *machine_root(const struct machine *m, struct facts *facts);

/* NULL: this machine has no such medium. */
const struct machine_medium *machine_medium(const struct machine *m, const char *name);

/* The names of the formats that can be this medium and that these choices make. Strings belong to the
 * machine. */
void medium_formats(const struct machine_medium *medium, struct facts *facts, struct arena *a,
	struct strings *names);

/* How large its copy must be (see `size`); NULL: the file itself is used. The medium's format is known. */
const char *medium_size(const struct machine_medium *medium, struct facts *facts);

/* Why these choices do not start from it; NULL if nothing prevents it. */
const char *medium_refusal(const struct machine_medium *medium, struct facts *facts);

/* The value of the last line whose guard holds; NULL if none does. */
const char *machine_last(const struct machine_lines *lines, struct facts *facts);

/* Why this machine cannot start what these choices make; NULL if it can. */
const char *machine_refusal(const struct machine *m, struct facts *facts);

/* The names that need a port, each perhaps with the port it wants. Strings belong to the
 * machine. */
void machine_forwards(
	const struct machine *m, struct facts *facts, struct arena *a, struct strings *names);

/* The hints whose guards hold, expanded; the ports are known. All live in the arena. */
CHECKED bool machine_hints(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *hints, struct error *err);

/* The same for the announcements at the guest's start. */
CHECKED bool machine_announcements(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *sentences, struct error *err);

/* And before a build. */
CHECKED bool machine_forebodings(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *sentences, struct error *err);

/* The whole command line, program first, with the words of the medium that the fact `medium` names. Also sets the facts `nic`,
 * `append` and `netdev`. */
CHECKED bool machine_argv(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err);

#endif
