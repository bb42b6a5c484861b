/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A container image in one file: the image layout of the OCI image specification 1.0 (oci-layout, index.json, blobs) as a tar
 * archive, with a manifest.json beside it for programs that know Docker's own form only. One layer, packed with gzip, without
 * device nodes.
 */
#ifndef OCI_H
#define OCI_H

#include "tree/tree.h"

#include <time.h>

struct oci_options {
	const char *name;      /* "first-boot": the image's name, with the tag "latest" */
	const char *os, *arch; /* as GOOS and GOARCH have it: "amd64" */
	const struct strings *command;
	time_t epoch;
	tree_progress *tell;
	void *tell_ctx;
};

/* Parts are put together beside `path`, and are gone afterwards. */
CHECKED bool oci_write(const struct tree *t, const char *path, const struct oci_options *o,
	uint64_t *size, struct error *err);

#endif
