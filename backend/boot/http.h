/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest file server: GET or HEAD of one path, for the guest's fetch check. The guest is untrusted: a request is at most
 * HTTP_REQUEST bytes, an open connection ends with the boot, and at most HTTP_CONNECTIONS are open. It runs in the caller's poll
 * loop: http_poll gives the fds, http_serve does what is possible without waiting.
 */
#ifndef HTTP_H
#define HTTP_H

#include "base/text.h"
#include <poll.h>

enum { HTTP_REQUEST = 4096, HTTP_CONNECTIONS = 8 };

struct http_connection {
	int fd; /* -1: free */
	struct text in, out;
	size_t sent;
};

struct http {
	int listener;	  /* -1: none */
	const char *path; /* "/word" */
	const char *body;
	unsigned served; /* complete answers that contained the file */
	struct http_connection of[HTTP_CONNECTIONS];
};

/* Takes ownership of the listening, non-blocking socket. */
void http_init(struct http *h, int listener, const char *path, const char *body);
void http_release(struct http *h);

/* Fills at most HTTP_CONNECTIONS + 1 entries; returns how many. */
size_t http_poll(const struct http *h, struct pollfd *fds);
void http_serve(struct http *h);

/* The answer to a request's bytes. False: not complete yet. */
bool http_answer(
	const struct http *h, const char *request, size_t len, struct text *answer, bool *found);

#endif
