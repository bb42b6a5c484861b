/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A container image in one file: the image layout of the OCI image specification 1.0 (oci-layout, index.json, blobs) as a tar
 * archive, with a manifest.json for programs that only know Docker's own format. One layer, packed with gzip, without device
 * nodes.
 */
#ifndef OCI_H
#define OCI_H

#include "tree/tree.h"

#include <time.h>

struct oci_options {
	const char *name;      /* "first-boot": the image's name, with the tag "latest" */
	const char *os, *arch; /* in the form of GOOS and GOARCH: "amd64" */
	const struct strings *command;
	time_t epoch;
	tree_progress *tell;
	void *tell_ctx;
};

/* Temporary files are created beside `path`, and removed afterwards. */
CHECKED bool oci_write(const struct tree *t, const char *path, const struct oci_options *o,
	uint64_t *size, struct error *err);

#endif
