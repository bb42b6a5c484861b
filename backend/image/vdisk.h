/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The identifiers in a disk of a virtual machine's own format. qemu-img makes them up by chance, so that no two files of the same
 * disk are the same; here they are made from `seed`, and the file is what it would be had chance chosen these.
 *
 * Formats, by the name that qemu-img gives them: vmdk (VMware's "Virtual Disk Format 5.0": the content's number in the embedded
 * description), vdi (VirtualBox's VDICore.h: two UUIDs in the header), vhdx (Microsoft's [MS-VHDX]: two GUIDs in both headers,
 * one in the metadata; the log, which a cleanly closed file does not use, is emptied).
 */
#ifndef VDISK_H
#define VDISK_H

#include "base/error.h"

/* Changes the file in place. An unknown format, or a file that is not of it, is an error. */
CHECKED bool vdisk_settle(
	const char *path, const char *format, const char *seed, struct error *err);

#endif
