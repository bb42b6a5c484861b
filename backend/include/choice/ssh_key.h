/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys for log-in over SSH: public ones as they stand in a line of authorized_keys (RFC 4253 section 6.6, RFC 5656, RFC 8709,
 * and OpenSSH's PROTOCOL.u2f), and a throw-away pair for a test boot.
 */
#ifndef SSH_KEY_H
#define SSH_KEY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

/* Is each of these lines "[OPTIONS] TYPE BASE64 [COMMENT]" with a type that SSH servers accept, and does the key inside state the
 * same type? Empty lines and those that begin with '#' do not count, but one key there has to be. The error is ERROR_PROFILE. */
CHECKED bool ssh_key_accept(const char *lines, struct error *err);
/* The same for lines that begin with the name of a user and a colon; whether there is that user is not looked at. */
CHECKED bool ssh_key_accept_named(const char *lines, struct error *err);

/* A person may name the file instead of typing its line: a value that starts with '/', "./", "../" or "~/" is replaced by the
 * keys in that file, a line each. Any other value is returned unchanged. NULL: the file cannot be read or holds no public key. */
const char *ssh_key_from_file(const char *value, struct arena *a, struct error *err);

/* Makes a new pair (ECDSA P-256): the private key goes into the new file `path`, readable only by its owner; the line for
 * authorized_keys is appended to `line`, without a newline. */
CHECKED bool ssh_key_make(
	const char *path, const char *comment, struct text *line, struct error *err);

#endif
