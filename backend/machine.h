/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual machine as data: share/machines/ARCH.machine holds the emulator's command line, in words with {names}.
 *
 *   [machine ARCH]
 *   program = the emulator          searched along PATH
 *   kernel, initramfs               patterns of the file names in the results folder
 *   memory  = 256                   MiB when neither the profile nor the user says how much
 *   speak-seconds = 5               a guest under KVM that says nothing for so long will not start: see boot_attempt.c
 *   nic, append, arg                may be repeated and guarded. The last nic that holds counts; append (the kernel command
 *                                   line) and arg (the emulator's) add up, in the order of the file
 *
 * Names: all choices; accel, loader (direct, bios, uefi), memory-mib, kernel-file, initramfs-file, nic, append, net, host,
 * nameserver, guest, serial-fd, qmp-fd.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include "facts.h"

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

struct machine {
	struct arena arena;
	const char *arch, *program, *kernel, *initramfs;
	long memory, speak_seconds;
	struct machine_lines nic, append, arg;
};

CHECKED bool machine_load(
	struct machine *m, const struct place *p, const char *arch, struct error *err);
CHECKED bool machine_read(struct machine *m, const char *path, struct error *err);
void machine_release(struct machine *m);

/* The whole command line, the program first. Sets the facts `nic` and `append` on the way. */
CHECKED bool machine_argv(const struct machine *m, struct facts *facts, struct arena *a,
	struct strings *argv, struct error *err);

#endif
