/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The identifiers in a disk of a virtual machine's own format. qemu-img chooses them at random, so converting the same disk twice
 * gives different files. Here they are replaced by ones made from `seed`; nothing else changes.
 *
 * Formats, by qemu-img's names: vmdk (VMware's "Virtual Disk Format 5.0": the content's number in the embedded description), vdi
 * (VirtualBox's VDICore.h: two UUIDs in the header), vhdx (Microsoft's [MS-VHDX]: two GUIDs in both headers, one in the metadata;
 * the log, which a cleanly closed file does not use, is emptied).
 */
#ifndef VDISK_H
#define VDISK_H

#include "base/error.h"

/* Changes the file in place. An unknown format, or a file of another format, is an error. */
CHECKED bool vdisk_settle(
	const char *path, const char *format, const char *seed, struct error *err);

#endif
